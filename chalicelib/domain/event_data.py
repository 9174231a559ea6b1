"""State what a secretariat is told of a request: facts of the work, never who reported it.

These types are published as JSON Schemas, so a field's name, type and meaning are a promise to
other people's systems: add optional fields, never change or remove one within `v1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.people import Role
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A stable code, and the name the catalogue in force gives it in Portuguese."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPlace:
    """Where the work is: WGS84 position, neighbourhood, region, and what the citizen said of it."""

    lat: float | None
    lon: float | None
    neighbourhood: Named | None
    region: int | None
    address: str | None
    landmark: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The decision that this message is about, with its public text and the photos it brought."""

    type: EntryType
    at: datetime
    by: Role
    text: str | None
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRejection:
    """Why the request will not be done, and on what legal basis; None where that was erased."""

    at: datetime
    reason: str
    legal_basis: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldResolution:
    """What was done, by the secretariat's own account; photos are links that need its key."""

    at: datetime
    reason: str | None
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where to read and change the request, with the secretariat's key."""

    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestData:
    """The whole request as it stood after decision `seq`, for whoever holds it.

    `description`, free-text attributes, `landmark` and `happened.text` are null where the service is
    confidential (read them through `links.request`) and where they were erased. `escalation` is the highest
    level of delay reached since the last opening: what carries one goes before what does not.
    """

    protocol: Protocol
    seq: int
    generation: int
    status: Status
    happened: Happened
    service: Named
    kind: Kind
    urgency: Urgency
    priority: int
    confidential: bool
    secretariat: str
    unit: str | None
    opened_at: datetime
    due_at: datetime
    provisional: bool
    acknowledge_by: datetime | None
    first_action_by: datetime | None
    rework_due_at: datetime | None
    accepted_at: datetime | None
    scheduled_for: datetime | None
    place: ToldPlace | None
    attributes: Mapping[str, Any]
    description: str | None
    photos: tuple[str, ...]
    external_number: str | None
    duplicate_of: str | None
    resolution: ToldResolution | None
    rejection: ToldRejection | None
    links: Links
    escalation: str | None = None
    forecast_at: datetime | None = None
    justify_by: datetime | None = None
    legal_due_at: datetime | None = None
    contests: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnData:
    """The request left this secretariat with decision `seq`; `now_with` holds it from then on."""

    protocol: Protocol
    seq: int
    happened: Happened
    now_with: str
    links: Links


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedText:
    """A text to delete: `field` of the data of message `from_seq`, and wherever it came later."""

    from_seq: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedData:
    """Personal texts were erased at the citizen's demand; whoever received them deletes his copies."""

    protocol: Protocol
    seq: int
    happened: Happened
    erased: tuple[ErasedText, ...]
    links: Links
