"""Who is asked how satisfied he is: every combination of what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.surveys import (
    Eligible,
    NotSent,
    NotSentReason,
    SurveyFacts,
    draw_of,
    eligibility,
)
from tests.builders import OPENED_AT

REASONS_IN_ORDER = (
    ("is_surveyed_already", True, "already_surveyed"),
    ("is_duplicate", True, "duplicate"),
    ("is_resolved", False, "reopened"),
    ("is_anonymous", True, "anonymous"),
    ("is_erased", True, "erased"),
    ("is_reachable", False, "unreachable"),
    ("is_opted_out", True, "opted_out"),
    ("is_drawn", False, "not_sampled"),
    ("is_surveyed_lately", True, "fatigue"),
)
"""Each fact, the value of it that speaks against asking, and the reason that is recorded then."""
NAMES = [name for name, _, _ in REASONS_IN_ORDER]


def combinations() -> Iterator[tuple[dict[str, bool], bool]]:
    for values in product((False, True), repeat=len(NAMES)):
        for is_confidential in (False, True):
            yield dict(zip(NAMES, values, strict=True)), is_confidential


def facts_of(situation: dict[str, bool], *, is_confidential: bool) -> SurveyFacts:
    given = {name: value for name, value in situation.items() if name != "is_drawn"}
    percent = 50 if situation["is_drawn"] else 49
    return SurveyFacts(**given, is_confidential=is_confidential, percent=percent, draw=49)


def expected(situation: dict[str, bool], *, is_confidential: bool) -> Eligible | NotSent:
    for name, against, reason in REASONS_IN_ORDER:
        if situation[name] is against:
            return NotSent(reason=NotSentReason(reason))
    return Eligible(names_service=not is_confidential)


def test_every_combination_of_facts_is_decided_by_the_first_reason_against_it() -> None:
    decided = {"asked": 0, "not asked": 0}
    for situation, is_confidential in combinations():
        facts = facts_of(situation, is_confidential=is_confidential)

        outcome = eligibility(facts)

        assert outcome == expected(situation, is_confidential=is_confidential), situation
        decided["asked" if isinstance(outcome, Eligible) else "not asked"] += 1
    assert decided == {"asked": 2, "not asked": 2 ** (len(NAMES) + 1) - 2}


@pytest.mark.parametrize(
    ("percent", "draw", "is_asked"),
    [(100, 99, True), (100, 0, True), (0, 0, False), (20, 19, True), (20, 20, False)],
)
def test_a_service_asks_the_share_that_it_says(percent: int, draw: int, is_asked: bool) -> None:
    outcome = eligibility(SurveyFacts(percent=percent, draw=draw))

    assert isinstance(outcome, Eligible) is is_asked


def test_draws_are_spread_evenly_and_the_same_each_time() -> None:
    protocols = [compose_protocol(OPENED_AT.date(), number) for number in range(5_000)]

    draws = [draw_of(protocol, 1) for protocol in protocols]

    assert draws == [draw_of(protocol, 1) for protocol in protocols]
    assert set(draws) == set(range(100))
    assert 0.18 < sum(draw < 20 for draw in draws) / len(draws) < 0.22


def test_every_reason_that_facts_can_give_is_known() -> None:
    told = {NotSentReason(reason) for _, _, reason in REASONS_IN_ORDER}

    assert set(NotSentReason) - told == {NotSentReason.UNDELIVERABLE}
