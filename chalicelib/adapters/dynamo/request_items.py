"""Turn requests into items of the `requests` table and back, exactly; every store uses this codec."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.domain.places import cell_of
from chalicelib.domain.private import Private
from chalicelib.domain.protocols import Protocol, day_of
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.timeline import Entry
from chalicelib.domain.timers import binding_due_at, timer_shard

Item = dict[str, Any]
"""An item as plain values: text becomes `S`, whole numbers `N`, bytes `B`."""

COMPRESSION = 1
"""The fastest level: it halves what a write, and every write after it, costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    state: State
    timeline: tuple[Entry, ...]


_encoder = msgspec.json.Encoder()
_documents = msgspec.json.Decoder(_Document)
_privates = msgspec.json.Decoder(dict[str, Private])


def item_of(request: ServiceRequest, write_id: str, timer_at: datetime | None) -> Item:
    """Write a request as an item, filed under its next timer; index attributes are there only if wanted."""
    document = _Document(state=request.state, timeline=request.timeline)
    return {
        "protocol": request.protocol,
        "version": request.version,
        "write_id": write_id,
        "document": zlib.compress(_encoder.encode(document), COMPRESSION),
        "private": _encoder.encode(request.private).decode(),
        "updated_at": sortable(request.updated_at),
        **_index_attributes(request),
        **timer_attributes(request.protocol, timer_at),
    }


def request_of(item: Mapping[str, Any]) -> ServiceRequest:
    """Read a request back, validating every type.

    Raises:
        msgspec.DecodeError, zlib.error: the item is not one that this release can read.
    """
    document = _documents.decode(zlib.decompress(item["document"]))
    return ServiceRequest(
        protocol=Protocol(item["protocol"]),
        state=document.state,
        timeline=document.timeline,
        private=_privates.decode(item["private"]),
    )


def timer_attributes(protocol: Protocol, timer_at: datetime | None) -> Item:
    """Write under which shard and instant a request is filed; nothing if nobody has to look at it."""
    if timer_at is None:
        return {}
    return {"timer_shard": timer_shard(protocol), "timer_at": sortable(timer_at)}


def stored_timer(item: Mapping[str, Any]) -> datetime | None:
    """Read the instant that an item is filed under."""
    text = item.get("timer_at")
    return datetime.fromisoformat(text) if text else None


def place_key(service: str, cell: str) -> str:
    """Name the partition of the `place` index that holds a service's open requests in a cell."""
    return f"{service}#{cell}"


def sortable(moment: datetime) -> str:
    """Write an instant so that texts sort as times do: UTC, always six decimals."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _index_attributes(request: ServiceRequest) -> Item:
    state = request.state
    attributes: Item = {
        "opened_day": day_of(request.protocol).isoformat(),
        "opened_at": sortable(state.opened_at),
    }
    if (person_key := request.person_key) is not None:
        attributes["person_key"] = person_key
    if state.is_open:
        attributes["secretariat"] = state.secretariat
        attributes["due_at"] = sortable(binding_due_at(state))
        if state.place is not None and state.place.point is not None:
            attributes["place_cell"] = place_key(state.service, cell_of(state.place.point))
    return attributes
