"""Serve what watches over deadlines: the public late list, escalations, sweeps, integrations."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring, wiring_delivery, wiring_timers
from chalicelib.api.http import PUBLIC, Api, Call, only
from chalicelib.api.oversight_views import (
    AllRetriedView,
    EscalationsView,
    IntegrationList,
    LatePage,
    RetriedView,
    StuckList,
    SweepPage,
    present_escalation,
    present_integration,
    present_late,
    present_stuck,
    present_sweep,
)
from chalicelib.api.queries import choices, moment, values, whole_number
from chalicelib.api.responses import json_response
from chalicelib.domain.access import CENTRE, Grant
from chalicelib.domain.errors import Fault
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import parse_protocol
from chalicelib.observability import logger
from chalicelib.services.oversight import EscalationFilter

api = Api()
LISTED = 25
PAGED = ("limit", "cursor")
STUCK = "/v1/operations/stuck"


@api.route("/v1/late", access=PUBLIC, answers=LatePage, query=PAGED)
def list_late(call: Call) -> Response:
    """List the open requests that reached the third level, the longest due first; no confidential ones."""
    faults: list[Fault] = []
    limit = whole_number(call, "limit", LISTED, faults)
    page = wiring_timers.oversight().late(limit=limit, cursor=call.query("cursor"), found=faults)
    catalogue = wiring.catalogue().current()
    items = tuple(present_late(one, catalogue, call.language) for one in page.items)
    return json_response(LatePage(items=items, next=page.next))


@api.route(
    "/v1/operations/escalations",
    access=only(Grant.OPERATOR, *CENTRE),
    answers=EscalationsView,
    query=("level", "secretariat", "service", "since", *PAGED),
)
def list_escalations(call: Call) -> Response:
    """List escalations since a moment (the last 24 hours, if left out) in order; filters take comma lists."""
    faults: list[Fault] = []
    wanted = EscalationFilter(
        levels=choices(call, "level", EscalationLevel, faults),
        secretariats=values(call, "secretariat"),
        services=values(call, "service"),
    )
    page = wiring_timers.oversight().escalations(
        wanted,
        since=moment(call, "since", faults),
        limit=whole_number(call, "limit", LISTED, faults),
        cursor=call.query("cursor"),
        found=faults,
    )
    catalogue = wiring.catalogue().current()
    items = tuple(present_escalation(one, catalogue, call.language) for one in page.items)
    return json_response(EscalationsView(items=items, next=page.next, resume_since=page.resume_since))


@api.route(
    "/v1/operations/sweeps",
    access=only(Grant.OPERATOR, Grant.DIRECTION),
    answers=SweepPage,
    query=PAGED,
)
def list_sweeps(call: Call) -> Response:
    """List the sweep runs, the newest first: what each found due and what came of it."""
    faults: list[Fault] = []
    limit = whole_number(call, "limit", LISTED, faults)
    page = wiring_timers.oversight().sweeps(limit=limit, cursor=call.query("cursor"), found=faults)
    return json_response(SweepPage(items=tuple(present_sweep(one) for one in page.items), next=page.next))


@api.route(
    "/v1/operations/integrations",
    access=only(Grant.OPERATOR, Grant.DIRECTION),
    answers=IntegrationList,
)
def list_integrations(call: Call) -> Response:
    """List the secretariats in force: what waits in their queues, and whether anybody fetches it."""
    shown, catalogue = wiring_delivery.integrations().show(), wiring.catalogue().current()
    return json_response(IntegrationList(items=tuple(present_integration(one, catalogue) for one in shown)))


@api.route(STUCK, access=only(Grant.OPERATOR), answers=StuckList)
def list_stuck(call: Call) -> Response:
    """List the requests that no look could be taken at, the longest stuck first."""
    found = wiring_timers.oversight().stuck()
    return json_response(StuckList(items=tuple(present_stuck(one) for one in found)))


@api.route(f"{STUCK}/retry", methods=["POST"], access=only(Grant.OPERATOR), answers=AllRetriedView)
def retry_all_stuck(call: Call) -> Response:
    """Look again now at every stuck request, as after a defect was mended."""
    count = wiring_timers.oversight().retry_all(call.caller)
    logger.info("stuck requests retried", extra={"by": call.caller.name, "requests": count})
    return json_response(AllRetriedView(requests=count), status=202)


@api.route(f"{STUCK}/{{protocol}}/retry", methods=["POST"], access=only(Grant.OPERATOR), answers=RetriedView)
def retry_stuck(call: Call, protocol: str) -> Response:
    """Look at a stuck request again now."""
    wanted = parse_protocol(protocol)
    wiring_timers.oversight().retry(wanted, call.caller)
    logger.info("stuck request retried", extra={"by": call.caller.name, "protocol": wanted})
    return json_response(RetriedView(protocol=wanted), status=202)
