"""Protocols for paper: unpredictable, of their own range, given out once, and recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.intake import PaperDraft
from chalicelib.domain.paper import MOST_ALLOCATED, PaperProtocol, paper_faults
from chalicelib.domain.protocols import (
    NUMBERS,
    PAPER_NUMBERS_FROM,
    Protocol,
    compose_protocol,
    day_of,
    online_number,
    paper_number,
    parse_protocol,
)
from chalicelib.services.paper_allocation import PaperAllocation
from tests.builders import a_catalogue, a_request
from tests.fake_calamities import FakePaper
from tests.fakes import (
    NOW,
    FakeAudit,
    FakeCatalogue,
    FakeClock,
    FakeRequests,
    SeededRandomness,
    an_identity,
)

DAY = date(2026, 11, 26)
CALENDAR = Calendar(timezone="America/Sao_Paulo")
A_PAPER = PaperProtocol(protocol=Protocol("2633099000015"), batch="one", day=DAY, by="operator", at=NOW)
ENTERED_AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


@dataclass(slots=True)
class Desk:
    """The allocation over fakes."""

    paper: FakePaper = field(default_factory=FakePaper)
    requests: FakeRequests = field(default_factory=FakeRequests)
    audit: FakeAudit = field(default_factory=FakeAudit)
    randomness: SeededRandomness = field(default_factory=SeededRandomness)

    @property
    def service(self) -> PaperAllocation:
        return PaperAllocation(
            paper=self.paper,
            requests=self.requests,
            catalogue=FakeCatalogue(a_catalogue()),
            identity=an_identity(),
            audit=self.audit,
            clock=FakeClock(),
            randomness=self.randomness,
        )


@given(st.integers(0, 2**64 - 1))
def test_no_other_request_gets_a_number_of_the_range_of_paper(number: int) -> None:
    assert 0 <= online_number(number) < PAPER_NUMBERS_FROM <= paper_number(number) < NUMBERS


def test_a_batch_is_of_its_day_and_every_protocol_differs() -> None:
    desk = Desk()

    batch = desk.service.allocate(200, DAY, "operator")

    assert len(set(batch.protocols)) == 200
    assert {day_of(protocol) for protocol in batch.protocols} == {DAY}
    assert [parse_protocol(protocol) for protocol in batch.protocols] == list(batch.protocols)
    numbers = [int(protocol[5:12]) for protocol in batch.protocols]
    assert numbers != sorted(numbers)
    assert desk.paper.allocated[batch.protocols[0]] == PaperProtocol(
        protocol=batch.protocols[0], batch=batch.batch, day=DAY, by="operator", at=NOW
    )


def test_who_asked_for_how_many_is_recorded() -> None:
    desk = Desk()

    batch = desk.service.allocate(3, DAY, "operator")

    (recorded,) = desk.audit.interventions
    assert (recorded.by, recorded.subject) == ("operator", batch.batch)
    assert recorded.facts == {"count": 3, "day": "2026-11-26"}


def test_two_batches_of_a_day_share_no_protocol() -> None:
    desk = Desk()

    one, two = desk.service.allocate(50, DAY, "operator"), desk.service.allocate(50, DAY, "operator")

    assert one.batch != two.batch
    assert not set(one.protocols) & set(two.protocols)


def test_what_is_allocated_or_used_already_is_passed_over() -> None:
    first = Desk().service.allocate(2, DAY, "operator").protocols
    desk = Desk(paper=FakePaper({first[0]: A_PAPER}))
    desk.requests.add(a_request(number=int(first[1][5:12]), opened_at=datetime(2026, 11, 26, 12, tzinfo=UTC)))
    assert first[1] in desk.requests.items

    again = desk.service.allocate(2, DAY, "operator").protocols

    assert not set(first) & set(again)


@pytest.mark.parametrize(
    ("count", "day", "by", "paths"),
    [
        (0, DAY, "operator", ["count"]),
        (MOST_ALLOCATED + 1, DAY, "", ["count", "by"]),
        (1, NOW.date() - timedelta(days=61), "operator", ["day"]),
        (1, NOW.date() + timedelta(days=367), "operator", ["day"]),
    ],
)
def test_a_batch_of_nothing_or_far_off_or_of_nobody_is_refused(
    count: int, day: date, by: str, paths: list[str]
) -> None:
    desk = Desk()

    with pytest.raises(InvalidInput) as refused:
        desk.service.allocate(count, day, by)

    assert [fault.path for fault in refused.value.faults] == paths
    assert (desk.paper.allocated, desk.audit.interventions) == ({}, [])


@pytest.mark.parametrize(
    ("received_at", "reason"),
    [
        (datetime(2026, 11, 26, 3, tzinfo=UTC), None),  # the first minute of the day in Porto Alegre
        (ENTERED_AT, None),
        (datetime(2026, 11, 26, 2, 59, tzinfo=UTC), "out_of_range"),
        (ENTERED_AT + timedelta(minutes=6), "in_the_future"),
        (datetime(2026, 11, 26, 12), "time_zone_missing"),  # noqa: DTZ001
    ],
)
def test_paper_was_received_between_the_day_of_its_protocol_and_now(
    received_at: datetime, reason: str | None
) -> None:
    draft = PaperDraft(protocol=A_PAPER.protocol, received_at=received_at, allowed_by="Coordenação")

    found = {
        fault.path: fault.reason
        for fault in paper_faults(draft, allocated=A_PAPER, calendar=CALENDAR, now=ENTERED_AT)
    }

    assert found == ({"paper.received_at": reason} if reason else {})


@pytest.mark.parametrize(("days", "refused"), [(60, False), (61, True)])
def test_paper_of_more_than_sixty_days_ago_is_no_outage(days: int, refused: bool) -> None:
    draft = PaperDraft(
        protocol=A_PAPER.protocol, received_at=datetime(2026, 11, 26, 15, tzinfo=UTC), allowed_by="Ana"
    )

    found = list(paper_faults(draft, A_PAPER, CALENDAR, draft.received_at + timedelta(days=days)))

    assert bool(found) is refused


@pytest.mark.parametrize(("allowed_by", "reason"), [(" ", "required"), ("x" * 121, "too_long")])
def test_somebody_must_have_allowed_it(allowed_by: str, reason: str) -> None:
    draft = PaperDraft(protocol=A_PAPER.protocol, received_at=ENTERED_AT, allowed_by=allowed_by)

    (fault,) = paper_faults(draft, A_PAPER, CALENDAR, ENTERED_AT)

    assert (fault.path, fault.reason) == ("paper.allowed_by", reason)


def test_the_protocols_of_a_day_are_those_of_its_number() -> None:
    assert compose_protocol(DAY, paper_number(0))[:12] == "263309900000"
