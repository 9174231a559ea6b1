"""Danger is asked about at intake, and a yes is an emergency from the first second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib.domain.catalogue import Catalogue, ScreeningQuestion, Urgency
from chalicelib.domain.intake import intake_faults
from chalicelib.domain.screening import effective_urgency
from tests.unit.small_city import CATALOGUE, DUMPING, a_draft, opened, with_services

NORMAL, URGENT, EMERGENCY = Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY
QUESTIONS = (
    ScreeningQuestion(code="blocked", names={"pt-BR": "Bloqueia a rua?"}, urgency=URGENT),
    ScreeningQuestion(code="burning", names={"pt-BR": "Pega fogo?"}, urgency=EMERGENCY, numbers=("193",)),
)
SCREENED = replace(DUMPING, screening=QUESTIONS)
CITY: Catalogue = with_services(SCREENED)
CALM = {"blocked": False, "burning": False}


@pytest.mark.parametrize(
    ("answers", "faults"),
    [
        (CALM, []),
        ({"blocked": True, "burning": True}, []),
        ({"blocked": False}, [("screening.burning", "required")]),
        ({}, [("screening.blocked", "required"), ("screening.burning", "required")]),
        ({**CALM, "smoke": True}, [("screening.smoke", "unknown_question")]),
    ],
)
def test_every_question_about_danger_needs_its_answer(
    answers: Mapping[str, bool], faults: list[tuple[str, str]]
) -> None:
    found = intake_faults(a_draft(screening=answers), CITY)

    assert [(fault.path, fault.reason) for fault in found] == faults


def test_a_service_that_asks_nothing_takes_no_answer() -> None:
    found = intake_faults(a_draft(screening={"burning": True}), CATALOGUE)

    assert [(fault.path, fault.reason) for fault in found] == [("screening.burning", "unknown_question")]


@pytest.mark.parametrize(
    ("own", "answers", "said", "urgency"),
    [
        (NORMAL, CALM, None, NORMAL),
        (NORMAL, {**CALM, "blocked": True}, None, URGENT),
        (NORMAL, {**CALM, "burning": True}, None, EMERGENCY),
        (NORMAL, {"blocked": True, "burning": True}, None, EMERGENCY),
        (NORMAL, {**CALM, "blocked": True}, EMERGENCY, EMERGENCY),
        (NORMAL, {**CALM, "burning": True}, NORMAL, EMERGENCY),
        (EMERGENCY, {**CALM, "blocked": True}, None, EMERGENCY),
        (URGENT, CALM, NORMAL, URGENT),
        (URGENT, CALM, EMERGENCY, EMERGENCY),
    ],
)
def test_the_highest_urgency_counts(
    own: Urgency, answers: Mapping[str, bool], said: Urgency | None, urgency: Urgency
) -> None:
    assert effective_urgency(replace(SCREENED, urgency=own), answers, said) is urgency


def test_a_yes_opens_an_emergency_and_the_answers_are_kept() -> None:
    answers = {**CALM, "burning": True}

    request = opened(a_draft(screening=answers), catalogue=CITY)

    assert request.state.urgency is EMERGENCY
    assert request.timeline[0].data["screening"] == answers


def test_nothing_is_kept_where_nothing_was_asked() -> None:
    assert "screening" not in opened().timeline[0].data
