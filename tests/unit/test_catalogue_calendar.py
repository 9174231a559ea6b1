"""What keeps a calendar from being published, one rule a line, and how the files say it."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.calendars import CalendarRules, DayOff
from chalicelib.domain.holidays import Half, Level
from chalicelib.domain.office_hours import OfficeHours
from chalicelib.domain.suspensions import Suspension
from infra.catalogue_diff import diff
from infra.catalogue_source import load_city, read_catalogue
from tests.city import a_catalogue
from tests.unit.broken_city import Change, faults_of, valid
from tests.unit.small_calendar import a_rule
from tests.unit.test_catalogue_source import CITY, DAY, faults_in, write

CARNIVAL = date(2026, 2, 17)
CALENDAR = """
calendar:
  holidays:
    padroeira: {names: {pt-BR: Padroeira}, day: "02-02", law: Lei 1, level: municipal}
  optional_days:
    carnaval: {names: {pt-BR: Carnaval}, easter: -47, law: Decreto 2, level: municipal}
  half_days:
    cinzas: {names: {pt-BR: Cinzas}, easter: -46, law: Decreto 2, level: municipal, works: afternoon}
  days_off:
    2026-02-17: {act: Decreto 3}
  office_hours: {opens: "09:00", closes: "17:30"}
  suspensions:
    cheia: {act: Decreto 4, first_day: 2026-05-02, last_day: 2026-05-31, regions: [1]}
