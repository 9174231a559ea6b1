"""Word what pages show of a request, in the language of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import wiring, wiring_citizen
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.citizen_view import told_to_citizen
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest

DAY_FORMATS = {"en": "%d %b %Y"}
DAY_FORMAT = "%d/%m/%Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """One line of the timeline."""

    words: str
    at: str
    texts: Sequence[str | None]


def facts_of(request: ServiceRequest, language: str) -> dict[str, Any]:
    """Say what everybody may know who has a link of the request: never who reported it."""
    state, catalogue = request.state, wiring.catalogue().current()
    rows = [
        ("protocol", display_protocol(request.protocol)),
        ("service", service_name(request, catalogue, language)),
        ("secretariat", secretariat_name(request, catalogue)),
        ("opened", moment(state.opened_at, language)),
    ]
    if state.is_open:
        rows.append(("due", moment(state.rework_due_at or state.due_at, language)))
    if state.is_open and state.forecast_at:
        rows.append(("forecast", moment(state.forecast_at, language)))
    if state.scheduled_for:
        rows.append(("visit", moment(state.scheduled_for, language)))
    status = wiring_citizen.pages().text(language, f"status.{state.status}")
    return {"facts": rows, "status": status, "status_code": state.status.value}


def timeline_of(request: ServiceRequest, language: str) -> list[ToldLine]:
    """Tell the reporter what happened, the newest first."""
    pages = wiring_citizen.pages()
    lines = [
        ToldLine(
            words=pages.text(language, f"told.{told.type}"), at=moment(told.at, language), texts=told.texts
        )
        for told in told_to_citizen(request)
    ]
    return lines[::-1]


def moment(at: datetime, language: str) -> str:
    """Write an instant on the city's clock; the end of a day, which most dates are, as the day alone."""
    local = at.astimezone(ZoneInfo(wiring.catalogue().current().city.timezone))
    day = DAY_FORMATS.get(language, DAY_FORMAT)
    return f"{local:{day}}" if (local.hour, local.minute) == (23, 59) else f"{local:{day} %H:%M}"


def service_name(request: ServiceRequest, catalogue: Catalogue, language: str) -> str:
    """Name the service, also one that the catalogue no longer has."""
    service = catalogue.services.get(request.state.service)
    return (service.names.get(language) or service.names["pt-BR"]) if service else request.state.service


def secretariat_name(request: ServiceRequest, catalogue: Catalogue) -> str:
    """Name the secretariat, also one that the catalogue no longer has."""
    known = catalogue.secretariats.get(request.state.secretariat)
    return known.name if known else request.state.secretariat
