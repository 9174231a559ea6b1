"""A citizen with only a landline is told by call what others are sent, and whatever he says there counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.opening import calendar_of
from chalicelib.domain.told_hours import morning_after
from infra.catalogue_source import load_city
from infra.clock import local_time
from infra.seeding import CITY
from tests.deployed import RunningSystem
from tests.eventually import eventually
from tests.phone_desk import PhoneDesk
from tests.watched_city import WatchedCity

A_WHILE = 30.0
TO_BE_COUNTED = timedelta(minutes=8)
"""A day of results is counted anew some seven minutes after it changed."""
NAME, NUMBER, WORD = "Marcada Iracema", "32890156", "quizila"
LANDLINE, MOBILE = f"+5551{NUMBER}", "+5551996543217"
SAID = f"Fundos da casa 42, perto da {WORD}."
DUMPED: dict[str, Any] = {
    "service": "descarte-irregular-coleta",
    "channel": "phone",
    "description": f"Entulho na calçada, uma {WORD}.",
    "place": {"lat": -30.0331, "lon": -51.2300, "address": "Rua da Praia, 1560", "neighbourhood": "Centro"},
    "attributes": {"material": ["rubble"]},
    "reporter": {"name": NAME, "phone": "(51) 3289-0156"},
}
ASKED, DONE, DONE_AGAIN = "Qual o número da casa?", "Entulho recolhido.", "Recolhido também o resto."


@dataclass(frozen=True, kw_only=True)
class Story:
    """What the attendants and the secretariat saw, from the filing to the last call."""

    protocol: str
    shown: str
    question: dict[str, Any]
    missed: dict[str, Any]
    calls_after_it: list[dict[str, Any]]
    question_again: dict[str, Any]
    dialled: dict[str, Any]
    answered: dict[str, Any]
    told: dict[str, Any]
    contested: dict[str, Any]
    told_again: dict[str, Any]
    survey: dict[str, Any]


@pytest.fixture(scope="module")
def city(private_system: RunningSystem) -> WatchedCity:
    return WatchedCity(private_system)


@pytest.fixture(scope="module")
def desk(city: WatchedCity) -> PhoneDesk:
    return PhoneDesk(city)


@pytest.fixture(scope="module")
def story(city: WatchedCity, desk: PhoneDesk) -> Story:
    """Let it all happen on a working day, and the survey on the next; nobody is called at other times."""
    city.go_to(working_morning_after(local_time(city.target)))
    opened = city.open_request(DUMPED, "attendant")
    protocol = opened["protocol"]
    city.accept(protocol, "DMLU")
    desk.order(protocol, "ask", {"question": ASKED}, "DMLU")
    question = desk.call_to_make(protocol, "question")
    dialled = desk.dial(question)
    missed = desk.called_in_vain(question)
    calls_after_it = desk.calls(protocol)
    city.go_to(datetime.fromisoformat(missed["not_before"]))
    question_again = desk.call_to_make(protocol, "question")
    desk.reached(question_again, answer=SAID)
    answered = city.request(protocol, "attendant")
    desk.resolve(protocol, DONE, "DMLU")
    told = desk.call_to_make(protocol, "resolved")
    desk.reached(told, verdict="contest", reason=f"A {WORD} ficou lá.")
    contested = city.request(protocol, "attendant")
    city.accept(protocol, "DMLU")
    resolved_at = desk.resolve(protocol, DONE_AGAIN, "DMLU")
    told_again = desk.call_to_make(protocol, "resolved")
    desk.reached(told_again)
    city.go_to(working_morning_after(resolved_at))
    survey = desk.call_to_make(protocol, "survey")
    desk.reached(survey, survey={"overall": 5, "done": "yes"}, comment=f"Sumiu a {WORD}.")
    return Story(
        protocol=protocol,
        shown=opened["protocol_display"],
        question=question,
        missed=missed,
        calls_after_it=calls_after_it,
        question_again=question_again,
        dialled=dialled,
        answered=answered,
        told=told,
        contested=contested,
        told_again=told_again,
        survey=survey,
    )


def test_a_question_is_put_by_call_and_the_answer_brings_the_request_back_to_work(story: Story) -> None:
    assert story.question["say"]["question"] == ASKED
    assert story.question["say"]["answer_by"]
    assert marks_in(story.question) == []
    assert story.dialled == {"name": NAME, "phone": LANDLINE}
    assert story.answered["status"] == "in_progress"
    asked, delivered, answer = story.answered["timeline"][-3:]
    assert [one["type"] for one in (asked, delivered, answer)] == ["asked", "question_delivered", "answered"]
    assert {one["channel"] for one in (delivered, answer)} == {"phone"}
    assert answer["texts"]["answer"] == SAID


def test_a_call_in_vain_comes_back_in_another_part_of_the_day(story: Story) -> None:
    assert story.missed["not_before"] > story.missed["attempts"][0]["at"]
    assert story.calls_after_it == []
    assert story.question_again["task_id"] == story.question["task_id"]
    assert [one["outcome"] for one in story.question_again["attempts"]] == ["no_answer"]


def test_he_contests_the_result_on_the_call_that_tells_it_and_is_told_the_new_one(story: Story) -> None:
    assert story.told["say"]["answer"] == DONE
    assert story.told["say"]["contest_by"]
    assert (story.contested["status"], story.contested["generation"]) == ("queued", 2)
    assert story.contested["rework_due_at"] > story.contested["updated_at"]
    assert story.told_again["say"]["answer"] == DONE_AGAIN
    assert story.told_again["task_id"] != story.told["task_id"]


def test_he_is_surveyed_by_call_about_the_second_result_and_counted(
    city: WatchedCity, desk: PhoneDesk, story: Story
) -> None:
    city.go_forward(TO_BE_COUNTED)
    counted = eventually(lambda: desk.results("attendant")["answers"]["answered"], A_WHILE)

    [survey] = [one for one in desk.surveys(story.protocol) if one["status"] == "answered"]
    assert (survey["generation"], survey["way"], survey["via"]) == (2, "call", "attendant")
    results = desk.results("attendant")
    assert (counted, results["answers"]["distribution"]["5"]) == (1, 1)
    assert results["surveys"] == {
        "resolved": 2,
        "sent": 1,
        "unknown": 0,
        "not_sent": {"reopened": 1},
        "pending": 0,
        "adds_up": True,
    }
    assert desk.results("web")["answers"] is None


def test_nothing_is_written_to_him_and_neither_name_number_nor_words_are_in_any_log(
    city: WatchedCity, story: Story
) -> None:
    by_mobile = DUMPED | {"reporter": {"name": NAME, "phone": MOBILE}}
    neighbours = city.open_request(by_mobile, "attendant")["protocol_display"]
    assert eventually(lambda: city.outbox.numbers_told(neighbours), A_WHILE) == [MOBILE]
    city.settle(A_WHILE)
    lines = city.log_lines()

    assert LANDLINE not in city.outbox.numbers_told("")
    assert city.outbox.mails_with(story.shown) == []
    assert city.request(story.protocol, "attendant").get("contacts", []) == []
    for told in ("call recorded", "notice told", "survey step taken"):
        assert any(told in line for line in lines), told
    assert marks_in([*lines, *city.given_up()]) == []


def working_morning_after(moment: datetime) -> datetime:
    return morning_after(calendar_of(load_city(CITY)), moment, 1) + timedelta(minutes=1)


def marks_in(shown: object) -> list[str]:
    return [mark for mark in (NAME, NUMBER, WORD) if mark in str(shown)]
