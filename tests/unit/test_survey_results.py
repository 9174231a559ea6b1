"""What counts of resolutions and surveys, and what shares and bounds follow from it."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import orders
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.survey_results import (
    Cell,
    CountedResolution,
    Tally,
    count_day,
    counted_resolutions,
    matters_to_results,
    merged,
    wilson,
)
from chalicelib.domain.surveys import Answers, Done, NotSentReason, SurveyRecord, SurveyStatus
from chalicelib.domain.transitions import Status
from chalicelib.domain.verdicts import Verdict, VerdictKind
from tests.builders import PHOTO, a_catalogue, a_request, ordered
from tests.fakes import NOW

DAY = date(2026, 11, 24)
CELL = Cell(secretariat="DMLU", service="dumping", channel=Channel.WEB)
REVIEWER = Actor(role=Role.REVIEWER, name="rita")

tallies = st.dictionaries(
    st.sampled_from(["resolved", "sent", "answered", "overall.5", "not_sent.fatigue"]), st.integers(1, 9)
).map(lambda counts: Tally(counts=counts))


def a_resolution(number: int = 1, **changes: Any) -> CountedResolution:
    resolution = CountedResolution(
        protocol=compose_protocol(NOW.date(), number), generation=1, day=DAY, cell=CELL
    )
    return dataclasses.replace(resolution, **changes)


def a_survey(number: int = 1, status: SurveyStatus = SurveyStatus.SENT, **changes: Any) -> SurveyRecord:
    record = SurveyRecord(
        protocol=compose_protocol(NOW.date(), number),
        generation=1,
        channel=CELL.channel,
        service=CELL.service,
        secretariat=CELL.secretariat,
        resolved_at=NOW,
        day=DAY,
        at=NOW,
        status=status,
    )
    return dataclasses.replace(record, **changes)


def an_answered_survey(number: int = 1, overall: int = 5, done: Done = Done.YES) -> SurveyRecord:
    answers = Answers(overall=overall, done=done)
    return a_survey(number, SurveyStatus.ANSWERED, answers=answers, answered_at=NOW)


@given(tallies, tallies, tallies)
def test_tallies_add_up_whatever_is_added_first(one: Tally, two: Tally, three: Tally) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + two == two + one
    assert one + Tally() == one == Tally() + one


@given(st.lists(st.tuples(st.sampled_from("ab"), tallies)), st.randoms(use_true_random=False))
def test_merging_gives_the_same_in_any_order_and_any_parts(parts: Any, random: Any) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)
    cut = random.randint(0, len(parts))

    assert merged(shuffled) == merged(parts)
    in_parts = [*merged(parts[:cut]).items(), *merged(parts[cut:]).items()]
    assert merged(in_parts) == merged(parts)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_the_bounds_are_those_that_are_published(
    successes: int, trials: int, low: float, high: float
) -> None:
    """The first four are of R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_bounds_enclose_the_share_and_mirror_each_other(of: tuple[int, int]) -> None:
    successes, trials = of
    low, high = wilson(successes, trials)
    other_low, other_high = wilson(trials - successes, trials)

    assert 0 <= low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= high <= 1
    assert (low, high) == pytest.approx((1 - other_high, 1 - other_low), abs=1e-9)


@pytest.mark.parametrize(
    ("survey", "counts"),
    [
        (None, {"resolved": 1, "pending": 1}),
        (a_survey(status=SurveyStatus.DUE), {"resolved": 1, "pending": 1}),
        (a_survey(), {"resolved": 1, "sent": 1}),
        (a_survey(status=SurveyStatus.UNKNOWN), {"resolved": 1, "unknown": 1}),
        (
            a_survey(status=SurveyStatus.NOT_SENT, reason=NotSentReason.FATIGUE),
            {"resolved": 1, "not_sent.fatigue": 1},
        ),
        (
            an_answered_survey(overall=2, done=Done.NO),
            {"resolved": 1, "sent": 1, "answered": 1, "overall.2": 1, "done.no": 1},
        ),
    ],
)
def test_every_resolution_is_counted_under_what_became_of_its_survey(
    survey: SurveyRecord | None, counts: dict[str, int]
) -> None:
    (tally,) = count_day([a_resolution()], [survey] if survey else []).values()

    assert tally == Tally(counts=counts)
    assert tally.adds_up


