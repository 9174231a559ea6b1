"""Counting by the day: late at most, never wrong, whatever is repeated, broken off or overtaken."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import orders
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.survey_results import Tally
from chalicelib.domain.surveys import NotSentReason, SurveyRecord, SurveyStatus, SurveyWay
from chalicelib.domain.transitions import Status
from chalicelib.services.survey_counting import MOST_DAYS, mark_of
from tests.builders import a_request, ordered
from tests.fakes import NOW
from tests.survey_bureau import (
    EVER,
    Bureau,
    a_survey,
    answered,
    contested,
    counted_directly,
    judged,
    resolved,
)

Fate = Callable[[SurveyRecord], SurveyRecord]


def test_a_resolution_is_counted_with_its_survey() -> None:
    bureau, request = Bureau(), resolved()
    bureau.sees(request)
    record = bureau.surveys.open(a_survey(request))
    bureau.surveys.save(answered(record), seen=record)

    bureau.count()

    total = bureau.total()
    assert (total.of("resolved"), total.of("answered"), total.of("overall.5")) == (1, 1, 1)
    assert total.adds_up


def test_what_changes_later_takes_the_place_of_what_was_counted() -> None:
    bureau, request = Bureau(), resolved()
    bureau.sees(request)
    bureau.count_all()

    bureau.sees(judged(contested(request)), before=request.version)
    bureau.count_all()

    total = bureau.total()
    assert (total.of("resolved"), total.of("contested"), total.of("false.contested")) == (1, 1, 1)


def test_decisions_that_count_for_nothing_cost_nothing() -> None:
    bureau, request = Bureau(), a_request(Status.IN_PROGRESS)

    bureau.sees(request)
    bureau.sees(ordered(resolved(), orders.Comment(comment="Obrigada")), before=resolved().version)

    assert (bureau.results.marked, bureau.results.resolutions) == (set(), {})


def test_an_older_version_does_not_overrule_a_newer_one() -> None:
    bureau, request = Bureau(), resolved()
    bureau.sees(contested(request))
    bureau.sees(request)

    bureau.count_all()

    assert bureau.total().of("contested") == 1


def test_a_day_that_changes_all_the_time_is_counted_all_the_same() -> None:
    bureau = Bureau()
    for number in range(1, 30):
        bureau.sees(resolved(number=number))
        bureau.clock.advance(minutes=1)

    bureau.counting.count_marked(bureau.clock.time)

    assert bureau.total().of("resolved") == 29
    assert len(bureau.results.marked) == 1


def test_a_change_is_not_lost_that_is_written_after_the_day_was_counted() -> None:
    bureau, request = Bureau(), resolved()
    bureau.sees(request)
    record = bureau.surveys.open(a_survey(request))
    bureau.results.mark({mark_of(record.day, bureau.clock.now())})
    bureau.clock.advance(seconds=100)
    bureau.counting.count_marked(bureau.clock.time)
    bureau.kept.save(answered(record), seen=record)

    bureau.count_all()

    assert bureau.total().of("answered") == 1


def test_a_reminder_changes_no_count() -> None:
    bureau, request = Bureau(), resolved()
    record = bureau.surveys.open(a_survey(request))
    sent = record.sent(SurveyWay.SMS, NOW)
    bureau.surveys.save(sent, seen=record)
    bureau.count_all()

    bureau.surveys.save(replace(sent, reminded_at=NOW), seen=sent)

    assert bureau.results.marked == set()


def test_a_few_days_are_counted_at_a_time_and_none_is_left_behind() -> None:
    bureau = Bureau()
    for days_later in range(2 * MOST_DAYS + 1):
        bureau.sees(resolved(days_later))

    counted = [len(bureau.count()) for _ in range(4)]

    assert counted == [MOST_DAYS, MOST_DAYS, 1, 0]
    assert bureau.total().of("resolved") == 2 * MOST_DAYS + 1


def test_a_count_that_began_earlier_does_not_overrule_a_later_one() -> None:
    bureau, request = Bureau(), resolved()
    bureau.sees(request)
    bureau.count_all()
    (day,) = bureau.results.days

    bureau.results.keep(day, {}, bureau.clock.now() - timedelta(minutes=20))

    assert bureau.total().of("resolved") == 1


@pytest.mark.parametrize("writes", range(4))
def test_whatever_write_breaks_repeating_it_makes_the_count_whole(writes: int) -> None:
    bureau, request = Bureau(), resolved()
    bureau.results.breaks_after = writes
    for work in (lambda: bureau.sees(request), bureau.count):
        try:
            work()
        except Unavailable:
            bureau.results.breaks_after = None
            work()

    bureau.results.breaks_after = None
    bureau.count_all()

    assert bureau.total() == Tally(counts={"resolved": 1, "pending": 1})


def test_an_answer_whose_day_cannot_be_marked_is_not_kept() -> None:
    bureau, request = Bureau(), resolved()
    record = bureau.surveys.open(a_survey(request))
    bureau.results.breaks_after = 0

    with pytest.raises(Unavailable):
        bureau.surveys.save(answered(record), seen=record)

    assert bureau.surveys.of(request.protocol) == [record]


ENDS: tuple[Fate, ...] = (
    lambda record: record,
    lambda record: record.sent(SurveyWay.SMS, NOW),
    lambda record: record.sent(SurveyWay.SMS, NOW, SurveyStatus.UNKNOWN),
    lambda record: record.not_sent(NotSentReason.FATIGUE),
    lambda record: answered(record, 2),
)


@settings(max_examples=60, deadline=None)
@given(
    lives=st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from([None, *ENDS])), max_size=8
    ),
    chance=st.integers(0, 10**9),
)
def test_the_counted_days_equal_a_count_from_the_requests_and_surveys(
    lives: list[tuple[int, int, Fate | None]], chance: int
) -> None:
    """Whatever order events come in, however often, and whenever days are counted in between."""
    bureau, dice = Bureau(), random.Random(chance)  # noqa: S311 - no secret
    newest, steps = list[ServiceRequest](), list[Callable[[], object]]()
    for days_later, further, end in lives:
        versions = [resolved(days_later)]
        for act in (contested, judged)[:further]:
            versions.append(act(versions[-1]))
        newest.append(versions[-1])
        steps += [partial(bureau.sees, one) for one in versions * 2]
        if end is not None:
            steps.append(partial(_survey, bureau, versions[0], end))
        steps.append(bureau.count)
    dice.shuffle(steps)

    for step in steps:
        step()

    assert bureau.count_all() == counted_directly(newest, bureau.kept.kept.values())
    assert all(tally.adds_up for day in bureau.results.between(*EVER) for tally in day.cells.values())


def _survey(bureau: Bureau, request: ServiceRequest, end: Fate) -> None:
    record = bureau.surveys.open(a_survey(request))
    bureau.surveys.save(end(record), seen=record)
