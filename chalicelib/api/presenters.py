"""Present requests: how much is shown depends on the view that access rules chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.api.views import (
    EntryView,
    HoldingView,
    MessageView,
    NamedView,
    OpenedView,
    PlaceView,
    PointView,
    RejectionView,
    RequestView,
    ResolutionView,
    TermView,
)
from chalicelib.domain.access import View
from chalicelib.domain.catalogue import Catalogue, Names
from chalicelib.domain.citizen_view import CITIZENS_TEXTS, is_shown_to_citizen
from chalicelib.domain.levels import highest_level
from chalicelib.domain.people import Role
from chalicelib.domain.private import Erased
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import CONTACT_KEYS, ServiceRequest
from chalicelib.domain.terms import Term
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status

if TYPE_CHECKING:
    from chalicelib.services.intake import Opened
    from chalicelib.services.ports.notices import Send

ERASED = "[apagado]"
STATUS_NAMES: Mapping[Status, Names] = {
    Status.TRIAGE: {"pt-BR": "em triagem", "en": "in triage"},
    Status.QUEUED: {"pt-BR": "encaminhada à secretaria", "en": "sent to the secretariat"},
    Status.IN_PROGRESS: {"pt-BR": "em andamento", "en": "in progress"},
    Status.SCHEDULED: {"pt-BR": "agendada", "en": "scheduled"},
    Status.WAITING_CITIZEN: {"pt-BR": "aguardando o cidadão", "en": "waiting for the citizen"},
    Status.WAITING_THIRD_PARTY: {"pt-BR": "aguardando terceiros", "en": "waiting for a third party"},
    Status.RESOLVED: {"pt-BR": "resolvida", "en": "resolved"},
    Status.REJECTED: {"pt-BR": "não atendida", "en": "not met"},
    Status.DUPLICATE: {"pt-BR": "duplicada", "en": "duplicate"},
    Status.CLOSED: {"pt-BR": "encerrada", "en": "closed"},
    Status.CANCELLED: {"pt-BR": "cancelada", "en": "cancelled"},
    Status.ARCHIVED: {"pt-BR": "arquivada", "en": "archived"},
}
INTERNAL_DATA = frozenset({"changes", "texts", "command"})


def named(names: Names, language: str) -> str:
    """Choose the text of a language; Brazilian Portuguese where there is none."""
    return names.get(language) or names["pt-BR"]


def service_named(catalogue: Catalogue, code: str, language: str) -> NamedView:
    """Name a service, also one that the catalogue no longer has."""
    service = catalogue.services.get(code)
    return NamedView(code=code, name=named(service.names, language) if service else code)


def secretariat_named(catalogue: Catalogue, code: str) -> NamedView:
    """Name a secretariat, also one that the catalogue no longer has."""
    known = catalogue.secretariats.get(code)
    return NamedView(code=code, name=known.name if known else code)


def present_term(term: Term) -> TermView:
    """Present a promised duration with its origin."""
    return TermView(amount=term.amount, unit=term.unit.value, basis=term.basis.value, source=term.source)


def present_opened(opened: Opened, catalogue: Catalogue, language: str, base_url: str) -> OpenedView:
    """Present the result of an intake as it was at the opening, however the request went on."""
    protocol = opened.request.protocol
    first: dict[str, Any] = opened.request.timeline[0].data["changes"]
    return OpenedView(
        protocol=protocol,
        protocol_display=display_protocol(protocol),
        access_code=opened.access_code,
        status=first["status"],
        service=service_named(catalogue, first["service"], language),
        secretariat=secretariat_named(catalogue, first["secretariat"]),
        opened_at=first["opened_at"],
        due_at=first["due_at"],
        provisional=first["provisional"],
        links={"self": f"{base_url}/v1/requests/{protocol}"},
    )


def present_request(
    request: ServiceRequest,
    view: View,
    catalogue: Catalogue,
    language: str,
    followers: int | None = None,
    sends: Sequence[Send] = (),
) -> RequestView:
    """Present as much of a request as `view` allows; `sends` are those that it lets the caller see."""
    state = request.state
    shown: dict[str, Any] = {
        "protocol": request.protocol,
        "protocol_display": display_protocol(request.protocol),
        "view": view.value,
        "status": state.status.value,
        "status_name": named(STATUS_NAMES[state.status], language),
        "open": state.is_open,
        "service": service_named(catalogue, state.service, language),
        "secretariat": secretariat_named(catalogue, state.secretariat),
        "opened_at": state.opened_at,
        "received_at": None if state.received_at == state.opened_at else state.received_at,
        "updated_at": request.updated_at,
        "due_at": state.due_at,
        "provisional": state.provisional,
        "rework_due_at": state.rework_due_at,
        "forecast_at": state.forecast_at,
        "scheduled_for": state.scheduled_for,
        "duplicate_of": state.duplicate_of,
        "contests": None if view is View.PUBLIC else state.contests,
        "place": _place(request, view),
        "resolution": _resolution(request, view),
        "rejection": _rejection(request, view),
    }
    if view is not View.PUBLIC:
        shown |= _details(request, view) | {"followers": followers, "contacts": tuple(map(_sent, sends))}
    if view in (View.SECRETARIAT, View.CENTRE):
        shown |= _working_details(request)
    if view is View.CENTRE or (view is View.SECRETARIAT and not state.confidential):
        shown["reporter"] = _reporter(request)
    return RequestView(**shown)


def _details(request: ServiceRequest, view: View) -> dict[str, Any]:
    state = request.state
    answers = {
        name.removeprefix("attributes."): _shown(request.latest_text(name))
        for name in sorted(_text_names(request))
        if name.startswith("attributes.")
    }
    return {
        "version": request.version,
        "kind": state.kind.value,
        "urgency": state.urgency.value,
        "channel": state.channel.value,
        "description": _shown(request.latest_text("description")),
        "attributes": {**state.attributes, **answers},
        "photos": state.photos,
        "timeline": tuple(
            _entry(request, entry, view) for entry in request.timeline if _is_shown(entry, view)
        ),
    }


def _working_details(request: ServiceRequest) -> dict[str, Any]:
    state = request.state
    past = tuple(HoldingView(secretariat=h.secretariat, since=h.since, until=h.until) for h in state.holdings)
    now = HoldingView(secretariat=state.secretariat, since=state.held_since)
    return {
        "priority": state.priority,
        "unit": state.unit,
        "acknowledge_by": state.acknowledge_by,
        "first_action_by": state.first_action_by,
        "accepted_at": state.accepted_at,
        "external_number": state.external_number,
        "generation": state.generation,
        "escalation": highest_level(state.escalated),
        "justify_by": state.justify_by,
        "legal_due_at": state.legal_due_at,
        "held": (*past, now),
    }


def _sent(send: Send) -> MessageView:
    return MessageView(
        to=send.to,
        medium=send.medium,
        status=send.status,
        at=send.at,
        kind=send.kind,
        seq=send.seq,
        reason=send.reason,
        receipt=send.receipt,
        receipt_at=send.receipt_at,
    )


def _place(request: ServiceRequest, view: View) -> PlaceView | None:
    place = request.state.place
    if place is None or (view is View.PUBLIC and request.state.confidential):
        return None
    if view is View.PUBLIC:
        return PlaceView(neighbourhood=place.neighbourhood, region=place.region, suggested=place.suggested)
    return PlaceView(
        neighbourhood=place.neighbourhood,
        region=place.region,
        suggested=place.suggested,
        point=PointView(lat=place.point.lat, lon=place.point.lon) if place.point else None,
        address=_shown(request.latest_text("address")),
        landmark=_shown(request.latest_text("landmark")),
    )


def _resolution(request: ServiceRequest, view: View) -> ResolutionView | None:
    resolution = request.state.resolution
    if resolution is None:
        return None
    open_view = view is View.PUBLIC
    return ResolutionView(
        at=resolution.at,
        reason=resolution.reason,
        answer=None if open_view else _text_of(request, EntryType.RESOLVED, "answer"),
        photos=() if open_view else resolution.photos,
    )


def _rejection(request: ServiceRequest, view: View) -> RejectionView | None:
    rejection = request.state.rejection
    if rejection is None:
        return None
    answer = None if view is View.PUBLIC else _text_of(request, EntryType.REJECTED, "answer")
    return RejectionView(
        at=rejection.at,
        reason=rejection.reason,
        legal_basis=_text_of(request, EntryType.REJECTED, "legal_basis") or "",
        answer=answer,
    )


def _reporter(request: ServiceRequest) -> dict[str, str]:
    names = sorted(name for name in _text_names(request) if name.startswith("reporter."))
    texts = {name.removeprefix("reporter."): _shown(request.latest_text(name)) for name in names}
    return {name: text for name, text in texts.items() if text}


def _is_shown(entry: Entry, view: View) -> bool:
    return view is not View.CITIZEN or is_shown_to_citizen(entry)


def _entry(request: ServiceRequest, entry: Entry, view: View) -> EntryView:
    names = list(entry.text_names)
    if view is View.CITIZEN:
        names = [name for name in names if name in CITIZENS_TEXTS.get(entry.type, ())]
    texts = {name: _shown(request.text(entry.seq, name)) or "" for name in names if not _is_opening(name)}
    facts = {name: value for name, value in entry.data.items() if name not in INTERNAL_DATA}
    staff = entry.actor.role is not Role.CITIZEN and view is not View.CITIZEN
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        type=entry.type.value,
        by=entry.actor.name if staff else entry.actor.role.value,
        secretariat=entry.actor.secretariat,
        channel=entry.channel.value if entry.channel else None,
        texts=texts,
        facts=facts if view is not View.CITIZEN else {},
    )


def _is_opening(name: str) -> bool:
    """Tell whether a text is shown in a place of its own, or nowhere, rather than in the timeline."""
    own_place = ("description", "address", "landmark", CONTACT_KEYS)
    return name.startswith(("reporter.", "attributes.")) or name in own_place


def _text_names(request: ServiceRequest) -> set[str]:
    return {name for entry in request.timeline for name in entry.text_names}


def _text_of(request: ServiceRequest, entry_type: EntryType, name: str) -> str | None:
    seq = max(entry.seq for entry in request.timeline if entry.type is entry_type)
    return _shown(request.text(seq, name))


def _shown(text: str | Erased | None) -> str | None:
    return ERASED if isinstance(text, Erased) else text
