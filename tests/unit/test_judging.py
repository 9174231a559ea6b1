"""Which resolutions the centre judges, what it finds, and the list of those that wait."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.audits import open_audits
from chalicelib.domain.errors import ActorNotAllowed, InvalidInput
from chalicelib.domain.judging import is_drawn_for_audit
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolutions
from chalicelib.domain.timeline import fold
from chalicelib.domain.transitions import Status
from chalicelib.domain.verdicts import VerdictKind
from chalicelib.services.acts import CITIZEN
from chalicelib.services.audits import AuditProjection, Audits
from chalicelib.services.ports.delivery import Change
from tests.builders import PHOTO, a_request, ordered
from tests.fake_surveys import FakeAuditList

DRAWN, NOT_DRAWN = bytes(16), bytes(15) + b"\x07"
REVIEWER = Actor(role=Role.REVIEWER, name="rita")


def resolved(seed: bytes = NOT_DRAWN) -> ServiceRequest:
    accepted = a_request(Status.IN_PROGRESS)
    return ordered(accepted, orders.Resolve(answer="Recolhido", photos=(PHOTO,)), seed=seed)


def contested(seed: bytes = NOT_DRAWN) -> ServiceRequest:
    return ordered(resolved(seed), orders.Contest(reason="Não veio ninguém"), by=CITIZEN)


def judged(request: ServiceRequest, **verdict: Any) -> ServiceRequest:
    return ordered(request, orders.Judge(**{"is_false": True, **verdict}), by=REVIEWER)


def test_two_in_a_hundred_resolutions_are_drawn() -> None:
    seeds = [bytes(12) + number.to_bytes(4, "big") for number in range(50_000)]

    assert sum(map(is_drawn_for_audit, seeds)) == 1_000


def test_a_resolution_says_whether_it_is_drawn() -> None:
    assert resolved(DRAWN).state.drawn_for_audit
    assert not resolved().state.drawn_for_audit


def test_what_was_drawn_or_contested_awaits_a_verdict() -> None:
    def kinds(request: ServiceRequest) -> list[tuple[int, str]]:
        return [(audit.generation, audit.kind) for audit in open_audits(request)]

    assert kinds(resolved()) == []
    assert kinds(resolved(DRAWN)) == [(1, VerdictKind.AUDITED)]
    assert kinds(contested()) == kinds(contested(DRAWN)) == [(1, VerdictKind.CONTESTED)]
    assert kinds(judged(contested())) == []


def test_a_contested_refusal_is_no_false_resolution() -> None:
    refused = ordered(a_request(Status.REJECTED), orders.Contest(reason="É rua pública"), by=CITIZEN)

    assert resolutions(refused) == ()


@pytest.mark.parametrize("is_false", [True, False])
def test_the_reviewer_says_whether_it_was_false(is_false: bool) -> None:
    request = judged(resolved(DRAWN), is_false=is_false, note="Foto de outro lugar")

    (verdict,) = request.state.verdicts
    assert (verdict.kind, verdict.generation) == (VerdictKind.AUDITED, 1)
    assert verdict.is_false is is_false
    assert request.state.status is Status.RESOLVED
    assert request.latest_text("note") == "Foto de outro lugar"
    assert len(fold(request.timeline)["verdicts"]) == 1


def test_each_resolution_is_judged_for_itself_and_once() -> None:
    second = ordered(
        ordered(contested(), orders.Accept()),
        orders.Resolve(answer="Agora sim", photos=("second.jpg",)),
        seed=DRAWN,
    )

    newest = judged(second, is_false=False)
    both = judged(newest, generation=1)

    assert [(one.generation, one.kind, one.is_false) for one in both.state.verdicts] == [
        (2, VerdictKind.AUDITED, False),
        (1, VerdictKind.CONTESTED, True),
    ]
    with pytest.raises(InvalidInput) as refusal:
        judged(both)
    assert [fault.reason for fault in refusal.value.faults] == ["not_to_be_judged"]


def test_what_nobody_questions_is_not_judged_and_only_reviewers_judge() -> None:
    with pytest.raises(InvalidInput):
        judged(resolved())
    with pytest.raises(ActorNotAllowed):
        ordered(resolved(DRAWN), orders.Judge(is_false=True), by=Actor(role=Role.ATTENDANT, name="ana"))


def listed(*states: ServiceRequest) -> list[tuple[int, str]]:
    """Let the list follow a request from state to state, each twice."""
    kept, before = FakeAuditList(), 0
    for request in states:
        for _ in range(2):
            AuditProjection(audits=kept).follow([Change(before=before, request=request)])
        before = request.version
    return [(one.generation, one.kind.value) for one in Audits(audits=kept).waiting().items]


def test_the_list_follows_the_requests() -> None:
    drawn = resolved(DRAWN)
    taken_up = ordered(drawn, orders.Contest(reason="Não veio ninguém"), by=CITIZEN)

    assert listed(resolved()) == []
    assert listed(drawn) == [(1, "audited")]
    assert listed(drawn, taken_up) == listed(taken_up) == [(1, "contested")]
    assert listed(drawn, taken_up, judged(taken_up)) == listed(judged(taken_up)) == []


def test_a_page_of_the_list_has_its_limits() -> None:
    audits = Audits(audits=FakeAuditList())

    for limit in (0, 101):
        with pytest.raises(InvalidInput):
            audits.waiting(limit=limit)
