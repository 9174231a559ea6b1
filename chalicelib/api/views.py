"""Shape what callers see; the OpenAPI document is made of these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class View(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An answer; what is empty or not the caller's to see is left out."""


class NamedView(View):
    """A code and the name it is shown under."""

    code: str
    name: str


class PointView(View):
    """A WGS84 position."""

    lat: float
    lon: float


class PlaceView(View):
    """Where it happens; a `suggested` neighbourhood is the nearest one, nobody named it."""

    neighbourhood: str | None = None
    region: int | None = None
    suggested: bool = False
    point: PointView | None = None
    address: str | None = None
    landmark: str | None = None


class EntryView(View):
    """One decision of the timeline."""

    seq: int
    at: datetime
    type: str
    by: str
    secretariat: str | None = None
    channel: str | None = None
    texts: Mapping[str, str] = {}
    facts: Mapping[str, Any] = {}


class HoldingView(View):
    """How long a secretariat had the request."""

    secretariat: str
    since: datetime
    until: datetime | None = None


class ResolutionView(View):
    """What the secretariat says it did."""

    at: datetime
    reason: str | None = None
    answer: str | None = None
    photos: tuple[str, ...] = ()


class RejectionView(View):
    """Why it will not be done."""

    at: datetime
    reason: str
    legal_basis: str
    answer: str | None = None


class RequestView(View):
    """A request, as much of it as the caller may see (`view`)."""

    protocol: str
    protocol_display: str
    view: str
    status: str
    status_name: str
    open: bool
    service: NamedView
    secretariat: NamedView
    opened_at: datetime
    updated_at: datetime
    due_at: datetime
    provisional: bool = False
    rework_due_at: datetime | None = None
    scheduled_for: datetime | None = None
    duplicate_of: str | None = None
    resolution: ResolutionView | None = None
    rejection: RejectionView | None = None
    place: PlaceView | None = None
    version: int | None = None
    kind: str | None = None
    urgency: str | None = None
    priority: int | None = None
    channel: str | None = None
    unit: str | None = None
    description: str | None = None
    attributes: Mapping[str, Any] = {}
    photos: tuple[str, ...] = ()
    acknowledge_by: datetime | None = None
    first_action_by: datetime | None = None
    accepted_at: datetime | None = None
    external_number: str | None = None
    generation: int | None = None
    followers: int | None = None
    held: tuple[HoldingView, ...] = ()
    reporter: Mapping[str, str] = {}
    timeline: tuple[EntryView, ...] = ()


class OpenedView(View):
    """What a citizen leaves with."""

    protocol: str
    protocol_display: str
    access_code: str
    status: str
    service: NamedView
    secretariat: NamedView
    opened_at: datetime
    due_at: datetime
    provisional: bool
    links: Mapping[str, str]


class NearbyView(View):
    """An open request of the same service close by."""

    protocol: str
    distance_m: int
    status: str
    opened_at: datetime
    due_at: datetime
    neighbourhood: str | None = None


class NearbyList(View):
    """Open requests close by, the nearest first."""

    items: tuple[NearbyView, ...]


class WorkPage(View):
    """A page of requests; `next` continues it."""

    items: tuple[RequestView, ...]
    next: str | None = None


class FollowView(View):
    """The request that is followed now; `already` if it was before."""

    protocol: str
    following: bool
    already: bool


class ContactView(View):
    """A recorded contact."""

    contact_id: str
    at: datetime
    channel: str
    secretariat: str | None = None


class UploadView(View):
    """Where and how to upload a file, and the id under which to quote it."""

    media_id: str
    url: str
    fields: Mapping[str, str]
    expires_at: datetime
    most_bytes: int


class TermView(View):
    """A promised duration, whose it is and where it was published."""

    amount: int
    unit: str
    basis: str
    source: str = ""


class ChoiceView(View):
    """A value of a list."""

    key: str
    name: str


class AttributeView(View):
    """A question that the service asks."""

    code: str
    name: str
    type: str
    required: bool
    choices: tuple[ChoiceView, ...] = ()


class ServiceView(View):
    """A service that can be requested."""

    code: str
    name: str
    category: str
    kind: str
    urgency: str
    term: TermView
    secretariat: NamedView | None = None
    description: str = ""
    keywords: tuple[str, ...] = ()
    attributes: tuple[AttributeView, ...] = ()
    identification: tuple[str, ...] = ()
    place: str = ""
    evidence: str = ""
    anonymous: bool = False
    confidential: bool = False
    forecast: str = ""
    sources: tuple[str, ...] = ()


class ServiceList(View):
    """Every service, in one version of the catalogue."""

    version: str
    items: tuple[ServiceView, ...]


class TopicView(View):
    """A subject of information: answered as a contact, it opens no request."""

    code: str
    name: str
    category: str
    secretariat: NamedView | None = None
    keywords: tuple[str, ...] = ()


class TopicList(View):
    """Every topic, in one version of the catalogue."""

    version: str
    items: tuple[TopicView, ...]


class NeighbourhoodView(View):
    """A neighbourhood (bairro) and its region of the participatory budget."""

    code: str
    name: str
    region: int
    region_name: str
    aliases: tuple[str, ...] = ()


class NeighbourhoodList(View):
    """Every neighbourhood, in one version of the catalogue."""

    version: str
    items: tuple[NeighbourhoodView, ...]


class SecretariatView(View):
    """An organ in force, and the services it executes."""

    code: str
    name: str
    area: str
    services: tuple[str, ...]


class SecretariatList(View):
    """Every organ in force."""

    version: str
    items: tuple[SecretariatView, ...]


class HealthView(View):
    """That the function runs, and with which catalogue."""

    status: str
    catalogue: str | None = None
