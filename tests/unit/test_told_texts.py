"""What people say and write to a citizen: texts, reasons, days and hours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.call_reports import CallReport
from chalicelib.domain.callbacks import CallbackTask, CallOutcome, Way
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.told_texts import told_texts, told_words
from chalicelib.domain.transitions import Status
from chalicelib.services.callback_lists import Callback
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request, ordered
from tests.callback_desk import ATTENDANT, CallbackDesk, a_command, a_task

CITY = a_catalogue()
REACHED = CallReport(outcome=CallOutcome.REACHED)
NOON = datetime.fromisoformat("2026-11-26T15:00:00+00:00")
"""A Thursday, three working days after the requests were opened."""


def a_task_about(request: ServiceRequest, kind: str, way: Way = Way.CALL) -> CallbackTask:
    return a_task(request.protocol, kind, NOON, seq=request.version, way=way)


def said(request: ServiceRequest, kind: str, way: Way = Way.CALL) -> dict[str, str]:
    return told_words(a_task_about(request, kind, way), request, CITY, NOON)


def test_a_visit_is_told_with_its_day_and_hour_in_the_city() -> None:
    assert said(a_request(Status.SCHEDULED), "scheduled") == {"when": "30/11/2026 10:00"}


def test_a_question_is_put_with_the_day_until_which_to_answer() -> None:
    assert said(a_request(Status.WAITING_CITIZEN), "question") == {
        "question": "Qual o número da casa?",
        "answer_by": "24/12/2026",
    }


def test_a_rejection_is_told_with_its_reason_in_words_and_until_when_to_contest() -> None:
    assert said(a_request(Status.REJECTED), "rejected") == {
        "reason": "trata-se de propriedade particular",
        "answer": "Área particular",
        "legal_basis": "LC 728/2014",
        "contest_by": "10/12/2026",
    }


@pytest.mark.parametrize(
    ("language", "visit", "reason"),
    [
        ("en", "2026-11-30 10:00", "it is private property"),
        ("es", "30/11/2026 10:00", "es propiedad privada"),
    ],
)
def test_a_citizen_is_told_in_his_language(language: str, visit: str, reason: str) -> None:
    draft = a_draft(language=language)

    assert said(a_request(Status.SCHEDULED, draft=draft), "scheduled")["when"] == visit
    assert said(a_request(Status.REJECTED, draft=draft), "rejected")["reason"] == reason


@pytest.mark.parametrize("way", [Way.CALL, Way.COUNTER])
def test_whoever_is_told_in_person_may_contest_from_then_on(way: Way) -> None:
    assert said(a_request(Status.RESOLVED), "resolved", way)["contest_by"] == "10/12/2026"


def test_a_letter_in_the_post_counts_from_the_decision() -> None:
    assert said(a_request(Status.RESOLVED), "resolved", Way.LETTER)["contest_by"] == "07/12/2026"


def test_the_date_that_was_told_stays_what_it_was() -> None:
    desk = CallbackDesk()
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    before = told_words(task, desk.requests.load(task.protocol), CITY, desk.clock.now())

    callback = desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    later = desk.clock.now() + timedelta(days=5)
    assert told_words(callback.task, callback.request, CITY, later) == before


def test_of_what_is_over_no_date_is_told() -> None:
    request = a_request(Status.SCHEDULED)
    task = a_task_about(request, "scheduled")
    moved = ordered(request, orders.Schedule(visit_at=OPENED_AT + timedelta(days=9)))

    assert told_words(task, moved, CITY, NOON) == {}
    assert said(a_request(Status.CLOSED), "resolved") == {"answer": "Recolhido"}


def test_what_is_told_are_the_texts_of_the_decision() -> None:
    asked, rejected = a_request(Status.WAITING_CITIZEN), a_request(Status.REJECTED)

    assert told_texts(a_task_about(asked, "question"), asked) == {"question": "Qual o número da casa?"}
    assert told_texts(a_task_about(rejected, "rejected"), rejected) == {
        "answer": "Área particular",
        "legal_basis": "LC 728/2014",
    }
    assert told_texts(a_task_about(asked, "late"), asked) == {}


@pytest.mark.parametrize(
    ("status", "kind", "lines"),
    [
        (Status.SCHEDULED, "scheduled", ["Data e hora da visita: 30/11/2026 10:00"]),
        (Status.WAITING_CITIZEN, "question", ["Qual o número da casa?", "Responda até: "]),
        (Status.RESOLVED, "resolved", ["Recolhido", "Conteste até: "]),
        (
            Status.REJECTED,
            "rejected",
            [
                "Motivo: trata-se de propriedade particular",
                "Área particular",
                "Fundamento legal: LC 728/2014",
                "Conteste até: ",
            ],
        ),
    ],
)
def test_a_letter_says_why_when_and_until_when(status: Status, kind: str, lines: list[str]) -> None:
    desk, request = CallbackDesk(), a_request(status)

    page = desk.printing.letter(Callback(task=a_task_about(request, kind), request=request), ATTENDANT)

    places = [page.find(line) for line in lines]
    assert -1 not in places
    assert places == sorted(places)
