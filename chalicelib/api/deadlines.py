"""Serve the explanation of a request's due date."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.deadline_views import DeadlineView, present_deadline
from chalicelib.api.http import PUBLIC, Api, Call
from chalicelib.api.responses import json_response
from chalicelib.domain.protocols import parse_protocol

api = Api()


@api.route("/v1/requests/{protocol}/deadline", access=PUBLIC, answers=DeadlineView)
def show_deadline(call: Call, protocol: str) -> Response:
    """Explain a request's due date day by day; of a confidential one only with `X-Access-Code` or a key."""
    request, deadline = wiring.reading().deadline(
        parse_protocol(protocol), call.principal, call.header("x-access-code")
    )
    return json_response(present_deadline(request, deadline, call.language))
