"""Serve the desks: a secretariat's work by due date, and a citizen's requests across channels."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.http import Api, Call, only
from chalicelib.api.presenters import present_request
from chalicelib.api.responses import json_response
from chalicelib.api.views import RequestView, WorkPage
from chalicelib.domain.access import CENTRE, Grant, View
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import ActorNotAllowed, Fault, InvalidInput
from chalicelib.domain.intake import ReporterDraft
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from chalicelib.observability import logger
from chalicelib.services.reading import WorkFilter

api = Api(__name__)
MOST_LISTED = 100
LISTED = 25
FILTERS = ("status", "service", "urgency", "neighbourhood", "unit", "external_number", "limit", "cursor")
Choice = TypeVar("Choice", bound=StrEnum)


@api.route(
    "/v1/secretariats/{code}/requests", access=only(Grant.FOCAL, *CENTRE), answers=WorkPage, query=FILTERS
)
def list_work(call: Call, code: str) -> Response:
    """List a secretariat's open requests, the earliest due first; filters take comma lists."""
    if not call.caller.has(*CENTRE) and not call.caller.is_focal_point_of(code):
        raise ActorNotAllowed
    wanted = WorkFilter(
        statuses=_choices(call, "status", Status),
        urgencies=_choices(call, "urgency", Urgency),
        services=_list(call, "service"),
        neighbourhoods=_list(call, "neighbourhood"),
        units=_list(call, "unit"),
        external_number=call.query("external_number"),
    )
    page = wiring.reading().work(code, wanted, limit=_limit(call), cursor=call.query("cursor"))
    view = View.CENTRE if call.caller.has(*CENTRE) else View.SECRETARIAT
    return json_response(WorkPage(items=_shown(call, page.items, view), next=page.next))


@api.route(
    "/v1/people/requests",
    methods=["POST"],
    access=only(Grant.ATTENDANT, Grant.OMBUDSMAN),
    body=ReporterDraft,
    answers=WorkPage,
)
def find_requests_of_a_person(call: Call) -> Response:
    """Find a citizen's requests by CPF, phone or e-mail, whichever channel he used; sent in the body."""
    reading = call.body(ReporterDraft)
    if reading.faults:
        raise InvalidInput(*reading.faults)
    found = wiring.contacts().requests_of(reading.value)
    logger.info("person looked up", extra={"by": call.caller.name, "found": len(found)})
    return json_response(WorkPage(items=_shown(call, tuple(found), View.CENTRE)))


def _shown(call: Call, found: tuple[ServiceRequest, ...], view: View) -> tuple[RequestView, ...]:
    catalogue = wiring.catalogue().current()
    return tuple(present_request(request, view, catalogue, call.language) for request in found)


def _list(call: Call, name: str) -> frozenset[str]:
    return frozenset(part.strip() for part in (call.query(name) or "").split(",") if part.strip())


def _choices(call: Call, name: str, kind: type[Choice]) -> frozenset[Choice]:
    asked = _list(call, name)
    if asked - {one.value for one in kind}:
        raise InvalidInput(Fault(path=name, reason="not_in_list", facts={"choices": [k.value for k in kind]}))
    return frozenset(kind(value) for value in asked)


def _limit(call: Call) -> int:
    text = call.query("limit") or str(LISTED)
    if not text.isdecimal() or not 1 <= int(text) <= MOST_LISTED:
        raise InvalidInput(
            Fault(path="limit", reason="out_of_range", facts={"least": 1, "most": MOST_LISTED})
        )
    return int(text)
