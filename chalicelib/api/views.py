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


class MessageView(View):
    """What somebody was sent about a request: never where to. `seq` is the decision that it told."""

    to: str
    medium: str
    status: str
    at: datetime
    kind: str | None = None
    seq: int | None = None
    reason: str | None = None
    receipt: str | None = None
    receipt_at: datetime | None = None


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
    """A request, as much of it as the caller may see (`view`); `received_at` where it came on paper."""

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
    received_at: datetime | None = None
    provisional: bool = False
    rework_due_at: datetime | None = None
    forecast_at: datetime | None = None
    scheduled_for: datetime | None = None
    duplicate_of: str | None = None
    contests: str | None = None
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
    escalation: str | None = None
    justify_by: datetime | None = None
    legal_due_at: datetime | None = None
    followers: int | None = None
    held: tuple[HoldingView, ...] = ()
    reporter: Mapping[str, str] = {}
    timeline: tuple[EntryView, ...] = ()
    contacts: tuple[MessageView, ...] = ()


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


class HealthView(View):
    """That the function runs, and with which catalogue."""

    status: str
    catalogue: str | None = None
