"""Surveys while processes are killed, providers are down and time passes: sent once, or unknown."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Medium
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.surveys import NotSentReason, SurveyStatus, SurveyWay
from chalicelib.services.ports.notices import SendStatus, SurveyStep
from tests.builders import ordered
from tests.escalated import MARKED
from tests.survey_desk import SurveyDesk


@pytest.fixture
def desk() -> SurveyDesk:
    return SurveyDesk()


@pytest.mark.parametrize("writes", [0, 1])
def test_killed_before_anything_was_sent_it_is_sent_by_the_next_try_once(
    desk: SurveyDesk, writes: int
) -> None:
    request = desk.resolved()
    desk.store.breaks_after = writes
    with pytest.raises(Unavailable):
        desk.start(request)
    desk.store.breaks_after = None

    record = desk.start(request)

    assert record is not None
    assert record.status is SurveyStatus.SENT
    assert len(desk.messages) == 1


def test_killed_between_sending_and_marking_it_is_unknown_and_never_sent_again(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.email.loses_answers = 1
    desk.start(request)

    again = desk.start(request)

    assert again is not None
    assert again.status is SurveyStatus.UNKNOWN
    assert len(desk.messages) == 1
    assert {one.status for one in desk.sends.of(request.protocol)} == {SendStatus.CLAIMED}


def test_killed_after_the_claim_it_is_unknown_and_never_sent(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.start(request)
    (sent,) = desk.sends.of(request.protocol)
    desk.sends.kept = {
        key: dataclasses.replace(sent, status=SendStatus.CLAIMED, provider_id=None) for key in desk.sends.kept
    }
    record = desk.record(request)
    desk.store.kept[request.protocol, 1] = dataclasses.replace(
        record, status=SurveyStatus.DUE, sent_at=None, expires_at=None, medium=None
    )
    desk.email.sent.clear()

    again = desk.start(request)

    assert again is not None
    assert again.status is SurveyStatus.UNKNOWN
    assert desk.messages == []


def test_who_prefers_another_medium_after_the_crash_is_not_asked_there_as_well(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.store.breaks_after = 1
    with pytest.raises(Unavailable):
        desk.start(request)
    desk.store.breaks_after = None
    desk.preferences.chosen = Preferences(medium=Medium.SMS)

    record = desk.start(request)

    assert record is not None
    assert (record.status, record.medium) == (SurveyStatus.SENT, SurveyWay.EMAIL)
    assert desk.messages == [MARKED["email"]]


def test_a_provider_that_is_down_is_asked_again_and_nothing_is_lost(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.email.is_down = True
    with pytest.raises(Unavailable):
        desk.start(request)
    assert desk.record(request).status is SurveyStatus.DUE
    desk.email.is_down = False

    record = desk.start(request)

    assert record is not None
    assert record.status is SurveyStatus.SENT
    assert len(desk.messages) == 1


def test_whoever_was_not_asked_after_all_may_be_asked_about_the_next(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.email.is_down = True
    with pytest.raises(Unavailable):
        desk.start(request)
    assert desk.reservations.kept
    desk.requests.save(ordered(request, orders.Reopen(reason="Voltou")), seen_version=request.version)

    record = desk.surveys.start(request.protocol, 1)

    assert record is not None
    assert (record.status, record.reason) == (SurveyStatus.NOT_SENT, NotSentReason.REOPENED)
    assert not desk.reservations.kept


def test_who_does_not_answer_is_reminded_once_after_five_days(desk: SurveyDesk) -> None:
    request = desk.asked()
    ((due_at, notice),) = desk.waiting(SurveyStep.REMIND)
    assert due_at == desk.clock.now() + timedelta(days=5)
    desk.clock.time = due_at

    for _ in range(2):
        desk.surveys.remind(notice.protocol, notice.generation)

    assert len(desk.messages) == 2
    assert desk.record(request).reminded_at == due_at


def test_nobody_is_reminded_of_what_he_answered(desk: SurveyDesk) -> None:
    request = desk.asked()
    desk.answer()
    desk.clock.advance(days=5)

    desk.surveys.remind(request.protocol, 1)

    assert len(desk.messages) == 1


def test_nobody_is_reminded_of_what_is_worked_on_again_or_unknown(desk: SurveyDesk) -> None:
    request = desk.asked()
    record = desk.record(request)
    desk.store.kept[request.protocol, 1] = dataclasses.replace(record, status=SurveyStatus.UNKNOWN)
    desk.surveys.remind(request.protocol, 1)
    desk.store.kept[request.protocol, 1] = record
    reopened = ordered(request, orders.Reopen(reason="Continua lá"))
    desk.requests.save(reopened, seen_version=request.version)

    desk.surveys.remind(request.protocol, 1)

    assert len(desk.messages) == 1


def test_a_survey_expires_by_time_alone(desk: SurveyDesk) -> None:
    record = desk.record(desk.asked())
    assert record.expires_at is not None

    assert record.status_at(record.expires_at) is SurveyStatus.SENT
    assert record.status_at(record.expires_at + timedelta(seconds=1)) is SurveyStatus.EXPIRED
