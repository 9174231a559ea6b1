"""The ladder: when each level comes, always after the one below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.calendars import Calendar, CalendarRules
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.ladder import Rung, rungs
from chalicelib.domain.levels import EscalationLevel, LadderPolicy
from chalicelib.domain.office_hours import OfficeHours
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.pauses import Pause
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue_source import load_city
from tests.unit.small_calendar import PLAIN, TIMEZONE, ZONE, at_ten, paused_days, suspended
from tests.unit.small_city import calendar_days, hours, working_days

PORTO_ALEGRE = calendar_of(load_city("porto_alegre", date(2026, 3, 2)))
LEVELS = [
    EscalationLevel.NOTICE,
    EscalationLevel.LEVEL_1,
    EscalationLevel.LEVEL_2,
    EscalationLevel.LEVEL_3,
]
DAY_UNITS = (TermUnit.WORKING_DAYS, TermUnit.CALENDAR_DAYS)
DAY_TERMS = [Term(amount=amount, unit=unit) for unit in DAY_UNITS for amount in range(1, 226)]
TERMS = [*DAY_TERMS, *map(hours, range(1, 73))]
MONDAY = date(2026, 3, 2)


def ladder(
    term: Term,
    since: datetime,
    calendar: Calendar = PORTO_ALEGRE,
    pauses: Sequence[Pause] = (),
    policy: LadderPolicy | None = None,
) -> list[Rung]:
    due = due_at(term, since, calendar, pauses)
    return list(rungs(term, since, due, calendar, pauses, policy))


def instants(*args: object) -> list[datetime]:
    return [rung.at for rung in ladder(*args)]  # type: ignore[arg-type]


def local(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=ZONE)


def end_of(told: str) -> datetime:
    return local(f"{told}T23:59:59")


@pytest.mark.parametrize(
    ("opened_on", "term", "notice"),
    [
        ("2026-03-02", working_days(1), "2026-03-03T16:06"),
        ("2026-03-02", working_days(5), "2026-03-06T18:00"),
        ("2026-03-06", working_days(1), "2026-03-09T16:06"),
        ("2026-04-01", working_days(3), "2026-04-07T12:18"),  # over Good Friday
        ("2026-02-12", working_days(5), "2026-02-19T09:12"),  # Ash Wednesday counts for its afternoon
        ("2026-12-23", working_days(1), "2026-12-24T11:18"),  # Christmas Eve, its morning
        ("2026-12-23", working_days(2), "2026-12-28T15:24"),
        ("2026-12-30", working_days(2), "2027-01-04T15:24"),
        ("2026-03-02", calendar_days(30), "2026-03-26T14:12"),  # 22 working days
        ("2026-03-06", calendar_days(1), "2026-03-09T16:06"),  # rolled on from a Saturday
        ("2026-03-07", hours(48), "2026-03-09T00:24"),  # by the clock, through the weekend
    ],
)
def test_the_notice_comes_when_four_fifths_of_the_working_time_have_passed(
    opened_on: str, term: Term, notice: str
) -> None:
    found = next(iter(ladder(term, local(f"{opened_on}T10:00"))))

    assert found == Rung(level=EscalationLevel.NOTICE, at=local(notice))


@pytest.mark.parametrize(
    ("term", "due", "second", "third"),
    [
        (working_days(1), "2026-03-03", "2026-03-05", "2026-03-10"),
        (working_days(5), "2026-03-09", "2026-03-12", "2026-03-23"),
        # Good Friday is on 3 April, Tiradentes on 21 April, Labour Day on Friday 1 May
        (working_days(15), "2026-03-23", "2026-04-02", "2026-04-22"),
        (calendar_days(30), "2026-04-01", "2026-04-16", "2026-05-04"),
        (calendar_days(3), "2026-03-05", "2026-03-09", "2026-03-12"),
    ],
)
def test_levels_of_a_term_in_days_come_at_the_end_of_working_days(
    term: Term, due: str, second: str, third: str
) -> None:
    _, *later = instants(term, at_ten(MONDAY))

    assert later == [end_of(due), end_of(second), end_of(third)]


def test_levels_of_a_term_in_hours_come_by_the_clock() -> None:
    assert instants(hours(4), local("2026-03-07T22:00")) == [
        local("2026-03-08T01:12"),
        local("2026-03-08T02:00"),
        local("2026-03-08T04:00"),
        local("2026-03-08T10:00"),
    ]


def test_suspended_days_stop_every_level() -> None:
    before_due = suspended(date(2026, 3, 4), date(2026, 3, 10))
    after_due = suspended(date(2026, 3, 11), date(2026, 3, 17))

    assert instants(working_days(5), at_ten(MONDAY), before_due) == [
        local("2026-03-13T18:00"),
        end_of("2026-03-16"),
        end_of("2026-03-19"),
        end_of("2026-03-30"),
    ]
    assert instants(working_days(5), at_ten(MONDAY), after_due)[2:] == [
        end_of("2026-03-19"),
        end_of("2026-03-30"),
    ]


def test_pauses_stop_every_level_of_a_term_in_hours() -> None:
    since = at_ten(MONDAY)
    pauses = [
        Pause(since=since + timedelta(hours=2), until=since + timedelta(hours=4)),
        Pause(since=since + timedelta(hours=30), until=since + timedelta(hours=36)),
    ]

    assert instants(hours(24), since, PLAIN, pauses) == [
        since + timedelta(hours=2 + 19.2),
        since + timedelta(hours=2 + 24),
        since + timedelta(hours=2 + 24 + 6 + 12),
        since + timedelta(hours=2 + 24 + 6 + 48),
    ]


def test_days_that_were_paused_are_no_part_of_the_working_time() -> None:
    pause = paused_days(date(2026, 3, 4), 7)

    assert instants(working_days(5), at_ten(MONDAY), PLAIN, [pause])[0] == local("2026-03-13T18:00")


def test_a_city_may_set_the_upper_levels() -> None:
    policy = LadderPolicy(level_2=working_days(1), level_3=calendar_days(1))

    assert instants(working_days(5), at_ten(MONDAY), PLAIN, (), policy)[1:] == [
        end_of("2026-03-09"),
        end_of("2026-03-10"),
        end_of("2026-03-11"),
    ]


def test_where_a_city_sets_only_level_2_level_3_still_comes_after_it() -> None:
    late = LadderPolicy(level_2=working_days(10))

    assert instants(hours(4), at_ten(MONDAY), PLAIN, (), late)[2:] == [
        end_of("2026-03-16"),
        end_of("2026-03-16") + timedelta(hours=6),
    ]
    assert instants(working_days(1), at_ten(MONDAY), PLAIN, (), late)[2:] == [
        end_of("2026-03-17"),
        end_of("2026-03-20"),
    ]


def test_a_city_of_long_hours_gets_the_notice_on_time() -> None:
    rules = CalendarRules(office_hours=OfficeHours(opens="00:00", closes="23:59"))
    always = Calendar(timezone=TIMEZONE, rules=rules)

    assert instants(working_days(1), at_ten(MONDAY), always)[0] == local("2026-03-03T19:11")


def test_nothing_is_counted_before_it_is_asked_for() -> None:
    unending = LadderPolicy(level_2=Term(amount=10**9, unit=TermUnit.WORKING_DAYS))
    since = at_ten(MONDAY)
    climbing = rungs(working_days(5), since, due_at(working_days(5), since, PLAIN), PLAIN, policy=unending)

    assert [next(climbing).level, next(climbing).level] == LEVELS[:2]


@pytest.mark.parametrize("term", [working_days(5), hours(48)])
def test_a_date_from_before_a_suspension_still_has_its_notice_before_it(term: Term) -> None:
    since = at_ten(MONDAY)
    promised = due_at(term, since, PLAIN)
    flooded = suspended(date(2026, 3, 2), date(2026, 4, 30))

    notice, first, *_ = rungs(term, since, promised, flooded)

    assert notice.at == since + (promised - since) * 4 / 5
    assert first.at == promised


@pytest.mark.parametrize(
    "since",
    [
        local("2026-03-02T10:00"),
        local("2026-03-06T23:59:59"),
        local("2026-02-13T17:00"),
        local("2027-12-23T08:00"),
        local("2028-02-29T00:00"),
    ],
    ids=str,
)
def test_the_levels_of_every_term_ascend(since: datetime) -> None:
    for term in TERMS:
        found = ladder(term, since)
        assert [rung.level for rung in found] == LEVELS
        assert since < found[0].at, term
        assert all(lower.at < upper.at for lower, upper in pairwise(found)), term
