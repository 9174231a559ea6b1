"""`python -m infra calendar …`: show a city's special days, and what a change of them would move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib import wiring
from chalicelib.domain.calamities import under
from chalicelib.domain.calendars import Calendar, Occasion, OccasionKind
from chalicelib.domain.explanations import KIND_NAMES, DayKind
from chalicelib.domain.holidays import Half, Level
from chalicelib.domain.office_hours import NOON
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.suspensions import Suspension
from infra.calendar_preview import changed_days, changed_suspensions, moved_dates
from infra.catalogue import CityOption, read_city
from infra.deadline import LANGUAGE, WEEKDAYS
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.publication import published
from infra.published_catalogues import ConfigTable
from infra.recount import send_recounts
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="A city's calendar: show, preview, recount.")
LEVELS = {Level.NATIONAL: "nacional", Level.STATE: "estadual", Level.MUNICIPAL: "municipal"}
HALVES = {Half.MORNING: "expediente até 12h", Half.AFTERNOON: "expediente desde 12h"}
YearArgument = Annotated[int, typer.Argument(min=1900, max=2999)]


@app.command()
def show(year: YearArgument, city: CityOption = "porto_alegre") -> None:
    """Show the special days of a year, with the law or act of each, as the city's files have them."""
    catalogue = read_city(city)
    calendar = calendar_of(catalogue)
    table = Table(
        "date", "weekday", "what", "name", "law", "working day", title=f"{catalogue.city.name} {year}"
    )
    for day, occasion in calendar.special_days(year).items():
        working = "yes" if calendar.is_working_day(day) else "no"
        table.add_row(str(day), WEEKDAYS[day.weekday()], *_described(occasion), working)
    Console().print(table)
    for suspension in catalogue.calendar.suspensions:
        if suspension.first_day.year <= year <= suspension.last_day.year:
            typer.echo(_suspended(suspension))
    hours = catalogue.calendar.office_hours
    typer.echo(f"office hours {hours.opens} to {hours.closes}, half days part at {NOON}")
    typer.echo(f"{_working_days(calendar, year)} working days")


@app.command()
def preview(
    year: YearArgument,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Read instead of the city's calendar.yaml."),
    ] = None,
    city: CityOption = "porto_alegre",
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Say which days a changed calendar changes, and how many open due dates it would move."""
    files, target = read_city(city, file), target_of(stage, region)
    before = published(ConfigTable.of(target))
    if before is None:
        typer.secho("no catalogue is published", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    after = replace(before, calendar=files.calendar)
    table = Table("date", "weekday", "published", "changed", title=f"{before.city.name} {year}")
    for changed in changed_days(before, after, year):
        shown = (_short(changed.before), _short(changed.after))
        table.add_row(str(changed.day), WEEKDAYS[changed.day.weekday()], *shown)
    if table.row_count:
        Console().print(table)
    else:
        typer.echo(f"no day of {year} changes")
    for code in changed_suspensions(before, after):
        typer.echo(f"suspension {code} changes")
    enter_stage(target)
    calamities, _ = wiring.calamity_store().read()
    today = calendar_of(before).local_day(wiring.clock().now())
    moved = moved_dates(wiring.index(), *(under(one, calamities, today) for one in (before, after)))
    typer.echo(
        f"{moved.moved} of {moved.open} open due dates would move: "
        f"{moved.later} later, {moved.earlier} earlier"
    )


@app.command()
def recount(stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """Let every open request count its dates anew: after a publication that broke off, or when in doubt."""
    target = target_of(stage, region)
    catalogue = published(ConfigTable.of(target))
    if catalogue is None:
        typer.secho("no catalogue is published", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    send_recounts(target, catalogue)
    typer.echo("open requests count their dates anew in a minute")


def _described(occasion: Occasion) -> tuple[str, str, str]:
    what = KIND_NAMES[DayKind(occasion.kind.value)][LANGUAGE]
    if occasion.kind is OccasionKind.HOLIDAY:
        what += f" {LEVELS[occasion.level]}"
    if occasion.half is not None:
        what += f", {HALVES[occasion.half]}"
    return what, occasion.names[LANGUAGE], occasion.law


def _short(occasion: Occasion | None) -> str:
    if occasion is None:
        return "–"
    what, name, law = _described(occasion)
    return f"{what}: {name} ({law})" + ("" if occasion.works else ", no work")


def _suspended(suspension: Suspension) -> str:
    regions = [f"region {number}" for number in suspension.regions]
    where = ", ".join([*regions, *suspension.neighbourhoods]) or "the whole city"
    services = ", ".join(suspension.services) or "every service"
    period = f"{suspension.first_day} to {suspension.last_day}"
    return f"suspended {period} by {suspension.act}: {services} in {where}, never emergencies"


def _working_days(calendar: Calendar, year: int) -> int:
    length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return sum(calendar.is_working_day(date(year, 1, 1) + timedelta(days=n)) for n in range(length))
