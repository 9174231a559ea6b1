"""When citizens without a digital channel are called, and what becomes of each outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.callbacks import (
    MOST_CALLS,
    MOST_WISHES,
    Attempt,
    CallbackTask,
    CallOutcome,
    DayPart,
    Ending,
    Way,
    _next_instant,
    after_call,
    callback_task,
    may_be_called,
    part_of,
    way_to_tell,
)
from chalicelib.domain.errors import CallbackEnded, CallNotDue
from chalicelib.domain.intake import ReporterDraft
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.protocols import compose_protocol
from tests.builders import a_catalogue, a_draft, a_request

CALENDAR = calendar_of(a_catalogue())
ZONE = ZoneInfo("America/Sao_Paulo")
PROTOCOL = compose_protocol(datetime(2026, 11, 24, tzinfo=UTC).date(), 1)
IN_VAIN = (CallOutcome.NO_ANSWER, CallOutcome.BUSY)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Give an instant of November 2026; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def a_task(now: datetime, kind: str = "question") -> CallbackTask:
    return callback_task(PROTOCOL, kind, seq=3, now=now, calendar=CALENDAR)


def called(
    task: CallbackTask,
    at: datetime,
    outcome: CallOutcome = CallOutcome.NO_ANSWER,
    *,
    again: datetime | None = None,
    has_address: bool = False,
) -> CallbackTask:
    attempt = Attempt(at=at, outcome=outcome, by="ana", call_again_at=again)
    return after_call(task, attempt, CALENDAR, has_address=has_address)


@pytest.mark.parametrize(
    ("moment", "first_call"),
    [
        (local(24, 11, 30), local(24, 11, 30)),
        (local(24, 19, 59), local(24, 19, 59)),
        (local(24, 20), local(25, 8)),
        (local(24, 7, 59), local(24, 8)),
        (local(27, 21), local(30, 8)),
        (local(28, 10), local(30, 8)),
    ],
)
def test_the_first_call_is_made_at_the_next_hour_at_which_people_may_be_called(
    moment: datetime, first_call: datetime
) -> None:
    assert a_task(moment).not_before == first_call


@pytest.mark.parametrize(
    ("at", "next_call"),
    [
        (local(24, 9), local(24, 12)),
        (local(24, 11, 30), local(24, 13, 30)),
        (local(24, 14), local(24, 18)),
        (local(24, 17), local(24, 19)),
        (local(24, 19), local(25, 8)),
        (local(27, 19), local(30, 8)),
    ],
)
def test_after_a_call_in_vain_the_next_one_is_in_another_part_of_the_day(
    at: datetime, next_call: datetime
) -> None:
    task = called(a_task(local(24, 8)), at)

    assert task.not_before == next_call
    assert task.is_open


def test_a_part_of_the_day_that_was_tried_is_not_tried_again_the_day_after() -> None:
    task = called(a_task(local(24, 9)), local(24, 9))

    assert not may_be_called(task, local(25, 9), CALENDAR)
    assert may_be_called(task, local(25, 13), CALENDAR)


@pytest.mark.parametrize(("has_address", "way"), [(True, Way.LETTER), (False, Way.COUNTER)])
def test_after_three_calls_in_vain_a_letter_is_written_or_it_is_told_at_a_counter(
    has_address: bool, way: Way
) -> None:
    task = a_task(local(24, 9))
    for hour in (9, 14, 19):
        task = called(task, local(24, hour), has_address=has_address)

    assert (task.way, task.is_open, task.not_before) == (way, True, local(24, 19))


def test_a_wrong_number_is_not_called_again() -> None:
    task = called(a_task(local(24, 9)), local(24, 9), CallOutcome.WRONG_NUMBER, has_address=True)

    assert (task.way, task.is_open) == (Way.LETTER, True)


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [(CallOutcome.REACHED, Ending.REACHED), (CallOutcome.REFUSED, Ending.REFUSED)],
)
def test_whoever_is_reached_or_refuses_is_not_called_again(outcome: CallOutcome, ending: Ending) -> None:
    task = called(a_task(local(24, 9)), local(24, 9), outcome)

    assert (task.ending, task.ended_at, task.ended_by) == (ending, local(24, 9), "ana")


def test_whoever_rings_back_at_night_is_heard() -> None:
    assert called(a_task(local(24, 9)), local(24, 22), CallOutcome.REACHED).ending is Ending.REACHED


@pytest.mark.parametrize("outcome", IN_VAIN)
@pytest.mark.parametrize(
    ("at", "earliest"),
    [(local(24, 22), local(25, 12)), (local(25, 9), local(25, 12)), (local(28, 15), local(30, 12))],
)
def test_nobody_is_called_at_another_time(outcome: CallOutcome, at: datetime, earliest: datetime) -> None:
    task = called(a_task(local(24, 9)), local(24, 9))

    with pytest.raises(CallNotDue) as refusal:
        called(task, at, outcome)

    assert refusal.value.not_before == earliest


def test_the_citizens_hour_is_kept_though_that_part_of_the_day_was_tried() -> None:
    first = called(a_task(local(24, 9)), local(24, 9))
    asked = called(first, local(24, 13), CallOutcome.CALL_LATER, again=local(26, 10))

    assert asked.not_before == local(26, 10)
    assert may_be_called(asked, local(26, 10, 5), CALENDAR)


def test_an_hour_at_which_nobody_is_called_moves_to_the_next_possible_one() -> None:
    asked = called(a_task(local(24, 9)), local(24, 9), CallOutcome.CALL_LATER, again=local(28, 10))

    assert asked.not_before == local(30, 8)


def test_whoever_asks_for_another_hour_on_the_third_call_is_called_then() -> None:
    task = a_task(local(24, 9))
    for hour in (9, 14):
        task = called(task, local(24, hour))

    task = called(task, local(24, 19), CallOutcome.CALL_LATER, again=local(26, 10))

    assert (task.way, task.not_before) == (Way.CALL, local(26, 10))
    assert called(task, local(26, 10)).way is Way.COUNTER


def test_putting_a_call_off_time_and_again_ends_in_a_letter() -> None:
    task, at = a_task(local(24, 9)), local(24, 9)
    for _ in range(MOST_CALLS + MOST_WISHES):
        assert task.way is Way.CALL
        again = at + timedelta(days=1)
        task, at = called(task, at, CallOutcome.CALL_LATER, again=again, has_address=True), again

    assert (task.way, task.is_open) == (Way.LETTER, True)


@pytest.mark.parametrize("outcome", [*IN_VAIN, CallOutcome.WRONG_NUMBER, CallOutcome.CALL_LATER])
def test_after_the_last_call_in_vain_no_other_one_is_recorded(outcome: CallOutcome) -> None:
    task = a_task(local(24, 9))
    for hour in (9, 14, 19):
        task = called(task, local(24, hour))

    with pytest.raises(CallbackEnded):
        called(task, local(25, 9), outcome, again=local(26, 9) if outcome is CallOutcome.CALL_LATER else None)


def test_whoever_rings_back_while_a_letter_waits_is_heard() -> None:
    task = called(a_task(local(24, 9)), local(24, 9), CallOutcome.WRONG_NUMBER, has_address=True)

    assert called(task, local(25, 9), CallOutcome.REACHED).ending is Ending.REACHED


def test_without_a_part_of_the_day_there_is_no_instant_for_a_call() -> None:
    with pytest.raises(ValueError, match="no part of the day"):
        _next_instant(local(24, 9), frozenset(), CALENDAR)


def test_a_survey_in_vain_is_no_letter() -> None:
    task = a_task(local(24, 9), "survey")
    for hour in (9, 14, 19):
        task = called(task, local(24, hour), has_address=True)

    assert task.ending is Ending.UNREACHED


@given(
    begins=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)),  # noqa: DTZ001 - hypothesis wants naive bounds
    waits=st.lists(st.integers(0, 60 * 48), min_size=6, max_size=6),
    outcomes=st.lists(st.sampled_from(IN_VAIN), min_size=6, max_size=6),
)
def test_nobody_is_called_more_than_three_times_nor_twice_in_a_part_of_the_day_nor_at_night(
    begins: datetime, waits: list[int], outcomes: list[CallOutcome]
) -> None:
    task = a_task(begins.replace(tzinfo=UTC))
    for wait, outcome in zip(waits, outcomes, strict=True):
        at = task.not_before + timedelta(minutes=wait)
        while task.way is Way.CALL and not may_be_called(task, at, CALENDAR):
            at += timedelta(minutes=30)
        if task.way is Way.CALL:
            task = called(task, at, outcome)

    parts = [part_of(attempt.at, CALENDAR) for attempt in task.attempts]
    assert len(parts) == MOST_CALLS
    assert set(parts) == set(DayPart)
    assert task.way is Way.COUNTER


@given(moment=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)))  # noqa: DTZ001 - as above
def test_a_planned_call_is_always_one_that_may_be_made(moment: datetime) -> None:
    task = a_task(moment.replace(tzinfo=UTC))
    assert may_be_called(task, task.not_before, CALENDAR)
    again = called(task, task.not_before)
    assert may_be_called(again, again.not_before, CALENDAR)
    assert again.not_before > task.not_before


@pytest.mark.parametrize(
    ("points", "address", "way"),
    [
        (True, "", Way.CALL),
        (True, "Rua A, 1", Way.CALL),
        (False, "Rua A, 1", Way.LETTER),
        (False, "", Way.COUNTER),
    ],
)
def test_people_are_told_by_the_best_way_they_have(points: bool, address: str, way: Way) -> None:
    draft = a_draft(reporter=ReporterDraft(name="Maria", address=address))

    assert way_to_tell(a_request(draft=draft, person_key="k" if points else None)) is way


@pytest.mark.parametrize(("address", "way"), [("Rua A, 1", Way.LETTER), ("", Way.COUNTER)])
def test_nobody_is_called_at_a_number_that_is_none(address: str, way: Way) -> None:
    request = a_request(draft=a_draft(reporter=ReporterDraft(name="Maria", address=address)))

    assert way_to_tell(request, ("phone",)) is way
