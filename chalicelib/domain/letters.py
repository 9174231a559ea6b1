"""Word what people are told right away: that a request is late, an emergency, a breach of the law's term.

Citizens read Brazilian Portuguese or English, the administration Portuguese. A letter says nothing of the
reporter; of a confidential service it does not even say which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest, State

PORTUGUESE, ENGLISH = "pt-BR", "en"
LONGEST_TEXT_MESSAGE = 160
LONGEST_ADDRESS = 120
CONFIDENTIAL = "serviço sigiloso"


class Medium(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What somebody reads; a text message has no subject."""

    text: str = field(repr=False)
    subject: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says that a request is late."""

    message: str
    forecast: str
    no_forecast: str
    subject: str
    body: str
    day: str


_WORDS: Mapping[str, _Words] = {
    PORTUGUESE: _Words(
        message="156 {city}: a solicitação {protocol}{service} está atrasada. {forecast} Pedimos desculpas.",
        forecast="Nova previsão: {when}.",
        no_forecast="Ainda sem nova previsão.",
        subject="Solicitação {protocol} atrasada",
        body=(
            "A sua solicitação {protocol}{service} está atrasada.\n{forecast}\n\n"
            "Pedimos desculpas pela demora. Para acompanhar, informe o protocolo ao 156.\n\n156 {city}"
        ),
        day="%d/%m/%Y",
    ),
    ENGLISH: _Words(
        message="156 {city}: request {protocol}{service} is late. {forecast} We apologise.",
        forecast="New forecast: {when}.",
        no_forecast="There is no new forecast yet.",
        subject="Request {protocol} is late",
        body=(
            "Your request {protocol}{service} is late.\n{forecast}\n\n"
            "We apologise for the delay. To follow it, give the protocol to 156.\n\n156 {city}"
        ),
        day="%Y-%m-%d",
    ),
}


def late_letter(request: ServiceRequest, medium: Medium, catalogue: Catalogue) -> Letter:
    """Tell the citizen, in the request's language, that it is late and by when it is expected now."""
    language = ENGLISH if request.state.language.lower().startswith(ENGLISH) else PORTUGUESE
    words, forecast_at = _WORDS[language], request.state.forecast_at
    when = local_moment(forecast_at, catalogue, words.day) if forecast_at else ""
    forecast = words.forecast.format(when=when) if when else words.no_forecast
    known = {
        "city": catalogue.city.name,
        "protocol": display_protocol(request.protocol),
        "forecast": forecast,
    }
    name = "" if request.state.confidential else service_name(request.state, catalogue, language)
    if medium is Medium.EMAIL:
        body = words.body.format(service=f" ({name})" if name else "", **known)
        return Letter(text=body, subject=words.subject.format(**known))
    room = LONGEST_TEXT_MESSAGE - len(words.message.format(service="", **known)) - len(" ()")
    service = f" ({shortened(name, room)})" if name and room > 1 else ""
    return Letter(text=words.message.format(service=service, **known))


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
