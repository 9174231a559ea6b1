"""Serve channels that open requests."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.http import Api, Call, only
from chalicelib.api.presenters import present_opened
from chalicelib.api.responses import json_response
from chalicelib.api.views import OpenedView
from chalicelib.domain.access import Grant
from chalicelib.domain.intake import IntakeDraft
from chalicelib.observability import logger

api = Api()


@api.route(
    "/v1/requests",
    methods=["POST"],
    access=only(Grant.CHANNEL),
    body=IntakeDraft,
    answers=OpenedView,
    commands=True,
)
def open_request(call: Call) -> Response:
    """Open a request; the answer carries protocol, access code, secretariat and due date."""
    reading = call.body(IntakeDraft)
    opened = wiring.intake().open(reading.value, call.caller, call.command(), reading.faults)
    logger.info("request opened", extra={"protocol": opened.request.protocol, "repeated": opened.repeated})
    catalogue, base_url = wiring.catalogue().current(), wiring.settings().public_base_url
    shown = present_opened(opened, catalogue, call.language, base_url)
    headers = {"Location": shown.links["self"], "Idempotent-Replay": str(opened.repeated).lower()}
    return json_response(shown, status=201, headers=headers)
