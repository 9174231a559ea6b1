"""Serve attendants who tell citizens without a digital channel: calls, letters, receipts."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import wiring, wiring_callbacks
from chalicelib.api.callback_views import (
    CallbackPage,
    CallbackView,
    OpenCallbackView,
    present_callback,
    present_open_callback,
)
from chalicelib.api.http import Api, Call, only
from chalicelib.api.queries import whole_number
from chalicelib.api.responses import json_response
from chalicelib.domain.access import Grant
from chalicelib.domain.call_reports import CallReport
from chalicelib.domain.errors import Fault
from chalicelib.domain.protocols import parse_protocol
from chalicelib.observability import logger
from chalicelib.services.callback_lists import Callback
from chalicelib.services.callbacks import HandOverReport
from chalicelib.services.ports.basics import Page

api = Api()
CALLBACKS = "/v1/callbacks"
ATTENDANTS = only(Grant.ATTENDANT)
LISTED = 25
PAGED = ("limit", "cursor")
PRINTED: dict[str, str | list[str]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@api.route(CALLBACKS, access=ATTENDANTS, answers=CallbackPage, query=PAGED)
def list_callbacks(call: Call) -> Response:
    """List the calls to make now, the longest waiting first; none outside 8 to 20 h of working days."""
    faults: list[Fault] = []
    limit = whole_number(call, "limit", LISTED, faults)
    lists = wiring_callbacks.callback_lists()
    return _listed(call, lists.due(call.caller, limit=limit, cursor=call.query("cursor"), found=faults))


@api.route(f"{CALLBACKS}/letters", access=ATTENDANTS, answers=CallbackPage, query=PAGED)
def list_letters(call: Call) -> Response:
    """List what goes by letter or waits at a counter, the longest waiting first."""
    faults: list[Fault] = []
    limit = whole_number(call, "limit", LISTED, faults)
    lists = wiring_callbacks.callback_lists()
    return _listed(call, lists.letters(call.caller, limit=limit, cursor=call.query("cursor"), found=faults))


@api.route(f"{CALLBACKS}/{{task_id}}", access=ATTENDANTS, answers=OpenCallbackView)
def open_callback(call: Call, task_id: str) -> Response:
    """Show a call-back with the citizen's name and number; that it was read is kept."""
    callback = wiring_callbacks.callbacks().open(task_id, call.caller)
    logger.info("call-back read", extra=_about(call, callback))
    catalogue, now = wiring.catalogue().current(), wiring.clock().now()
    return json_response(present_open_callback(callback, catalogue, call.language, now))


@api.route(f"{CALLBACKS}/{{task_id}}/letter", access=ATTENDANTS)
def print_letter(call: Call, task_id: str) -> Response:
    """Print the letter of a call-back, in the citizen's language; that it was read is kept."""
    callback = wiring_callbacks.callbacks().open(task_id, call.caller)
    logger.info("letter printed", extra=_about(call, callback))
    return _printed(wiring_callbacks.printing().letter(callback, call.caller))


@api.route(
    f"{CALLBACKS}/{{task_id}}/outcomes",
    methods=["POST"],
    access=ATTENDANTS,
    body=CallReport,
    answers=CallbackView,
    commands=True,
)
def record_outcome(call: Call, task_id: str) -> Response:
    """Take down what came of a call, and what the citizen said."""
    reading = call.body(CallReport)
    callback = wiring_callbacks.callbacks().record(
        task_id, reading.value, call.caller, call.command(), reading.faults
    )
    outcome = callback.task.attempts[-1].outcome
    logger.info("call recorded", extra={**_about(call, callback), "outcome": outcome})
    return _one(call, callback)


@api.route(
    f"{CALLBACKS}/{{task_id}}/handed-over",
    methods=["POST"],
    access=ATTENDANTS,
    body=HandOverReport,
    answers=CallbackView,
    commands=True,
)
def hand_over(call: Call, task_id: str) -> Response:
    """Note that a letter was posted, or given to the citizen at a counter."""
    reading = call.body(HandOverReport)
    callback = wiring_callbacks.callbacks().hand_over(
        task_id, reading.value, call.caller, call.command(), reading.faults
    )
    logger.info("letter left", extra={**_about(call, callback), "how": callback.task.ending})
    return _one(call, callback)


@api.route("/v1/requests/{protocol}/receipt", access=ATTENDANTS)
def print_receipt(call: Call, protocol: str) -> Response:
    """Print the receipt of a request, with its access code, in the citizen's language."""
    wanted = parse_protocol(protocol)
    page = wiring_callbacks.printing().receipt(wanted, call.caller)
    logger.info("receipt printed", extra={"by": call.caller.name, "protocol": wanted})
    return _printed(page)


def _listed(call: Call, page: Page[Callback]) -> Response:
    catalogue, now = wiring.catalogue().current(), wiring.clock().now()
    items = tuple(present_callback(one, catalogue, call.language, now) for one in page.items)
    return json_response(CallbackPage(items=items, next=page.next))


def _one(call: Call, callback: Callback) -> Response:
    catalogue, now = wiring.catalogue().current(), wiring.clock().now()
    return json_response(present_callback(callback, catalogue, call.language, now))


def _printed(page: str) -> Response:
    return Response(body=page, status_code=200, headers=PRINTED)


def _about(call: Call, callback: Callback) -> dict[str, Any]:
    return {"by": call.caller.name, "protocol": callback.task.protocol, "task": callback.task.task_id}
