"""Tell citizens without a digital channel over HTTP: calls, letters, receipts."""

from __future__ import annotations

import logging
import re
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring_callbacks
from chalicelib.api.routes import all_routes
from chalicelib.domain.callbacks import CallbackTask, Ending
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.timeline import EntryType
from tests.callback_desk import CallbackDesk
from tests.fakes import an_identity
from tests.http import Answer, Centre

CALLBACKS = "/v1/callbacks"
NAME, LANDLINE, STREET = "Joana Marcada", "(51) 3289-0156", "Rua Marcada, 10"
CHECKED = {"identity_check": "CPF e data de nascimento"}


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def desk(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> CallbackDesk:
    """Put call-backs over fakes behind the application, around its requests and its clock."""
    desk = CallbackDesk(clock=centre.clock, requests=centre.requests)
    monkeypatch.setattr(wiring_callbacks, "callbacks", partial(_given, desk.callbacks))
    monkeypatch.setattr(wiring_callbacks, "callback_lists", partial(_given, desk.lists))
    monkeypatch.setattr(wiring_callbacks, "printing", partial(_given, desk.printing))
    return desk


def filed(centre: Centre, **changes: Any) -> str:
    """Open a request of somebody who has a landline and nothing else."""
    reporter = {"name": NAME, "phone": LANDLINE, **changes.pop("reporter", {})}
    answer = centre.post(
        "/v1/requests",
        {
            "service": "dumping",
            "channel": "phone",
            "description": "Entulho na calçada",
            "place": {"lat": -30.0310, "lon": -51.2280},
            "attributes": {"material": "rubble"},
            "reporter": reporter,
            **changes,
        },
        key="attendant",
    )
    assert answer.status == 201, answer.text
    return str(answer.json["protocol"])


def asked(centre: Centre, protocol: str) -> None:
    centre.order(protocol, "accept", key="DMLU")
    assert centre.order(protocol, "ask", {"question": "Qual o número da casa?"}, key="DMLU").status == 200


def told(desk: CallbackDesk, centre: Centre, protocol: str, kind: str) -> CallbackTask:
    """Let the newest decision be told by people."""
    return desk.told(centre.requests.load(Protocol(protocol)), kind)


def report(centre: Centre, task: CallbackTask, outcome: str, **said: Any) -> Answer:
    return centre.post(f"{CALLBACKS}/{task.task_id}/outcomes", {"outcome": outcome, **said}, key="attendant")


def test_call_backs_are_for_attendants() -> None:
    routes = [route for route in all_routes() if route.path.startswith(CALLBACKS) or "receipt" in route.path]
    assert len(routes) == 7
    for route in routes:
        assert {grant.value for grant in route.access.grants} == {"attendant"}


def test_an_attendant_sees_whom_to_call_and_what_to_say(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre)
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")

    (shown,) = centre.get(CALLBACKS, key="attendant").json["items"]

    assert shown["task_id"] == task.task_id
    assert (shown["kind"], shown["protocol_display"]) == ("question", display_protocol(Protocol(protocol)))
    assert shown["service"]["name"] == "Descarte irregular"
    assert shown["say"] == {"question": "Qual o número da casa?", "answer_by": "22/12/2026"}
    assert "3289" not in str(shown)


def test_the_number_is_shown_to_whoever_opens_the_call_and_that_is_kept(
    centre: Centre, desk: CallbackDesk
) -> None:
    protocol = filed(centre)
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")

    shown = centre.get(f"{CALLBACKS}/{task.task_id}", key="attendant").json

    assert shown["reporter"] == {"name": NAME, "phone": "+555132890156"}
    assert [(one.by, one.action, one.subject) for one in desk.audit.interventions] == [
        ("attendant", "callback_read", protocol)
    ]


def test_every_wrong_field_of_a_report_is_named(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre)
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")

    answer = report(centre, task, "maybe", called_at="yesterday", answer="x" * 3000, what=1)

    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.reasons().keys() >= {"outcome", "called_at", "what"}


def test_a_call_at_the_wrong_time_says_when_the_next_may_be_made(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre)
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")
    centre.clock.advance(hours=10)

    answer = report(centre, task, "no_answer")

    assert (answer.status, answer.json["type"]) == (409, "urn:central156:problem:call-not-due")
    assert answer.json["not_before"] == "2026-11-25T11:00:00Z"


@pytest.mark.parametrize("path", ["unknown", "2632800000000-question-3"])
def test_an_unknown_call_back_is_not_found(centre: Centre, desk: CallbackDesk, path: str) -> None:
    assert centre.get(f"{CALLBACKS}/{path}", key="attendant").status == 404
    assert centre.post(f"{CALLBACKS}/{path}/outcomes", {"outcome": "busy"}, key="attendant").status == 404


def test_a_receipt_is_printed_with_all_that_the_citizen_needs(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre)

    answer = centre.get(f"/v1/requests/{protocol}/receipt", key="attendant")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for wanted in (
        '<html lang="pt-BR">',
        display_protocol(Protocol(protocol)),
        an_identity().access_code(Protocol(protocol)),
        "Descarte irregular",
        "Departamento Municipal de Limpeza Urbana",
        "01/12/2026",
        "size: A5",
        "<svg",
    ):
        assert wanted in answer.text
    assert "<script" not in answer.text
    assert NAME not in answer.text


def test_what_a_citizen_writes_is_only_text_in_a_letter(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre, reporter={"name": "<b>Joana</b>", "address": STREET})
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")
    assert report(centre, task, "wrong_number").json["way"] == "letter"

    page = centre.get(f"{CALLBACKS}/{task.task_id}/letter", key="attendant").text

    assert "&lt;b&gt;Joana&lt;/b&gt;" in page
    assert STREET in page
    assert "Qual o número da casa?" in page
    assert "Responda até: 22/12/2026" in page


def test_a_call_in_vain_is_refused_once_a_letter_is_to_be_written(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre, reporter={"address": STREET})
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")
    report(centre, task, "wrong_number")

    answer = report(centre, task, "busy")

    assert (answer.status, answer.json["type"]) == (409, "urn:central156:problem:callback-ended")


def test_a_letter_leaves_the_list_once_it_is_posted(centre: Centre, desk: CallbackDesk) -> None:
    protocol = filed(centre, reporter={"address": STREET})
    asked(centre, protocol)
    task = told(desk, centre, protocol, "question")
    report(centre, task, "wrong_number")
    (listed,) = centre.get(f"{CALLBACKS}/letters", key="attendant").json["items"]
    assert listed["task_id"] == task.task_id

    answer = centre.post(f"{CALLBACKS}/{task.task_id}/handed-over", {"how": "posted"}, key="attendant")

    assert (answer.status, answer.json["ending"]) == (200, "posted")
    assert centre.get(f"{CALLBACKS}/letters", key="attendant").json["items"] == []


def test_a_citizen_with_only_a_landline_is_asked_answers_is_told_and_contests(
    centre: Centre, desk: CallbackDesk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    protocol = filed(centre)
    asked(centre, protocol)
    question = told(desk, centre, protocol, "question")
    assert report(centre, question, "no_answer").json["not_before"] == "2026-11-24T16:30:00Z"
    centre.clock.advance(hours=2)
    answered = report(centre, question, "reached", answer="Número 42", **CHECKED)
    assert (answered.json["status"], answered.json["ending"]) == ("in_progress", "reached")

    centre.clock.advance(hours=24)
    team = {"team": "T-7", "at": "2026-11-25T12:00:00Z", "lat": -30.0310, "lon": -51.2280}
    resolved = centre.order(protocol, "resolve", {"answer": "Recolhido", "team_record": team}, key="DMLU")
    assert resolved.status == 200, resolved.text
    result = told(desk, centre, protocol, "resolved")
    (shown,) = centre.get(CALLBACKS, key="attendant").json["items"]
    assert shown["say"] == {"answer": "Recolhido", "contest_by": "09/12/2026"}
    contested = report(centre, result, "reached", verdict="contest", reason="O entulho está lá", **CHECKED)
    assert (contested.status, contested.json["status"]) == (200, "queued")

    request = centre.requests.load(Protocol(protocol))
    assert [one.type for one in request.timeline[3:]] == [
        EntryType.QUESTION_DELIVERED,
        EntryType.ANSWERED,
        EntryType.RESOLVED,
        EntryType.RESULT_TOLD,
        EntryType.CONTESTED,
    ]
    assert request.state.generation == 2
    assert [one.ending for one in desk.queue.of(request.protocol)] == [Ending.REACHED, Ending.REACHED]
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert not re.search("Joana|32890156|Número 42|entulho está", logged)
