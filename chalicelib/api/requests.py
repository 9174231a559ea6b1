"""Serve open requests: follow them, see their status, and carry out orders on them."""

from __future__ import annotations

from collections.abc import Sequence

from chalice.app import Response

from chalicelib import wiring, wiring_messages
from chalicelib.api.http import PUBLIC, Api, Call, only
from chalicelib.api.presenters import present_request
from chalicelib.api.problems import problem_response
from chalicelib.api.queries import coordinate
from chalicelib.api.responses import etag, json_response
from chalicelib.api.views import (
    FollowView,
    NearbyList,
    NearbyView,
    RequestView,
)
from chalicelib.domain.access import CENTRE, Grant, View, view_of
from chalicelib.domain.errors import Fault, NotFound, StaleVersion
from chalicelib.domain.orders import ORDERS
from chalicelib.domain.places import Point
from chalicelib.domain.protocols import parse_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Command
from chalicelib.observability import logger
from chalicelib.services.contacts import FollowerDraft
from chalicelib.services.ports.notices import Send

api = Api()
STAFF = only(Grant.FOCAL, *CENTRE)


@api.route(
    "/v1/requests/nearby",
    access=only(Grant.CHANNEL, Grant.FOCAL, *CENTRE),
    answers=NearbyList,
    query=("service", "lat", "lon"),
)
def list_nearby(call: Call) -> Response:
    """List open requests of the same service close to a point, so that people join instead of repeat."""
    faults: list[Fault] = []
    point = Point(lat=coordinate(call, "lat", 90, faults), lon=coordinate(call, "lon", 180, faults))
    found = wiring.reading().nearby(call.query("service") or "", point, found=faults)
    items = tuple(
        NearbyView(
            protocol=one.request.protocol,
            distance_m=one.distance_m,
            status=one.request.state.status.value,
            opened_at=one.request.state.opened_at,
            due_at=one.request.state.due_at,
            neighbourhood=one.request.state.place.neighbourhood if one.request.state.place else None,
        )
        for one in found
    )
    return json_response(NearbyList(items=items))


@api.route("/v1/requests/{protocol}", access=PUBLIC, answers=RequestView)
def show_request(call: Call, protocol: str) -> Response:
    """Show a request: its public status, or more with `X-Access-Code` or an authorised key."""
    reading = wiring.reading()
    parsed = parse_protocol(protocol)
    request, view = reading.show(parsed, call.principal, call.header("x-access-code"))
    if view in (View.CENTRE, View.SECRETARIAT) and request.state.confidential:
        logger.info("confidential request read", extra={"protocol": parsed, "by": call.caller.name})
    followers = reading.followers(parsed) if view in (View.SECRETARIAT, View.CENTRE) else None
    return _shown(call, request, view, followers, wiring_messages.message_history().of(parsed, view))


@api.route(
    "/v1/requests/{protocol}/followers",
    methods=["POST"],
    access=only(Grant.CHANNEL),
    body=FollowerDraft,
    answers=FollowView,
    commands=True,
)
def follow_request(call: Call, protocol: str) -> Response:
    """Follow somebody else's open request ("me too")."""
    reading = call.body(FollowerDraft)
    request, added = wiring.contacts().follow(
        parse_protocol(protocol), reading.value, call.caller, call.command(), reading.faults
    )
    shown = FollowView(protocol=request.protocol, following=True, already=not added)
    return json_response(shown, status=201 if added else 200)


@api.route(
    "/v1/requests/{protocol}/{command}", methods=["POST"], access=STAFF, answers=RequestView, commands=True
)
def give_order(call: Call, protocol: str, command: str) -> Response:
    """Carry out an order on a request; `If-Match` names the version that its giver saw."""
    order_type = ORDERS.get(Command(command)) if command in set(Command) else None
    if order_type is None:
        raise NotFound("command", command)
    reading = call.body(order_type)
    parsed = parse_protocol(protocol)
    try:
        changed = wiring.casework().carry_out(
            parsed,
            reading.value,
            call.caller,
            call.command(),
            seen_version=call.seen_version(),
            found=reading.faults,
        )
    except StaleVersion as stale:
        fresh = wiring.requests().load(parsed)
        view = view_of(call.caller, fresh)
        shown = present_request(fresh, view, wiring.catalogue().current(), call.language)
        return problem_response(stale, call.language, {"current": shown})
    logger.info("order carried out", extra={"protocol": parsed, "command": command, "by": call.caller.name})
    return _shown(call, changed, view_of(call.caller, changed), None)


def _shown(
    call: Call, request: ServiceRequest, view: View, followers: int | None, sends: Sequence[Send] = ()
) -> Response:
    shown = present_request(request, view, wiring.catalogue().current(), call.language, followers, sends)
    return json_response(shown, headers=etag(request.version))
