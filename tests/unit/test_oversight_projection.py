from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import LIVE, Status
from chalicelib.services.oversight_projection import OversightProjection
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.oversight import EscalationLine, LateLine
from tests.builders import PHOTO, a_catalogue, a_draft, a_request, ordered
from tests.fakes import FakeCatalogue, FakeDigestLines, FakeEscalationLog, FakeLateList
from tests.oversight_desk import climbed, decided

L = EscalationLevel


@dataclass(slots=True)
class CountedLateList(FakeLateList):
    """A late list that counts what is written to it."""

    writes: int = 0

    def put(self, line: LateLine) -> None:
        self.writes += 1
        FakeLateList.put(self, line)

    def remove(self, protocol: Protocol) -> None:
        self.writes += 1
        FakeLateList.remove(self, protocol)


@dataclass(slots=True)
class Board:
    """The projection over fakes."""

    log: FakeEscalationLog = field(default_factory=FakeEscalationLog)
    late: CountedLateList = field(default_factory=CountedLateList)
    digests: FakeDigestLines = field(default_factory=FakeDigestLines)

    def sees(self, request: ServiceRequest, before: ServiceRequest | int = 0) -> None:
        """Project one change."""
        version = before if isinstance(before, int) else before.version
        self.projection.follow([Change(before=version, request=request)])

    @property
    def projection(self) -> OversightProjection:
        return OversightProjection(
            log=self.log, late=self.late, digests=self.digests, catalogue=FakeCatalogue(a_catalogue())
        )

    @property
    def lines(self) -> list[EscalationLine]:
        return [line for _, line in sorted(self.log.lines.items())]

    def told(self) -> dict[str, list[str]]:
        return {post: [str(p) for p in self.digests.of(post)] for post in self.digests.posts()}


def late(request: ServiceRequest, to: Iterable[str] = ("city/direction",)) -> ServiceRequest:
    return climbed(request, L.LEVEL_3, to=to)


def test_an_escalation_is_noted_with_the_facts_of_its_moment() -> None:
    board, request = Board(), a_request(Status.IN_PROGRESS)
    after = climbed(request, L.LEVEL_2, skipped=(L.NOTICE, L.LEVEL_1), to=("DMLU/deputy",))
    board.sees(after, request)
    assert board.lines == [
        EscalationLine(
            at=after.updated_at,
            protocol=request.protocol,
            seq=after.version,
            level=L.LEVEL_2,
            skipped=(L.NOTICE, L.LEVEL_1),
            secretariat="DMLU",
            unit="dmlu-centro",
            service="dumping",
            urgency="normal",
            due_at=request.state.due_at,
            to=("DMLU/deputy",),
        )
    ]


def test_an_escalation_keeps_its_holder_although_the_request_went_on_since() -> None:
    board, request = Board(), a_request(Status.IN_PROGRESS)
    up = climbed(request, L.LEVEL_1)
    moved = decided(up, EntryType.CLASSIFIED, secretariat="SMGOV", unit=None)
    board.sees(moved, request)
    assert [line.secretariat for line in board.lines] == ["DMLU"]


def test_only_escalations_of_the_change_are_noted() -> None:
    board, request = Board(), a_request()
    first = climbed(request, L.LEVEL_1)
    board.sees(climbed(first, L.LEVEL_2), first)
    assert [line.level for line in board.lines] == [L.LEVEL_2]


def test_a_reopened_request_is_escalated_by_its_rework_date_and_a_legal_level_by_the_legal_one() -> None:
    board, request = Board(), a_request()
    rework, legal = request.state.due_at + timedelta(days=9), request.state.due_at + timedelta(days=30)
    again = decided(request, EntryType.REOPENED, rework_due_at=rework, legal_due_at=legal)
    up = climbed(again, L.LEVEL_1)
    board.sees(climbed(up, L.LEGAL), request)
    assert [line.due_at for line in board.lines] == [rework, legal]


def test_a_request_at_level_3_is_publicly_late_with_the_date_first_promised() -> None:
    board, request = Board(), a_request()
    board.sees(late(request), request)
    assert list(board.late.listed.values()) == [
        LateLine(
            protocol=request.protocol,
            service="dumping",
            secretariat="DMLU",
            neighbourhood="centro",
            opened_at=request.state.opened_at,
            due_at=request.state.due_at,
        )
    ]


@pytest.mark.parametrize("level", [level for level in L if level is not L.LEVEL_3])
def test_no_other_level_makes_a_request_publicly_late(level: EscalationLevel) -> None:
    board, request = Board(), a_request()
    board.sees(climbed(request, level), request)
    assert board.late.listed == {}


def test_a_level_3_that_came_with_a_legal_breach_is_listed_as_well() -> None:
    board, request = Board(), a_request()
    board.sees(climbed(request, L.LEGAL_BREACH, skipped=(L.LEVEL_3,)), request)
    assert list(board.late.listed) == [request.protocol]


def test_a_confidential_request_is_never_listed() -> None:
    board, request = Board(), a_request(draft=a_draft("noise"))
    board.sees(late(request), request)
    assert board.late.listed == {}
    assert len(board.lines) == 1


