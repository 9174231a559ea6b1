"""Serve the calamity switch: what is declared, and declaring and ending it."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring, wiring_calamities
from chalicelib.api.calamity_views import CalamityList, CalamityView, EndOrder, present_calamity
from chalicelib.api.http import PUBLIC, Api, Call, only
from chalicelib.api.responses import json_response
from chalicelib.domain.access import Grant
from chalicelib.domain.calamities import CalamityDraft
from chalicelib.observability import logger
from chalicelib.services.calamities import Switched

api = Api()
CALAMITIES = "/v1/calamities"
SWITCHERS = only(Grant.DIRECTION, Grant.OPERATOR)


@api.route(CALAMITIES, access=PUBLIC, answers=CalamityList)
def list_calamities(call: Call) -> Response:
    """List declared calamities: by which act, when, where, and for which services."""
    service, catalogue = wiring_calamities.calamities(), wiring.catalogue().current()
    today = service.today()
    items = tuple(present_calamity(one, catalogue, today, call.language) for one in service.list())
    return json_response(CalamityList(items=items))


@api.route(
    CALAMITIES,
    methods=["POST"],
    access=SWITCHERS,
    body=CalamityDraft,
    answers=CalamityView,
    commands=True,
)
def declare_calamity(call: Call) -> Response:
    """Declare a calamity; a code is declared once, and the same declaration again is a repeat."""
    reading, command = call.body(CalamityDraft), call.command()
    switched = wiring_calamities.calamities().declare(reading.value, command.owner, reading.faults)
    return _switched("calamity declared", call, switched, 200 if switched.repeated else 201)


@api.route(
    f"{CALAMITIES}/{{code}}/end",
    methods=["POST"],
    access=SWITCHERS,
    body=EndOrder,
    answers=CalamityView,
    commands=True,
)
def end_calamity(call: Call, code: str) -> Response:
    """End a calamity early, with today or the day that is named; its days up to then stay suspended."""
    reading, command = call.body(EndOrder), call.command()
    order: EndOrder = reading.value
    switched = wiring_calamities.calamities().end(code, order.last_day, command.owner, reading.faults)
    return _switched("calamity ended", call, switched, 200)


def _switched(said: str, call: Call, switched: Switched, status: int) -> Response:
    calamity = switched.calamity
    logger.info(
        said, extra={"calamity": calamity.code, "by": call.caller.name, "repeated": switched.repeated}
    )
    today, catalogue = wiring_calamities.calamities().today(), wiring.catalogue().current()
    shown = present_calamity(calamity, catalogue, today, call.language)
    headers = {"Idempotent-Replay": str(switched.repeated).lower()}
    return json_response(shown, status=status, headers=headers)
