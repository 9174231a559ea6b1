"""Say on which days something recurs, by law: on a fixed day, or so many days from Easter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Level(StrEnum):
    """Whose law makes the day special."""

    NATIONAL = "national"
    STATE = "state"
    MUNICIPAL = "municipal"


class Half(StrEnum):
    """The half of a day in which the city works."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """A day that comes back every year, what it is called and which law says so.

    `day` is `MM-DD`, `easter` the days from Easter Sunday (negative before it); a rule has one of them.
    `from_year` and `until_year` are the first and the last year in which it holds. A day of one year
    only is a fixed day whose first and last year are the same.
    """

    code: str
    names: Mapping[str, str]
    law: str
    level: Level
    day: str | None = None
    easter: int | None = None
    from_year: int | None = None
    until_year: int | None = None
    sources: tuple[str, ...] = ()

    def falls_on(self, year: int) -> date | None:
        """Tell the date in `year`; None where the rule does not hold or the day does not exist."""
        if self.from_year is not None and year < self.from_year:
            return None
        if self.until_year is not None and year > self.until_year:
            return None
        if self.easter is not None:
            return easter_sunday(year) + timedelta(days=self.easter)
        try:
            return date.fromisoformat(f"{year:04d}-{self.day}")
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfDayRule(DayRule):
    """A working day on which the city works only one half of it; a term in days counts it whole."""

    works: Half


def easter_sunday(year: int) -> date:
    """Compute Easter by the Gregorian computus (Meeus, Jones and Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    lunar = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - lunar + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
