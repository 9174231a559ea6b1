"""Serve operators: what was not delivered, dead letters, and sending a period again."""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib import wiring_delivery
from chalicelib.api.delivery_views import (
    DeadLettersView,
    InterventionView,
    RedrivenView,
    ReplayOrder,
    UndeliveredList,
    present_dead_letters,
    present_undelivered,
)
from chalicelib.api.http import Api, Call, only
from chalicelib.api.responses import json_response
from chalicelib.domain.access import Grant
from chalicelib.domain.protocols import parse_protocol
from chalicelib.observability import logger

api = Api()
OPERATORS = only(Grant.OPERATOR)
UNDELIVERED = "/v1/operations/undelivered"
SECRETARIAT = "/v1/operations/secretariats/{code}"
DEAD_LETTERS = f"{SECRETARIAT}/dead-letters"


@api.route(UNDELIVERED, access=OPERATORS, answers=UndeliveredList)
def list_undelivered(call: Call) -> Response:
    """List requests whose decisions could not be delivered, the longest waiting first."""
    parked = wiring_delivery.undelivered().show()
    return json_response(UndeliveredList(items=tuple(present_undelivered(one) for one in parked)))


@api.route(f"{UNDELIVERED}/{{protocol}}/redrive", methods=["POST"], access=OPERATORS, answers=RedrivenView)
def redrive_undelivered(call: Call, protocol: str) -> Response:
    """Send what waits of a request, derived again from the table; tell what still waits."""
    wanted = parse_protocol(protocol)
    waiting = wiring_delivery.undelivered().redrive(wanted, call.caller)
    _log("undelivered request redriven", call, protocol=wanted, delivered=waiting is None)
    left = present_undelivered(waiting) if waiting else None
    return json_response(RedrivenView(protocol=wanted, undelivered=left))


@api.route(DEAD_LETTERS, access=OPERATORS, answers=DeadLettersView)
def list_dead_letters(call: Call, code: str) -> Response:
    """List a secretariat's dead letters by what they are about, and those in quarantine."""
    return json_response(present_dead_letters(wiring_delivery.dead_letters().show(code)))


@api.route(f"{DEAD_LETTERS}/redrive", methods=["POST"], access=OPERATORS, answers=InterventionView)
def redrive_dead_letters(call: Call, code: str) -> Response:
    """Send a secretariat's dead letters again, a hundred at a call."""
    count = wiring_delivery.dead_letters().redrive_all(code, call.caller)
    _log("dead letters redriven", call, secretariat=code, messages=count)
    return json_response(InterventionView(messages=count))


@api.route(
    f"{DEAD_LETTERS}/{{message_id}}/redrive", methods=["POST"], access=OPERATORS, answers=InterventionView
)
def redrive_dead_letter(call: Call, code: str, message_id: str) -> Response:
    """Send one dead letter again, also one in quarantine."""
    wiring_delivery.dead_letters().redrive(code, message_id, call.caller)
    _log("dead letter redriven", call, secretariat=code, message_id=message_id)
    return json_response(InterventionView(messages=1))


@api.route(f"{DEAD_LETTERS}/quarantine", methods=["POST"], access=OPERATORS, answers=InterventionView)
def quarantine_dead_letters(call: Call, code: str) -> Response:
    """Set a secretariat's dead letters aside, a hundred at a call."""
    count = wiring_delivery.dead_letters().quarantine_all(code, call.caller)
    _log("dead letters quarantined", call, secretariat=code, messages=count)
    return json_response(InterventionView(messages=count))


@api.route(
    f"{DEAD_LETTERS}/{{message_id}}/quarantine", methods=["POST"], access=OPERATORS, answers=InterventionView
)
def quarantine_dead_letter(call: Call, code: str, message_id: str) -> Response:
    """Set one dead letter aside."""
    wiring_delivery.dead_letters().quarantine(code, message_id, call.caller)
    _log("dead letter quarantined", call, secretariat=code, message_id=message_id)
    return json_response(InterventionView(messages=1))


@api.route(
    f"{SECRETARIAT}/replay", methods=["POST"], access=OPERATORS, body=ReplayOrder, answers=InterventionView
)
def replay_messages(call: Call, code: str) -> Response:
    """Send what a secretariat was sent in a period once more, a hundred messages at a call."""
    reading = call.body(ReplayOrder)
    order: ReplayOrder = reading.value
    replayed = wiring_delivery.replay().replay(
        code,
        call.caller,
        since=order.since,
        until=order.until,
        cursor=order.cursor,
        found=reading.faults,
    )
    _log("messages replayed", call, secretariat=code, messages=replayed.messages)
    return json_response(InterventionView(messages=replayed.messages, next=replayed.next))


def _log(said: str, call: Call, **facts: Any) -> None:
    logger.info(said, extra={"by": call.caller.name, **facts})
