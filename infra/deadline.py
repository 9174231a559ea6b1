"""`python -m infra deadline …`: count a deadline and say, day by day, how."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines import explain
from chalicelib.domain.explanations import KIND_NAMES, DayKind, ExplainedDay, Explanation
from chalicelib.domain.neighbourhoods import neighbourhood_named
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.suspensions import Subject
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue import CityOption, read_city

LANGUAGE = "pt-BR"
WEEKDAYS = (
    "segunda-feira",
    "terça-feira",
    "quarta-feira",
    "quinta-feira",
    "sexta-feira",
    "sábado",
    "domingo",
)
UNITS = {TermUnit.WORKING_DAYS: "{}º dia útil", TermUnit.CALENDAR_DAYS: "{}º dia", TermUnit.HOURS: "{} h"}


def deadline(
    opened: Annotated[str, typer.Option(help="2026-01-30T10:00, in the city's time unless it says more.")],
    amount: Annotated[int, typer.Option(min=1, max=366, help="How many days or hours.")],
    unit: Annotated[TermUnit, typer.Option(help="How they are counted.")],
    city: CityOption = "porto_alegre",
    service: Annotated[str | None, typer.Option(help="Its code; decides which suspensions matter.")] = None,
    neighbourhood: Annotated[str | None, typer.Option(help="Likewise; its code or name.")] = None,
) -> None:
    """Explain a deadline day by day; the last line is the date, or the instant of a term in hours."""
    catalogue = read_city(city)
    calendar = calendar_of(catalogue).suspended_for(_subject(catalogue, service, neighbourhood))
    explained = explain(Term(amount=amount, unit=unit), _moment(opened, calendar.timezone), calendar)
    for day in explained.days:
        typer.echo(f"{WEEKDAYS[day.day.weekday()]:<14} {day.day:%d/%m/%Y}  {_what(day, unit)}")
    typer.echo(f"due {_end(explained, calendar.timezone)}")


def _subject(catalogue: Catalogue, service: str | None, neighbourhood: str | None) -> Subject:
    if service is not None and service not in catalogue.services:
        raise typer.BadParameter(f"no service {service}", param_hint="--service")
    place = neighbourhood_named(catalogue, neighbourhood) if neighbourhood else None
    if neighbourhood and place is None:
        raise typer.BadParameter(f"no neighbourhood {neighbourhood}", param_hint="--neighbourhood")
    return Subject(
        service=service,
        neighbourhood=place.code if place else None,
        region=place.region if place else None,
    )


def _moment(text: str, timezone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write 2026-01-30T10:00", param_hint="--opened") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))


def _what(day: ExplainedDay, unit: TermUnit) -> str:
    reason = KIND_NAMES[day.kind][LANGUAGE]
    reason += f": {day.names[LANGUAGE]}" if day.names else ""
    reason += f" ({day.law})" if day.law else ""
    if not day.counted:
        return reason
    count = UNITS[unit].format(day.count)
    return count if day.kind is DayKind.COUNTED else f"{count}, {reason}"


def _end(explained: Explanation, timezone: str) -> str:
    local = explained.due_at.astimezone(ZoneInfo(timezone))
    is_exact = explained.term.unit is TermUnit.HOURS
    return local.isoformat(timespec="minutes") if is_exact else local.date().isoformat()
