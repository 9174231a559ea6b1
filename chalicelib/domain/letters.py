"""Word what the administration is told right away: an emergency, a breach of the law's term.

It reads Portuguese; what citizens read is published as data. A letter says nothing of the reporter; of a
confidential service it does not even say which one it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest, State

PORTUGUESE = "pt-BR"
LONGEST_ADDRESS = 120
CONFIDENTIAL = "serviço sigiloso"


class Medium(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"
    WHATSAPP = "whatsapp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody reads; a text message has no subject.

    What WhatsApp takes is the name of a template that it has approved, and the words for its places.
    """

    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    template: str = ""
    parameters: tuple[str, ...] = field(default=(), repr=False)


def alert_letter(request: ServiceRequest, catalogue: Catalogue, base_url: str) -> Letter:
    """Call somebody on call to an emergency: what, where, until when, and where to accept it."""
    state, protocol = request.state, display_protocol(request.protocol)
    service = told_service(state, catalogue)
    due = local_moment(state.rework_due_at or state.due_at, catalogue, "%d/%m")
    return Letter(
        text=(
            f"URGENTE 156 {protocol}: {service}. {told_place(request, catalogue)}. Prazo: {due}. "
            f"Responda aceitando no sistema: {base_url}/v1/requests/{request.protocol}"
        ),
        subject=f"URGENTE: {service}, solicitação {protocol}",
    )


def breach_letter(request: ServiceRequest, catalogue: Catalogue, base_url: str) -> Letter:
    """Tell the controller that the law's term for an answer has passed."""
    protocol, state = display_protocol(request.protocol), request.state
    due = local_moment(state.legal_due_at, catalogue) if state.legal_due_at else "não informado"
    return Letter(
        text=(
            f"A manifestação {protocol} ({told_service(state, catalogue)}), com {state.secretariat}, "
            f"passou do prazo legal de resposta (Lei 13.460/2017, art. 16): {due}.\n\n"
            f"{base_url}/v1/requests/{request.protocol}"
        ),
        subject=f"Prazo legal vencido: manifestação {protocol}",
    )


def told_service(state: State, catalogue: Catalogue) -> str:
    """Name the service to the administration, in a message that others may see."""
    return CONFIDENTIAL if state.confidential else service_name(state, catalogue, PORTUGUESE)


def service_name(state: State, catalogue: Catalogue, language: str) -> str:
    """Name the service, also one that the catalogue no longer has."""
    service = catalogue.services.get(state.service)
    return (service.names.get(language) or service.names[PORTUGUESE]) if service else state.service


def told_place(request: ServiceRequest, catalogue: Catalogue) -> str:
    """Say where it is; of a confidential service the neighbourhood alone."""
    place, words = request.state.place, list[str]()
    if place is None:
        return "Sem local informado"
    if not request.state.confidential:
        texts = (request.latest_text(name) for name in ("address", "landmark"))
        words += [shortened(text, LONGEST_ADDRESS) for text in texts if isinstance(text, str)]
        if not words and place.point is not None:
            words.append(f"{place.point.lat:.5f}, {place.point.lon:.5f}")
    if place.neighbourhood:
        words.append(neighbourhood_name(place.neighbourhood, catalogue))
    return ", ".join(words) or "Sem local informado"


def neighbourhood_name(code: str, catalogue: Catalogue) -> str:
    """Name a neighbourhood, also one that the catalogue no longer has."""
    known = catalogue.neighbourhoods.get(code)
    return known.name if known else code


def local_moment(moment: datetime, catalogue: Catalogue, day: str = "%d/%m/%Y") -> str:
    """Write an instant on the city's clock; the end of a day, which most dates are, as the day alone."""
    local = moment.astimezone(ZoneInfo(catalogue.city.timezone))
    is_end_of_day = (local.hour, local.minute) == (23, 59)
    return f"{local:{day}}" if is_end_of_day else f"{local:{day} %H:%M}"


def shortened(text: str, most: int) -> str:
    """Cut a text to at most so many characters, and show that it was cut."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
