"""Answers to surveys: who may give them, that one wins, and what follows from "not done"."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.errors import (
    InvalidInput,
    LinkExpired,
    LinkUnknown,
    LinkUsed,
    Unavailable,
)
from chalicelib.domain.people import SYSTEM, Role
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.surveys import Done, SurveyReason, SurveyStatus, Via
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.services.acts import CITIZEN, Acts
from chalicelib.services.ports.notices import SurveyStep
from chalicelib.services.survey_consequences import NOT_DONE, Consequence
from tests.builders import a_request, ordered
from tests.fake_access import some_links
from tests.fakes import FakeRequests
from tests.survey_desk import SurveyDesk, a_survey_token, an_answer


@pytest.fixture
def desk() -> SurveyDesk:
    return SurveyDesk()


def contests(desk: SurveyDesk, request: ServiceRequest) -> list[str]:
    timeline = desk.stored(request).timeline
    return [entry.actor.role.value for entry in timeline if entry.type is EntryType.CONTESTED]


def test_what_the_citizen_answers_by_his_link_is_kept(desk: SurveyDesk) -> None:
    request = desk.asked()

    desk.answer(overall=4, quality=3, reasons=(SurveyReason.QUICK,), comment="Vieram logo")

    record = desk.record(request)
    assert record.answers is not None
    assert (record.status, record.via) == (SurveyStatus.ANSWERED, Via.LINK)
    assert (record.answers.overall, record.answers.quality, record.answers.deadline) == (4, 3, None)
    assert record.private["comment"].value == "Vieram logo"
    assert "Vieram" not in repr(dataclasses.replace(record, private={}))


def test_a_second_answer_finds_the_link_used(desk: SurveyDesk) -> None:
    desk.asked()
    desk.answer(overall=5)

    with pytest.raises(LinkUsed):
        desk.answer(overall=1)
    with pytest.raises(LinkUsed):
        desk.answers.opened(desk.token())


def test_of_two_tabs_at_once_one_wins(desk: SurveyDesk) -> None:
    request, token = desk.asked(), desk.token()

    def answer(overall: int) -> int | None:
        try:
            desk.answer(token, overall=overall)
        except LinkUsed:
            return None
        return overall

    with ThreadPoolExecutor(4) as tabs:
        taken = [overall for overall in tabs.map(answer, (1, 2, 3, 4)) if overall]

    answers = desk.record(request).answers
    assert answers is not None
    assert taken == [answers.overall]


def test_a_link_opens_until_fourteen_days_have_passed(desk: SurveyDesk) -> None:
    desk.asked()
    desk.clock.advance(days=14)
    desk.answers.opened(desk.token())

    desk.clock.advance(seconds=1)

    with pytest.raises(LinkExpired):
        desk.answer()


def test_links_that_are_not_ours_or_for_something_else_are_unknown(desk: SurveyDesk) -> None:
    request, now = desk.asked(), desk.clock.now()
    token = desk.token()
    other = some_links().issue(
        LinkClaim(purpose=LinkPurpose.REQUEST, protocol=request.protocol, number=1, issued_at=now)
    )
    unsent = desk.resolved(a_request())
    edited = token[:-3] + ("AAA" if not token.endswith("AAA") else "BBB")

    for wrong in (
        edited,
        "s" + other[1:],
        a_survey_token(request.protocol, 2, now),
        a_survey_token(unsent.protocol, 1, now),
    ):
        with pytest.raises(LinkUnknown):
            desk.answer(wrong)


def test_a_survey_that_was_never_sent_cannot_be_answered(desk: SurveyDesk) -> None:
    request = desk.resolved(a_request(person_key=None))
    desk.start(request)

    with pytest.raises(LinkUnknown):
        desk.answer(a_survey_token(request.protocol, 1, desk.clock.now()))


def test_a_survey_whose_fate_is_unknown_can_be_answered(desk: SurveyDesk) -> None:
    desk.email.loses_answers = 1
    request = desk.asked()

    desk.answer()

    assert desk.record(request).status is SurveyStatus.ANSWERED


def test_after_a_cancellation_the_link_is_over(desk: SurveyDesk) -> None:
    request = desk.asked()
    reopened = ordered(request, orders.Reopen(reason="Continua lá"))
    cancelled = ordered(reopened, orders.Cancel(reason="Desisto", identity_check="CPF"))
    desk.requests.save(cancelled, seen_version=request.version)

    with pytest.raises(LinkExpired):
        desk.answer()


@pytest.mark.parametrize(
    ("answers", "path"),
    [({"overall": 0}, "overall"), ({"quality": 6}, "quality"), ({"comment": "x" * 1_001}, "comment")],
)
def test_what_cannot_be_an_answer_is_refused_and_the_link_stays_good(
    desk: SurveyDesk, answers: dict[str, Any], path: str
) -> None:
    desk.asked()

    with pytest.raises(InvalidInput) as refusal:
        desk.answer(**answers)

    assert [fault.path for fault in refusal.value.faults] == [path]
    desk.answer()


def test_not_done_reopens_at_once_in_the_citizens_name(desk: SurveyDesk) -> None:
    request = desk.asked()

    answered = desk.answer(done=Done.NO, comment="Não veio ninguém", allows_contact=True)

    stored = desk.stored(request)
    assert answered.consequence is Consequence.REOPENED
    assert (stored.state.status, stored.state.generation) == (Status.QUEUED, 2)
    assert contests(desk, request) == [Role.CITIZEN.value]
    assert stored.latest_text("reason") == f"{NOT_DONE} Não veio ninguém"
    assert desk.waiting(SurveyStep.SETTLE) == []


def test_without_consent_the_comment_stays_out_of_the_request(desk: SurveyDesk) -> None:
    request = desk.asked()

    desk.answer(done=Done.NO, comment="Não veio ninguém")

    assert desk.stored(request).latest_text("reason") == NOT_DONE


@pytest.mark.parametrize("done", [Done.YES, Done.PARTLY])
def test_what_was_done_stays_resolved(desk: SurveyDesk, done: Done) -> None:
    request = desk.asked()

    assert desk.answer(done=done).consequence is Consequence.RECORDED
    assert desk.stored(request).state.status is Status.RESOLVED


def test_after_the_window_not_done_is_kept_and_offers_a_linked_request(desk: SurveyDesk) -> None:
    request = desk.asked()
    closed = request.with_decision(EntryType.CLOSED, _system(desk), {"status": Status.CLOSED})
    desk.requests.save(closed, seen_version=request.version)

    answered = desk.answer(done=Done.NO)

    assert answered.consequence is Consequence.MAY_OPEN_LINKED
    assert (contests(desk, request), desk.record(request).status) == ([], SurveyStatus.ANSWERED)


def test_who_contested_before_he_answered_is_not_reopened_twice(desk: SurveyDesk) -> None:
    request = desk.asked()
    contested = ordered(request, orders.Contest(reason="Não foi feito"), by=CITIZEN, at=desk.clock.now())
    desk.requests.save(contested, seen_version=request.version)

    assert desk.answer(done=Done.NO).consequence is Consequence.REOPENED
    assert len(contests(desk, request)) == 1


def test_killed_after_the_answer_the_reopening_is_made_good_by_a_notice(desk: SurveyDesk) -> None:
    request = desk.asked()
    token = desk.token()
    desk.requests.is_down = False
    answers = desk.answers
    broken = dataclasses.replace(
        answers, consequences=dataclasses.replace(desk.consequences, acts=_down(desk))
    )
    with pytest.raises(Unavailable):
        broken.by_link(token, an_answer(done=Done.NO))
    ((due_at, notice),) = desk.waiting(SurveyStep.SETTLE)
    assert due_at == desk.clock.now() + timedelta(minutes=5)

    for _ in range(2):
        desk.consequences.settle(notice.protocol, notice.generation)

    assert len(contests(desk, request)) == 1


def _system(desk: SurveyDesk) -> Act:
    return Act(by=SYSTEM, at=desk.clock.now())


def _down(desk: SurveyDesk) -> Acts:
    return dataclasses.replace(desk.acts, requests=FakeRequests(is_down=True))
