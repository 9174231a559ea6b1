"""Answers to a service's questions: checked whole, and split into facts and free text."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.attributes import attribute_faults, split_answers
from chalicelib.domain.catalogue import AttributeType
from tests.unit.small_city import DUMPING, a_service, an_attribute, working_days


def faults_of(kind: AttributeType, answer: Any, *choices: str) -> list[str]:
    service = a_service("s", "WASTE", working_days(1), attributes=(an_attribute("a", kind, *choices),))
    return [fault.reason for fault in attribute_faults(service, {"a": answer})]


T = AttributeType


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (T.STRING, "IAB-1234"),
        (T.STRING, "x" * 200),
        (T.TEXT, "x" * 1_000),
        (T.NUMBER, 0),
        (T.NUMBER, -2.5),
        (T.NUMBER, 10**12),
        (T.BOOLEAN, False),
        (T.BOOLEAN, True),
        (T.DATETIME, "2026-01-30T10:00:00-03:00"),
        (T.DATETIME, "2026-01-30T13:00:00Z"),
        (T.SINGLE_VALUE_LIST, "a"),
        (T.MULTI_VALUE_LIST, ["a", "b"]),
    ],
)
def test_an_answer_of_the_right_type_is_accepted(kind: AttributeType, answer: Any) -> None:
    assert faults_of(kind, answer, "a", "b") == []


@pytest.mark.parametrize(
    ("kind", "answer", "reason"),
    [
        (T.STRING, 5, "wrong_type"),
        (T.STRING, "x" * 201, "too_long"),
        (T.TEXT, ["x"], "wrong_type"),
        (T.TEXT, "x" * 1_001, "too_long"),
        (T.NUMBER, "5", "wrong_type"),
        (T.NUMBER, True, "wrong_type"),
        (T.NUMBER, float("nan"), "out_of_range"),
        (T.NUMBER, float("inf"), "out_of_range"),
        (T.NUMBER, 10**400, "out_of_range"),
        (T.BOOLEAN, 1, "wrong_type"),
        (T.BOOLEAN, "true", "wrong_type"),
        (T.DATETIME, "yesterday", "not_a_datetime"),
        (T.DATETIME, 20260130, "not_a_datetime"),
        (T.DATETIME, "2026-01-30T10:00:00", "time_zone_missing"),
        (T.DATETIME, "2026-01-30T10:00:00." + "0" * 100 + "Z", "not_a_datetime"),
        (T.SINGLE_VALUE_LIST, "c", "not_in_list"),
        (T.SINGLE_VALUE_LIST, ["a"], "wrong_type"),
        (T.MULTI_VALUE_LIST, "a", "wrong_type"),
        (T.MULTI_VALUE_LIST, ["a", "c"], "not_in_list"),
        (T.MULTI_VALUE_LIST, ["a", 1], "wrong_type"),
        (T.MULTI_VALUE_LIST, ["a", {}], "wrong_type"),
        (T.MULTI_VALUE_LIST, ["a"] * 3, "too_many"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_reason(kind: AttributeType, answer: Any, reason: str) -> None:
    assert faults_of(kind, answer, "a", "b") == [reason]


@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_a_blank_answer_is_none(blank: Any) -> None:
    (fault,) = attribute_faults(DUMPING, {"material": blank})

    assert (fault.path, fault.reason) == ("attributes.material", "required")
    assert split_answers(DUMPING, {"material": blank, "detail": blank}) == ({}, {})


@pytest.mark.parametrize("answer", [0, False])
def test_zero_and_no_are_answers(answer: Any) -> None:
    facts, _ = split_answers(DUMPING, {"volume": answer})

    assert facts == {"volume": answer}


def test_all_wrong_answers_are_named_at_once_in_a_steady_order() -> None:
    wrong = {"zeal": 1, "volume": "much", "colour": "red", "blocking": "yes"}

    faults = [(fault.path, fault.reason) for fault in attribute_faults(DUMPING, wrong)]

    assert faults == [
        ("attributes.colour", "unknown_attribute"),
        ("attributes.zeal", "unknown_attribute"),
        ("attributes.material", "required"),
        ("attributes.volume", "wrong_type"),
        ("attributes.blocking", "wrong_type"),
    ]


def test_a_refused_choice_says_what_could_be_chosen() -> None:
    (fault,) = attribute_faults(DUMPING, {"material": "gold"})

    assert fault.facts == {"type": "singlevaluelist", "choices": ["rubble", "tyres"]}


def test_free_text_is_private_and_the_rest_decides() -> None:
    facts, texts = split_answers(
        DUMPING, {"material": "tyres", "hazards": ["glass"], "plate": "IAB-1234", "detail": "do Seu José"}
    )

    assert facts == {"material": "tyres", "hazards": ["glass"]}
    assert texts == {"attributes.plate": "IAB-1234", "attributes.detail": "do Seu José"}
