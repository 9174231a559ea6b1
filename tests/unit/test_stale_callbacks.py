"""What need not be told any more leaves the lists: visits that were moved, surveys that are over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.call_reports import still_matters
from chalicelib.domain.callbacks import Ending, Way
from chalicelib.domain.people import Channel
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import SurveyRecord, SurveyStatus
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.builders import OPENED_AT, PHOTO, a_request, ordered
from tests.callback_desk import ATTENDANT, CallbackDesk, a_task
from tests.fakes import NOW

RESOLVE = orders.Resolve(answer="Recolhido", photos=(PHOTO,))


@pytest.fixture
def desk() -> CallbackDesk:
    return CallbackDesk()


def moved(request: ServiceRequest) -> ServiceRequest:
    return ordered(request, orders.Schedule(visit_at=OPENED_AT + timedelta(days=9)))


def resolved(request: ServiceRequest) -> ServiceRequest:
    return ordered(request, RESOLVE)


def cancelled(request: ServiceRequest) -> ServiceRequest:
    return ordered(request, orders.Cancel(reason="Já foi feito"))


@pytest.mark.parametrize("overtake", [moved, resolved, cancelled])
def test_a_visit_that_was_overtaken_is_withdrawn(
    desk: CallbackDesk, overtake: Callable[[ServiceRequest], ServiceRequest]
) -> None:
    request = a_request(Status.SCHEDULED)
    task = desk.told(request, "scheduled")
    assert [one.task for one in desk.lists.due(ATTENDANT).items] == [task]
    desk.requests.save(overtake(request), seen_version=request.version)

    assert desk.lists.due(ATTENDANT).items == ()
    assert desk.queue.find(task.task_id).ending is Ending.WITHDRAWN


def test_the_letter_of_a_visit_that_was_moved_is_withdrawn(desk: CallbackDesk) -> None:
    request = a_request(Status.SCHEDULED)
    desk.requests.add(request)
    desk.queue.add(a_task(request.protocol, "scheduled", NOW, seq=request.version, way=Way.LETTER))
    desk.requests.save(moved(request), seen_version=request.version)

    assert desk.lists.letters(ATTENDANT).items == ()


def test_the_visit_that_replaced_another_is_still_told() -> None:
    request = moved(a_request(Status.SCHEDULED))

    assert still_matters(a_task(request.protocol, "scheduled", NOW, seq=request.version), request, NOW)


@pytest.mark.parametrize("kind", ["survey", "survey_reminder"])
def test_the_survey_of_a_result_that_was_reopened_is_withdrawn(desk: CallbackDesk, kind: str) -> None:
    request = a_request(Status.RESOLVED)
    task = desk.told(request, kind, generation=1)
    assert [one.task for one in desk.lists.due(ATTENDANT).items] == [task]
    reopened = ordered(request, orders.Reopen(reason="Voltou"))
    desk.requests.save(reopened, seen_version=request.version)

    assert desk.lists.due(ATTENDANT).items == ()
    assert desk.queue.find(task.task_id).ending is Ending.WITHDRAWN


@pytest.mark.parametrize(
    ("status", "generation", "matters"),
    [
        (Status.RESOLVED, 1, True),
        (Status.CLOSED, 1, True),
        (Status.CLOSED, 2, False),
        (Status.CANCELLED, 1, False),
        (Status.DUPLICATE, 1, False),
    ],
)
def test_a_survey_is_about_a_result_that_stands(status: Status, generation: int, matters: bool) -> None:
    request = a_request(status)

    task = a_task(request.protocol, "survey", NOW, generation=generation)
    assert still_matters(task, request, NOW) is matters


@pytest.mark.parametrize(("status", "is_listed"), [(SurveyStatus.SENT, True), (SurveyStatus.ANSWERED, False)])
def test_a_survey_that_was_answered_by_another_way_is_withdrawn(
    desk: CallbackDesk, status: SurveyStatus, is_listed: bool
) -> None:
    request = a_request(Status.CLOSED)
    task = desk.told(request, "survey", generation=1)
    desk.kept_surveys.open(a_survey(request, status))

    assert bool(desk.lists.due(ATTENDANT).items) is is_listed
    assert desk.queue.find(task.task_id).is_open is is_listed


def a_survey(request: ServiceRequest, status: SurveyStatus) -> SurveyRecord:
    at = next(entry.at for entry in request.timeline if entry.type is EntryType.RESOLVED)
    return SurveyRecord(
        protocol=request.protocol,
        generation=1,
        channel=Channel.PHONE,
        service=request.state.service,
        secretariat=request.state.secretariat,
        resolved_at=at,
        day=at.date(),
        at=at,
        status=status,
    )