def test_a_request_that_becomes_confidential_leaves_the_list() -> None:
    board, request = Board(), late(a_request())
    board.sees(request, request.version - 1)
    board.sees(decided(request, EntryType.CLASSIFIED, confidential=True), request)
    assert board.late.listed == {}


@pytest.mark.parametrize("status", [status for status in Status if status not in LIVE])
def test_a_request_that_is_closed_in_whatever_way_leaves_the_list_and_the_digests(status: Status) -> None:
    board, request = Board(), late(a_request())
    board.sees(request, request.version - 1)
    board.sees(decided(request, EntryType.CLOSED, status=status), request)
    assert (board.late.listed, board.told()) == ({}, {})


def test_a_reopened_request_is_off_the_list_until_it_is_late_again() -> None:
    board, request = Board(), late(a_request(Status.IN_PROGRESS))
    board.sees(request, request.version - 1)
    resolved = ordered(request, orders.Resolve(answer="Feito", photos=(PHOTO,)))
    board.sees(resolved, request)
    again = decided(resolved, EntryType.REOPENED, status=Status.QUEUED, generation=2, escalated=())
    board.sees(again, resolved)
    assert (board.late.listed, board.told()) == ({}, {})
    board.sees(late(again), again)
    assert list(board.late.listed) == [request.protocol]


def test_a_date_moved_by_law_that_takes_the_levels_back_takes_the_request_off_all_lists() -> None:
    board, request = Board(), late(a_request())
    board.sees(request, request.version - 1)
    board.sees(decided(request, EntryType.REDATED, escalated=()), request)
    assert (board.late.listed, board.told()) == ({}, {})


def test_the_list_follows_a_late_request_to_its_new_holder_and_date() -> None:
    board, request = Board(), late(a_request())
    board.sees(request, request.version - 1)
    later = request.state.due_at + timedelta(days=1)
    board.sees(decided(request, EntryType.CLASSIFIED, secretariat="SMGOV", due_at=later), request)
    (line,) = board.late.listed.values()
    assert (line.secretariat, line.due_at) == ("SMGOV", later)


def test_decisions_that_change_nothing_on_the_list_write_nothing_to_it() -> None:
    board, request = Board(), late(a_request(Status.IN_PROGRESS))
    board.sees(request, request.version - 1)
    commented = ordered(request, orders.Comment(comment="Ainda lá"))
    board.sees(commented, request)
    board.sees(decided(commented, EntryType.JUSTIFIED), commented)
    assert board.late.writes == 1


def test_requests_on_time_reach_no_table() -> None:
    board, request = Board(), a_request(Status.RESOLVED)
    board.log.is_down = board.late.is_down = board.digests.is_down = True
    board.sees(request)
    assert board.late.writes == 0


def test_every_post_that_is_told_hears_of_the_request_in_its_digest() -> None:
    board, request = Board(), a_request()
    board.sees(climbed(request, L.LEVEL_1, to=("DMLU/focal_point", "DMLU/head")), request)
    assert board.told() == {"DMLU/focal_point": [request.protocol], "DMLU/head": [request.protocol]}


def test_a_late_request_that_goes_to_another_secretariat_concerns_the_people_there() -> None:
    board, request = Board(), a_request()
    one = climbed(request, L.ACKNOWLEDGEMENT, to=("DMLU/head",))
    two = climbed(one, L.LEVEL_1, to=("DMLU/focal_point", "DMLU/head"))
    board.sees(two, request)
    board.sees(ordered(two, orders.Return(reason="Não é conosco", proposed="SMGOV")), two)
    assert board.told() == {"SMGOV/focal_point": [request.protocol], "SMGOV/head": [request.protocol]}


def test_an_unaccepted_request_handed_to_another_unit_concerns_the_head_there() -> None:
    board, request = Board(), ordered(a_request(), orders.Forward(unit="dmlu-hazards"))
    up = climbed(request, L.ACKNOWLEDGEMENT, to=("DMLU/dmlu-hazards/head",))
    board.sees(up, request)
    assert board.told() == {"DMLU/dmlu-hazards/head": [request.protocol]}
    board.sees(ordered(up, orders.Forward(unit="dmlu-centro")), up)
    assert board.told() == {"DMLU/head": [request.protocol]}


def test_what_was_told_and_closed_in_one_change_leaves_nothing_behind() -> None:
    board, request = Board(), a_request()
    up = late(request)
    board.sees(up, request)
    board.sees(decided(up, EntryType.CLOSED, status=Status.CLOSED), request)
    assert (board.late.listed, board.told()) == ({}, {})


def test_a_change_that_comes_again_changes_nothing() -> None:
    board, request = Board(), a_request()
    up = late(request)
    board.sees(up, request)
    before = (dict(board.log.lines), dict(board.late.listed), board.told())
    board.sees(up, request)
    assert (board.log.lines, board.late.listed, board.told()) == before


def test_a_table_that_does_not_answer_is_told_so_that_the_batch_comes_again() -> None:
    board, request = Board(), a_request()
    board.digests.is_down = True
    with pytest.raises(Unavailable):
        board.sees(late(request), request)
    board.digests.is_down = False
    board.sees(late(request), request)
    assert len(board.lines) == len(board.late.listed) == len(board.told()) == 1
