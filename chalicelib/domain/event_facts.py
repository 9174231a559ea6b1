"""Derive what a secretariat is told from the timeline: which texts, which facts, after which decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.event_data import (
    ErasedText,
    Happened,
    Links,
    Named,
    RequestData,
    ToldPlace,
    ToldRejection,
    ToldResolution,
)
from chalicelib.domain.levels import highest_level
from chalicelib.domain.private import Erased
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status

TOLD_TEXTS: Mapping[EntryType, str] = {
    EntryType.ASKED: "question",
    EntryType.ANSWERED: "answer",
    EntryType.REVIVED: "answer",
    EntryType.RESUMED: "answer",
    EntryType.COMMENTED: "comment",
    EntryType.RESOLVED: "answer",
    EntryType.REJECTED: "answer",
    EntryType.CONTESTED: "reason",
    EntryType.REOPENED: "reason",
}
"""The text of a decision that is told: what the citizen said to the secretariat or reads from it.

Internal notes and comments, reasons of classification, return and cancellation stay at the centre,
where access rules and the reading log apply: people write names and telephone numbers into them.
"""

WORK_TEXTS = ("description", "address", "landmark")
ANSWERS = "attributes."
_OPTIONAL_MOMENTS = (
    "acknowledge_by",
    "first_action_by",
    "rework_due_at",
    "accepted_at",
    "scheduled_for",
    "forecast_at",
    "justify_by",
    "legal_due_at",
)


def request_data(
    request: ServiceRequest, entry: Entry, state: Mapping[str, Any], catalogue: Catalogue, base_url: str
) -> RequestData:
    """Describe `request` as it stood after `entry`; `state` is the fold up to there, as plain values."""
    texts = _texts_until(request, entry.seq)
    hidden = is_confidential(request, state)
    answers = {name.removeprefix(ANSWERS): text for name, text in texts.items() if name.startswith(ANSWERS)}
    service = catalogue.services.get(state["service"])
    return RequestData(
        protocol=request.protocol,
        seq=entry.seq,
        generation=state["generation"],
        status=Status(state["status"]),
        happened=happened(request, entry, base_url, hidden=hidden),
        service=Named(code=state["service"], name=service.names["pt-BR"] if service else state["service"]),
        kind=Kind(state["kind"]),
        urgency=Urgency(state["urgency"]),
        priority=state["priority"],
        confidential=state["confidential"],
        secretariat=state["secretariat"],
        unit=state["unit"],
        opened_at=datetime.fromisoformat(state["opened_at"]),
        due_at=datetime.fromisoformat(state["due_at"]),
        provisional=state["provisional"],
        place=_place(state["place"], texts, catalogue, hidden=hidden),
        attributes={**state["attributes"], **(dict.fromkeys(answers) if hidden else answers)},
        description=None if hidden else texts.get("description"),
        photos=_photos(request, state["photos"], base_url),
        external_number=state["external_number"],
        duplicate_of=state["duplicate_of"],
        contests=state.get("contests"),
        resolution=_resolution(request, state["resolution"], base_url),
        rejection=_rejection(request, entry.seq, state["rejection"]),
        links=links(request, base_url),
        escalation=highest_level(state.get("escalated", ())),
        **{name: _moment(state.get(name)) for name in _OPTIONAL_MOMENTS},
    )


def is_confidential(request: ServiceRequest, state: Mapping[str, Any]) -> bool:
    """Tell whether free texts stay at the centre: once confidential, old messages hide them too."""
    return bool(state["confidential"]) or request.state.confidential


def happened(request: ServiceRequest, entry: Entry, base_url: str, *, hidden: bool) -> Happened:
    """Describe a decision by what may be told of it; never by whom, only in which role."""
    name = TOLD_TEXTS.get(entry.type)
    internal = entry.type is EntryType.COMMENTED and not entry.data.get("public")
    text = request.text(entry.seq, name) if name and not hidden and not internal else None
    return Happened(
        type=entry.type,
        at=entry.at,
        by=entry.actor.role,
        text=text if isinstance(text, str) else None,
        photos=_photos(request, entry.data.get("photos", ()), base_url),
    )


def erased_texts(request: ServiceRequest, entry: Entry) -> tuple[ErasedText, ...]:
    """List those of the erased texts that a message has carried."""
    found = []
    for path in entry.data.get("erased", ()):
        seq, _, name = path.partition(".")
        if name in WORK_TEXTS or name.startswith(ANSWERS):
            field = name if name == "description" or name.startswith(ANSWERS) else f"place.{name}"
            found.append(ErasedText(from_seq=int(seq), field=field))
        elif name == "legal_basis":
            found.append(ErasedText(from_seq=int(seq), field="rejection.legal_basis"))
        elif TOLD_TEXTS.get(request.timeline[int(seq) - 1].type) == name:
            found.append(ErasedText(from_seq=int(seq), field="happened.text"))
    return tuple(found)


def links(request: ServiceRequest, base_url: str) -> Links:
    """Link to the request."""
    return Links(request=f"{base_url}/v1/requests/{request.protocol}")


def _texts_until(request: ServiceRequest, seq: int) -> dict[str, str | None]:
    """Collect the texts the work needs as they stood after decision `seq`; erased ones are None."""
    texts: dict[str, str | None] = {}
    for entry in request.timeline[:seq]:
        for name in entry.text_names:
            if name in WORK_TEXTS or name.startswith(ANSWERS):
                text = request.text(entry.seq, name)
                texts[name] = None if isinstance(text, Erased) else text
    return texts


def _place(
    place: Mapping[str, Any] | None, texts: Mapping[str, str | None], catalogue: Catalogue, *, hidden: bool
) -> ToldPlace | None:
    """Say where to go: the address always, the landmark (often "in front of my house") unless hidden."""
    address, landmark = texts.get("address"), None if hidden else texts.get("landmark")
    if place is None and address is None and landmark is None:
        return None
    point, code = (place or {}).get("point") or {}, (place or {}).get("neighbourhood")
    known = catalogue.neighbourhoods.get(code) if code else None
    return ToldPlace(
        lat=point.get("lat"),
        lon=point.get("lon"),
        neighbourhood=Named(code=code, name=known.name if known else code) if code else None,
        region=(place or {}).get("region"),
        address=address,
        landmark=landmark,
    )


def _photos(request: ServiceRequest, photos: Iterable[str], base_url: str) -> tuple[str, ...]:
    return tuple(f"{base_url}/v1/requests/{request.protocol}/photos/{photo}" for photo in photos)


def _resolution(
    request: ServiceRequest, resolution: Mapping[str, Any] | None, base_url: str
) -> ToldResolution | None:
    if resolution is None:
        return None
    return ToldResolution(
        at=datetime.fromisoformat(resolution["at"]),
        reason=resolution["reason"],
        photos=_photos(request, resolution["photos"], base_url),
    )


def _rejection(
    request: ServiceRequest, seq: int, rejection: Mapping[str, Any] | None
) -> ToldRejection | None:
    if rejection is None:
        return None
    decided = max(entry.seq for entry in request.timeline[:seq] if entry.type is EntryType.REJECTED)
    basis = request.text(decided, "legal_basis")
    return ToldRejection(
        at=datetime.fromisoformat(rejection["at"]),
        reason=rejection["reason"],
        legal_basis=basis if isinstance(basis, str) else None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
