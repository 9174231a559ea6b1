"""Know the days of a city: on which ones it works, which are special, and by which law or act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from zoneinfo import ZoneInfo

from chalicelib.domain.holidays import DayRule, Half, HalfDayRule, Level
from chalicelib.domain.office_hours import OfficeHours
from chalicelib.domain.suspensions import Subject, Suspension

SATURDAY = 5
ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)


class OccasionKind(StrEnum):
    """What makes a day special; where several do, the first of these is what it is."""

    HOLIDAY = "holiday"
    OPTIONAL = "optional"
    HALF = "half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a special day is: `works` tells whether it is a working day, `half` which half of it is."""

    kind: OccasionKind
    names: Mapping[str, str]
    law: str
    level: Level
    works: bool
    half: Half | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """Makes an optional day (ponto facultativo) a day without work, on one date and by an act."""

    day: date
    act: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Year:
    """The special days of a year, and those of them on which the city does not work.

    `minutes` are the working minutes of the year before each of its days, and last those of all of it.
    """

    occasions: Mapping[date, Occasion]
    closed: frozenset[date]
    minutes: tuple[int, ...]


class _YearsKnown:
    """Room for the years worked out so far: not a field, so neither stored, compared nor hashed."""

    __slots__ = ("_years",)
    _years: dict[int, _Year]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRules(_YearsKnown):
    """What a city says about its days.

    An optional day is a working day, unless `days_off` names its date. A half day always is one.
    `office_hours` say when its people are told things; a city that states none has those of our proposal.
    """

    holidays: tuple[DayRule, ...] = ()
    optional_days: tuple[DayRule, ...] = ()
    half_days: tuple[HalfDayRule, ...] = ()
    days_off: tuple[DayOff, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    office_hours: OfficeHours = field(default_factory=OfficeHours)

    def __post_init__(self) -> None:
        """Know no year yet."""
        object.__setattr__(self, "_years", {})

    def year(self, year: int) -> _Year:
        """Look up the special days of a year, working them out once."""
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _year_of(self, year)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days of a city in its time zone; `suspensions` are those that matter to what is counted."""

    timezone: str
    rules: CalendarRules = field(default_factory=CalendarRules)
    suspensions: tuple[Suspension, ...] = ()

    def suspended_for(self, subject: Subject) -> Calendar:
        """Give the calendar of what a suspension may touch; emergencies keep the plain one."""
        touching = tuple(one for one in self.rules.suspensions if one.touches(subject))
        return replace(self, suspensions=touching)

    def is_working_day(self, day: date) -> bool:
        """Tell whether `day` counts as a working day (dia útil); suspensions do not change that."""
        return day.weekday() < SATURDAY and day not in self.rules.year(day.year).closed

    def occasion_on(self, day: date) -> Occasion | None:
        """Tell what makes `day` special; None for a day like any other."""
        return self.rules.year(day.year).occasions.get(day)

    def special_days(self, year: int) -> Mapping[date, Occasion]:
        """List the special days of a year, in order."""
        return self.rules.year(year).occasions

    def local_day(self, moment: datetime) -> date:
        """Tell which day it is in the city at `moment`."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def start_of(self, day: date) -> datetime:
        """Tell the instant at which the local `day` begins, in UTC."""
        return datetime.combine(day, time(), ZoneInfo(self.timezone)).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """Tell the last second of the local `day`, in UTC; shown in local time it is still that day."""
        return self.start_of(day + ONE_DAY) - ONE_SECOND


def _year_of(rules: CalendarRules, year: int) -> _Year:
    days_off = {off.day: off for off in rules.days_off}
    found: dict[date, Occasion] = {}
    for day, rule in _falling(rules.holidays, year):
        found.setdefault(day, _occasion(OccasionKind.HOLIDAY, rule, works=False))
    for day, rule in _falling(rules.optional_days, year):
        off = days_off.get(day)
        occasion = _occasion(OccasionKind.OPTIONAL, rule, works=off is None)
        found.setdefault(day, replace(occasion, law=off.act) if off else occasion)
    for half in rules.half_days:
        if (day_of_half := half.falls_on(year)) is not None:
            occasion = _occasion(OccasionKind.HALF, half, works=True)
            found.setdefault(day_of_half, replace(occasion, half=half.works))
    closed = frozenset(day for day, occasion in found.items() if not occasion.works)
    occasions = dict(sorted(found.items(), key=lambda one: one[0]))
    return _Year(occasions=occasions, closed=closed, minutes=_accumulated_minutes(rules, year, occasions))


def _accumulated_minutes(
    rules: CalendarRules, year: int, occasions: Mapping[date, Occasion]
) -> tuple[int, ...]:
    first, (opens, closes) = date(year, 1, 1), rules.office_hours.span()
    weekday, length = first.weekday(), (date(year + 1, 1, 1) - first).days
    minutes = [closes - opens if (weekday + n) % 7 < SATURDAY else 0 for n in range(length)]
    for day, occasion in occasions.items():
        if day.weekday() < SATURDAY:
            opens, closes = rules.office_hours.span(occasion.half)
            minutes[(day - first).days] = closes - opens if occasion.works else 0
    return tuple(accumulate(minutes, initial=0))


def _falling(rules: Iterable[DayRule], year: int) -> list[tuple[date, DayRule]]:
    return [(day, rule) for rule in rules if (day := rule.falls_on(year)) is not None]


def _occasion(kind: OccasionKind, rule: DayRule, *, works: bool) -> Occasion:
    return Occasion(kind=kind, names=rule.names, law=rule.law, level=rule.level, works=works)
