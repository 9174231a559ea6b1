"""Serve the desks: a secretariat's work by due date, and a citizen's requests across channels."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.http import Api, Call, only
from chalicelib.api.presenters import present_request
from chalicelib.api.queries import choices, values, whole_number
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

api = Api()
MOST_LISTED = 100
LISTED = 25
FILTERS = ("status", "service", "urgency", "neighbourhood", "unit", "external_number", "limit", "cursor")


@api.route(
    "/v1/secretariats/{code}/requests", access=only(Grant.FOCAL, *CENTRE), answers=WorkPage, query=FILTERS
)
def list_work(call: Call, code: str) -> Response:
    """List a secretariat's open requests, the earliest due first; filters take comma lists."""
    if not call.caller.has(*CENTRE) and not call.caller.is_focal_point_of(code):
        raise ActorNotAllowed
    faults: list[Fault] = []
    wanted = WorkFilter(
        statuses=choices(call, "status", Status, faults),
        urgencies=choices(call, "urgency", Urgency, faults),
        services=values(call, "service"),
        neighbourhoods=values(call, "neighbourhood"),
        units=values(call, "unit"),
        external_number=call.query("external_number"),
    )
    limit = whole_number(call, "limit", LISTED, faults)
    if not 1 <= limit <= MOST_LISTED:
        faults.append(Fault(path="limit", reason="out_of_range", facts={"least": 1, "most": MOST_LISTED}))
    if faults:
        raise InvalidInput(*faults)
    page = wiring.reading().work(code, wanted, limit=limit, cursor=call.query("cursor"))
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