"""


def holiday(code: str = "festa", **changes: Any) -> Change:
    rule = dataclasses.replace(a_rule(code, day="05-26"), **changes)
    return lambda c: dataclasses.replace(c, calendar=CalendarRules(holidays=(rule,)))


def suspension(**changes: Any) -> Change:
    given: dict[str, Any] = {"act": "Decreto 1", "first_day": date(2026, 5, 2), "last_day": date(2026, 5, 31)}
    one = Suspension(code="cheia", **(given | changes))
    return lambda c: dataclasses.replace(c, calendar=CalendarRules(suspensions=(one,)))


def off(day: date, act: str = "Decreto 1") -> Change:
    rules = CalendarRules(
        optional_days=(a_rule("carnaval", easter=-47),), days_off=(DayOff(day=day, act=act),)
    )
    return lambda c: dataclasses.replace(c, calendar=rules)


def rules(**changes: Any) -> Change:
    return lambda c: dataclasses.replace(c, calendar=CalendarRules(**changes))


CASES: dict[str, tuple[Change, str, str]] = {
    "code unfit": (holiday("Dia 1"), "calendar.holidays.Dia 1", "not a code"),
    "no Portuguese name": (holiday(names={"en": "x"}), "calendar.holidays.festa.names", "no pt-BR text"),
    "no law": (holiday(law=" "), "calendar.holidays.festa.law", "is empty"),
    "on no day": (holiday(day=None), "calendar.holidays.festa", "either on a fixed day or"),
    "on two days": (holiday(easter=1), "calendar.holidays.festa", "either on a fixed day or"),
    "no such day": (holiday(day="02-30"), "calendar.holidays.festa.day", "not a day of the form"),
    "a day of another form": (holiday(day="5-26"), "calendar.holidays.festa.day", "not a day of the form"),
    "a week": (holiday(day="W01-1"), "calendar.holidays.festa.day", "not a day of the form"),
    "far from Easter": (holiday(day=None, easter=200), "calendar.holidays.festa.easter", "more than 80 days"),
    "ends before it begins": (
        holiday(from_year=2026, until_year=2025),
        "calendar.holidays.festa.until_year",
        "before its first year, 2026",
    ),
    "one code, two days": (
        rules(holidays=(a_rule(day="05-26"),), optional_days=(a_rule(day="05-27"),)),
        "calendar",
        "festa appears more than once",
    ),
    "hardly a day to work": (
        rules(holidays=tuple(a_rule(f"f{n}", easter=n % 80) for n in range(101))),
        "calendar",
        "more than 100 special days",
    ),
    "day off that is not optional": (
        off(date(2026, 2, 16)),
        "calendar.days_off.2026-02-16",
        "not an optional",
    ),
    "day off without act": (off(CARNIVAL, act=""), "calendar.days_off.2026-02-17.act", "is empty"),
    "suspension without act": (suspension(act=" "), "calendar.suspensions.cheia.act", "is empty"),
    "suspension that ends before": (
        suspension(last_day=date(2026, 5, 1)),
        "calendar.suspensions.cheia.last_day",
        "before its first day",
    ),
    "suspension for ever": (
        suspension(last_day=date(2036, 5, 1)),
        "calendar.suspensions.cheia.last_day",
        "more than 366 days",
    ),
    "suspension of an unknown service": (
        suspension(services=("x",)),
        "calendar.suspensions.cheia.services",
        "service x is unknown",
    ),
    "suspension of an emergency": (
        suspension(services=("shelter",)),
        "calendar.suspensions.cheia.services",
        "is an emergency",
    ),
    "suspension nowhere": (suspension(regions=(99,)), "calendar.suspensions.cheia.regions", "99 is unknown"),
    "suspension in no neighbourhood": (
        suspension(neighbourhoods=("x",)),
        "calendar.suspensions.cheia.neighbourhoods",
        "x is unknown",
    ),
    "an hour of another form": (
        rules(office_hours=OfficeHours(opens="8:30")),
        "calendar.office_hours.opens",
        "'8:30' is not a time of the form HH:MM",
    ),
    "no such hour": (
        rules(office_hours=OfficeHours(closes="24:00")),
        "calendar.office_hours.closes",
        "'24:00' is not a time of the form HH:MM",
    ),
    "no morning": (
        rules(office_hours=OfficeHours(opens="12:00")),
        "calendar.office_hours.opens",
        "12:00 is not before 12:00",
    ),
    "no afternoon": (
        rules(office_hours=OfficeHours(closes="11:30")),
        "calendar.office_hours.closes",
        "11:30 is not after 12:00",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_rule_names_where_it_is_broken_and_why(case: str) -> None:
    change, path, reason = CASES[case]

    found = faults_of(change(valid()))

    assert [where for where, why in found if where == path and reason in why], found


@pytest.mark.parametrize("change", [holiday(), holiday(day="02-29"), suspension(), off(CARNIVAL)])
def test_a_sound_calendar_has_no_faults(change: Change) -> None:
    assert faults_of(change(valid())) == []


def test_a_file_describes_the_calendar_with_the_keys_as_codes_and_dates(tmp_path: Path) -> None:
    calendar = read_catalogue(write(tmp_path, calendar=CALENDAR), DAY).calendar

    assert (calendar.holidays[0].code, calendar.holidays[0].level) == ("padroeira", Level.MUNICIPAL)
    assert calendar.half_days[0].works is Half.AFTERNOON
    assert calendar.days_off == (DayOff(day=CARNIVAL, act="Decreto 3"),)
    assert calendar.suspensions[0].last_day == date(2026, 5, 31)
    assert calendar.office_hours == OfficeHours(opens="09:00", closes="17:30")


def test_a_city_without_a_calendar_works_from_monday_to_friday(tmp_path: Path) -> None:
    assert read_catalogue(write(tmp_path), DAY).calendar == CalendarRules()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            ", last_day: 2026-05-31",
            "",
            "calendar.yaml: calendar.suspensions.cheia.last_day: is missing",
        ),
        (
            "level: municipal, works",
            "level: planet, works",
            "calendar.yaml: calendar.half_days.cinzas.level: invalid enum value 'planet'",
        ),
        (
            "2026-02-17: {act: Decreto 3}",
            "soon: {act: Decreto 3}",
            "calendar.yaml: calendar.days_off.soon.day: invalid RFC3339 encoded date",
        ),
        ("law: Lei 1, ", "", "calendar.yaml: calendar.holidays.padroeira.law: is missing"),
        (
            "regions: [1]",
            "regions: [7]",
            "calendar.yaml: calendar.suspensions.cheia.regions: region 7 is unknown",
        ),
        (
            'closes: "17:30"',
            "closes: 17:30",
            "calendar.yaml: calendar.office_hours.closes: expected str, got int",
        ),
        ("holidays:", "feriados:", "calendar.yaml: calendar.feriados: unknown field"),
    ],
)
def test_what_is_wrong_in_the_file_is_named_by_its_path(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert old in CALENDAR

    assert fault in faults_in(write(tmp_path, calendar=CALENDAR.replace(old, new, 1)))


def test_a_second_calendar_is_refused(tmp_path: Path) -> None:
    faults = faults_in(write(tmp_path, calendar=CALENDAR, more="calendar: {}"))

    assert faults == ["more.yaml: calendar: is described in calendar.yaml already"]


def test_another_file_can_be_read_in_place_of_the_citys_calendar(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir()
    write(folder, city=CITY, calendar=CALENDAR)
    changed = tmp_path / "changed.yaml"
    changed.write_text(CALENDAR.replace("02-02", "02-03"))

    assert read_catalogue(folder, DAY, changed).calendar.holidays[0].day == "02-03"
    assert read_catalogue(folder, DAY).calendar.holidays[0].day == "02-02"


def test_a_changed_calendar_changes_the_version_and_is_told_field_by_field() -> None:
    before = load_city("porto_alegre", DAY)
    first, *others = before.calendar.holidays
    holidays = (dataclasses.replace(first, law="Lei 2"), *others)
    after = dataclasses.replace(before, calendar=dataclasses.replace(before.calendar, holidays=holidays))

    assert [change.path for change in diff(before, after)] == [f"calendar.holidays.{first.code}.law"]


def test_a_day_off_is_told_by_its_date() -> None:
    before, after = (off(CARNIVAL, act)(a_catalogue()) for act in ("Decreto 1", "Decreto 2"))

    assert [change.path for change in diff(before, after)] == ["calendar.days_off.2026-02-17.act"]
