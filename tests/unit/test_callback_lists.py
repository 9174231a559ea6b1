"""Whom attendants are shown to call now, and what is printed for them."""

from __future__ import annotations

import pytest

from chalicelib.domain import orders
from chalicelib.domain.call_reports import CallReport
from chalicelib.domain.callbacks import CallOutcome, Ending
from chalicelib.domain.transitions import Status
from tests.builders import a_draft, a_request, ordered
from tests.callback_desk import ATTENDANT, CallbackDesk, a_command

NO_ANSWER = CallReport(outcome=CallOutcome.NO_ANSWER)


@pytest.fixture
def desk() -> CallbackDesk:
    return CallbackDesk()


def test_the_list_shows_the_calls_to_make_now_the_longest_waiting_first(desk: CallbackDesk) -> None:
    later = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    desk.clock.advance(hours=-2)
    sooner = desk.told(a_request(Status.RESOLVED), "resolved")
    desk.clock.advance(hours=2)

    assert [one.task for one in desk.lists.due(ATTENDANT).items] == [sooner, later]


def test_at_night_nobody_is_listed(desk: CallbackDesk) -> None:
    desk.told(a_request(Status.WAITING_CITIZEN), "question")
    desk.clock.advance(hours=10)

    assert not desk.lists.due(ATTENDANT).items


def test_a_call_in_a_part_of_the_day_already_tried_is_not_listed(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    desk.callbacks.record(task.task_id, NO_ANSWER, ATTENDANT, a_command())
    desk.clock.advance(hours=24)

    assert not desk.lists.due(ATTENDANT).items
    desk.clock.advance(hours=3)
    assert [one.task.task_id for one in desk.lists.due(ATTENDANT).items] == [task.task_id]


def test_a_question_that_was_answered_otherwise_is_withdrawn(desk: CallbackDesk) -> None:
    request = a_request(Status.WAITING_CITIZEN)
    task = desk.told(request, "question")
    answered = ordered(request, orders.Answer(answer="42"))
    desk.requests.save(answered, seen_version=request.version)

    assert not desk.lists.due(ATTENDANT).items
    assert desk.queue.find(task.task_id).ending is Ending.WITHDRAWN


def test_a_receipt_speaks_the_citizens_language_and_hides_nothing_he_needs(desk: CallbackDesk) -> None:
    request = a_request(draft=a_draft(language="en"))
    desk.requests.add(request)

    page = desk.printing.receipt(request.protocol, ATTENDANT)

    assert '<html lang="en">' in page
    assert "Dumping" in page
    assert "<svg" in page
    assert "<script" not in page
    assert [one.action for one in desk.audit.interventions] == ["receipt_printed"]
