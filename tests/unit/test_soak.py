"""A day of resolutions through the whole line, in memory: everybody is told and asked once, killed or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from bench.soak.checks import Evidence, judge
from bench.soak.providers import Message
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.survey_results import Tally
from chalicelib.domain.surveys import NotSentReason, SurveyStatus
from tests.soak_days import Soak

DAY = date(2026, 12, 1)
"""A Tuesday."""
REQUESTS, FEW = 200, 40
AFTER_CALLS = (
    *((calls, calls + 90, calls + 500) for calls in range(3, 90, 22)),
    *((calls, calls + 331, calls + 1_000) for calls in range(400, 2_400, 499)),
)


@pytest.fixture(scope="module")
def long_run() -> Soak:
    soak = Soak(REQUESTS, DAY, kills=3, fuse_at=[400, 1_500, 4_000])
    soak.run()
    return soak


def test_of_two_hundred_resolutions_everybody_is_told_and_asked_once_though_the_process_is_killed(
    long_run: Soak,
) -> None:
    judgement = long_run.judgement()

    assert judgement.faults == ()
    assert len(long_run.killed_at) == 6


def test_what_was_in_hand_at_a_kill_is_a_survey_of_unknown_fate_or_a_legal_notice_that_comes_again(
    long_run: Soak,
) -> None:
    judgement = long_run.judgement()

    assert judgement.unknown_surveys == 2
    assert judgement.repeated == {MessageKind.RESOLVED: 1}


def test_every_way_out_occurs(long_run: Soak) -> None:
    surveys = long_run.evidence().surveys.values()

    assert {one.reason for one in surveys} == {
        None,
        NotSentReason.ANONYMOUS,
        NotSentReason.FATIGUE,
        NotSentReason.NOT_SAMPLED,
        NotSentReason.OPTED_OUT,
        NotSentReason.REOPENED,
        NotSentReason.UNDELIVERABLE,
        NotSentReason.UNREACHABLE,
    }
    assert {one.status for one in surveys} == {
        SurveyStatus.SENT,
        SurveyStatus.ANSWERED,
        SurveyStatus.UNKNOWN,
        SurveyStatus.NOT_SENT,
    }
    assert long_run.floor.providers.turned_away
    assert long_run.floor.providers.refused


@pytest.mark.parametrize("calls", AFTER_CALLS, ids=str)
def test_wherever_the_process_is_killed_everybody_is_told_and_asked_once(calls: tuple[int, ...]) -> None:
    soak = Soak(FEW, DAY, kills=0, fuse_at=list(calls))

    judgement = soak.run()

    assert judgement.faults == ()
    assert soak.killed_at


Taken = Sequence[Message]


def of_kind(taken: Taken, kind: MessageKind) -> Message:
    return next(one for one in taken if one.kind == kind)


def without(kind: MessageKind) -> Callable[[Taken, Evidence], tuple[Taken, Evidence]]:
    def spoilt(taken: Taken, evidence: Evidence) -> tuple[Taken, Evidence]:
        lost = of_kind(taken, kind)
        return [one for one in taken if one is not lost], evidence

    return spoilt


def twice(kind: MessageKind) -> Callable[[Taken, Evidence], tuple[Taken, Evidence]]:
    return lambda taken, evidence: ([*taken, of_kind(taken, kind)], evidence)


def without_a_survey(taken: Taken, evidence: Evidence) -> tuple[Taken, Evidence]:
    kept = dict(list(evidence.surveys.items())[1:])
    return taken, replace(evidence, surveys=kept)


def counted_too_little(taken: Taken, evidence: Evidence) -> tuple[Taken, Evidence]:
    counts = {**evidence.total.counts, "sent": evidence.total.of("sent") - 1}
    return taken, replace(evidence, total=Tally(counts=counts))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without(MessageKind.RESOLVED), "no resolution notice"),
        (without(MessageKind.SURVEY), "0 surveys, recorded as"),
        (twice(MessageKind.RESOLVED), "resolved was sent twice"),
        (twice(MessageKind.SURVEY), "survey was sent twice"),
        (twice(MessageKind.SURVEY_REMINDER), "survey_reminder was sent twice"),
        (without_a_survey, "no survey, and no reason"),
        (counted_too_little, "the secretariats do not add up to the city"),
    ],
)
def test_the_judgement_would_show_what_is_lost_doubled_or_miscounted(
    long_run: Soak, spoil: Callable[[Taken, Evidence], tuple[Taken, Evidence]], words: str
) -> None:
    city = long_run.floor.catalogue.current()
    taken, evidence = spoil(long_run.floor.providers.taken, long_run.evidence())

    judgement = judge(long_run.cases, city, evidence, taken, killed_at={})

    assert any(words in fault for fault in judgement.faults)