def test_a_survey_without_its_resolution_does_not_add_up() -> None:
    (tally,) = count_day([], [a_survey()]).values()

    assert not tally.adds_up


def test_what_is_given_twice_is_counted_once() -> None:
    resolutions, surveys = [a_resolution(1), a_resolution(2)], [a_survey(1), an_answered_survey(2)]

    assert count_day(resolutions * 2, surveys * 2) == count_day(resolutions[::-1], surveys[::-1])


def test_contests_and_verdicts_are_counted_apart() -> None:
    def judged(kind: VerdictKind, is_false: bool) -> Verdict:
        return Verdict(kind=kind, generation=1, is_false=is_false, at=NOW)

    (tally,) = count_day(
        [
            a_resolution(1),
            a_resolution(2, is_contested=True),
            a_resolution(3, is_contested=True, verdict=judged(VerdictKind.CONTESTED, True)),
            a_resolution(4, verdict=judged(VerdictKind.AUDITED, False)),
            a_resolution(5, verdict=judged(VerdictKind.AUDITED, True)),
        ],
        [],
    ).values()

    assert (tally.contested.count, tally.contested.of) == (2, 5)
    contests, audits = tally.found_false(VerdictKind.CONTESTED), tally.found_false(VerdictKind.AUDITED)
    assert (contests.count, contests.of, contests.value) == (1, 1, 1.0)
    assert (audits.count, audits.of, audits.value) == (1, 2, 0.5)


def test_grades_make_a_distribution_a_mean_and_a_share_of_the_satisfied() -> None:
    grades = (5, 4, 4, 3, 1)
    surveys = [an_answered_survey(number, overall) for number, overall in enumerate(grades)]
    surveys.append(a_survey(9))
    (tally,) = count_day([], surveys).values()

    assert tally.distribution == {1: 1, 2: 0, 3: 1, 4: 2, 5: 1}
    assert tally.mean == pytest.approx(17 / 5)
    assert (tally.satisfied.count, tally.satisfied.of) == (3, 5)
    assert tally.response.value == pytest.approx(5 / 6)
    assert tally.done(Done.YES).value == 1


def test_of_nothing_there_is_no_share() -> None:
    assert (Tally().mean, Tally().response.value, Tally().satisfied.interval) == (None, None, None)


def test_a_request_gives_each_of_its_resolutions_with_what_became_of_it() -> None:
    resolve = orders.Resolve(answer="Recolhido", photos=(PHOTO,))
    resolved = ordered(a_request(Status.IN_PROGRESS), resolve)
    contested = ordered(resolved, orders.Contest(reason="Não veio ninguém"))
    judged = ordered(contested, orders.Judge(is_false=True), by=REVIEWER)
    photo = "00000000000000000000000000000002.jpg.0123456789abcdef"
    again = ordered(ordered(judged, orders.Accept()), orders.Resolve(answer="Recolhido", photos=(photo,)))

    first, second = counted_resolutions(again, calendar_of(a_catalogue()))

    assert (first.generation, first.is_contested) == (1, True)
    assert first.verdict is not None
    assert first.verdict.is_false
    assert (second.generation, second.is_contested, second.verdict) == (2, False, None)
    assert first.cell == second.cell == CELL
    assert [entry.type for entry in again.timeline if matters_to_results(entry)] == [
        "resolved",
        "contested",
        "judged",
        "resolved",
    ]


def test_a_resolution_counts_on_the_citys_own_day() -> None:
    accepted = a_request(Status.IN_PROGRESS)
    late_at_night = (accepted.updated_at + timedelta(days=1)).replace(hour=1)
    resolved = ordered(accepted, orders.Resolve(answer="Feito", photos=(PHOTO,)), at=late_at_night)

    (resolution,) = counted_resolutions(resolved, calendar_of(a_catalogue()))

    assert resolution.day == late_at_night.date() - timedelta(days=1)
