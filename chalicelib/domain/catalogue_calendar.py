"""Check a catalogue's calendar: every day with its law, every suspension with its act and its end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.calendars import CalendarRules, DayOff
from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.catalogue_faults import SLUG, CatalogueFault, code_faults, name_faults, repeated
from chalicelib.domain.holidays import DayRule
from chalicelib.domain.office_hours import NOON, OfficeHours
from chalicelib.domain.suspensions import Suspension

MONTH_DAY = re.compile(r"\d{2}-\d{2}")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
A_LEAP_YEAR = 2024
FARTHEST_FROM_EASTER_DAYS = 80
MOST_SPECIAL_DAYS = 100
"""More of them could leave a year with hardly a working day, and a term without an end."""
LONGEST_SUSPENSION = timedelta(days=366)


def calendar_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """Name every fault of the city's calendar."""
    rules = catalogue.calendar
    listed = (*rules.holidays, *rules.optional_days, *rules.half_days)
    for section in ("holidays", "optional_days", "half_days"):
        for rule in getattr(rules, section):
            yield from _rule_faults(f"calendar.{section}.{rule.code}", rule)
    for code in repeated(rule.code for rule in listed):
        yield CatalogueFault(path="calendar", reason=f"{code} appears more than once")
    if len(listed) > MOST_SPECIAL_DAYS:
        yield CatalogueFault(path="calendar", reason=f"has more than {MOST_SPECIAL_DAYS} special days")
    for off in rules.days_off:
        yield from _day_off_faults(rules, off)
    for day in repeated(off.day.isoformat() for off in rules.days_off):
        yield CatalogueFault(path=f"calendar.days_off.{day}", reason="appears more than once")
    for suspension in rules.suspensions:
        yield from _suspension_faults(catalogue, suspension)
    for code in repeated(suspension.code for suspension in rules.suspensions):
        yield CatalogueFault(path=f"calendar.suspensions.{code}", reason="appears more than once")
    yield from _office_hours_faults(rules.office_hours)


def _rule_faults(path: str, rule: DayRule) -> Iterator[CatalogueFault]:
    yield from code_faults(path, rule.code, SLUG)
    yield from name_faults(f"{path}.names", rule.names)
    if not rule.law.strip():
        yield CatalogueFault(path=f"{path}.law", reason="is empty")
    if (rule.day is None) == (rule.easter is None):
        yield CatalogueFault(path=path, reason="is either on a fixed day or counted from Easter")
    elif rule.day is not None and not _is_month_day(rule):
        yield CatalogueFault(path=f"{path}.day", reason=f"{rule.day!r} is not a day of the form MM-DD")
    if rule.easter is not None and abs(rule.easter) > FARTHEST_FROM_EASTER_DAYS:
        reason = f"{rule.easter} is more than {FARTHEST_FROM_EASTER_DAYS} days from Easter"
        yield CatalogueFault(path=f"{path}.easter", reason=reason)
    if rule.from_year is not None and rule.until_year is not None and rule.until_year < rule.from_year:
        reason = f"{rule.until_year} is before its first year, {rule.from_year}"
        yield CatalogueFault(path=f"{path}.until_year", reason=reason)


def _is_month_day(rule: DayRule) -> bool:
    in_a_leap_year = replace(rule, from_year=None, until_year=None).falls_on(A_LEAP_YEAR)
    return bool(MONTH_DAY.fullmatch(rule.day or "")) and in_a_leap_year is not None


def _day_off_faults(rules: CalendarRules, off: DayOff) -> Iterator[CatalogueFault]:
    path = f"calendar.days_off.{off.day}"
    if not off.act.strip():
        yield CatalogueFault(path=f"{path}.act", reason="is empty")
    if all(rule.falls_on(off.day.year) != off.day for rule in rules.optional_days):
        yield CatalogueFault(path=path, reason="is not an optional day")


def _office_hours_faults(hours: OfficeHours) -> Iterator[CatalogueFault]:
    """Want both halves of a half day to have some working time."""
    for name, clock, side, is_there in (
        ("opens", hours.opens, "before", hours.opens < NOON),
        ("closes", hours.closes, "after", hours.closes > NOON),
    ):
        path = f"calendar.office_hours.{name}"
        if not CLOCK.fullmatch(clock):
            yield CatalogueFault(path=path, reason=f"{clock!r} is not a time of the form HH:MM")
        elif not is_there:
            yield CatalogueFault(path=path, reason=f"{clock} is not {side} {NOON}, where half days part")


def _suspension_faults(catalogue: Catalogue, suspension: Suspension) -> Iterator[CatalogueFault]:
    path, first, last = f"calendar.suspensions.{suspension.code}", suspension.first_day, suspension.last_day
    yield from code_faults(path, suspension.code, SLUG)
    if not suspension.act.strip():
        yield CatalogueFault(path=f"{path}.act", reason="is empty")
    if last < first:
        yield CatalogueFault(path=f"{path}.last_day", reason=f"{last} is before its first day, {first}")
    if last - first >= LONGEST_SUSPENSION:
        reason = f"suspends more than {LONGEST_SUSPENSION.days} days; renew it by another act"
        yield CatalogueFault(path=f"{path}.last_day", reason=reason)
    for code in suspension.services:
        service = catalogue.services.get(code)
        if service is None:
            yield CatalogueFault(path=f"{path}.services", reason=f"service {code} is unknown")
        elif service.urgency is Urgency.EMERGENCY:
            reason = f"{code} is an emergency, which nothing suspends"
            yield CatalogueFault(path=f"{path}.services", reason=reason)
    for number in suspension.regions:
        if number not in catalogue.regions:
            yield CatalogueFault(path=f"{path}.regions", reason=f"region {number} is unknown")
    for code in suspension.neighbourhoods:
        if code not in catalogue.neighbourhoods:
            yield CatalogueFault(path=f"{path}.neighbourhoods", reason=f"neighbourhood {code} is unknown")
