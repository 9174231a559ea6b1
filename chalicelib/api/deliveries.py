"""Serve secretariats their messages: the queue over HTTP, the change feed, the events' schemas."""

from __future__ import annotations

from collections.abc import Iterable

from chalice.app import Response

from chalicelib import wiring, wiring_delivery
from chalicelib.api.delivery_views import (
    AckOrder,
    ChangesView,
    ExtendOrder,
    HeldList,
    HeldView,
    NackOrder,
    OutcomeList,
    OutcomeView,
    ReceiveOrder,
)
from chalicelib.api.event_schemas import schema_named
from chalicelib.api.http import PUBLIC, Api, Call, only
from chalicelib.api.queries import moment, whole_number
from chalicelib.api.responses import json_response
from chalicelib.domain.access import Grant
from chalicelib.domain.errors import Fault, NotFound
from chalicelib.observability import logger
from chalicelib.services.changes import MOST_PER_PAGE
from chalicelib.services.consumption import Outcome, ReceiptOutcome

api = Api()
QUEUE = "/v1/secretariats/{code}/queue"
SCHEMA_JSON = "application/schema+json"


@api.route(
    f"{QUEUE}/receive", methods=["POST"], access=only(Grant.FOCAL), body=ReceiveOrder, answers=HeldList
)
def receive_messages(call: Call, code: str) -> Response:
    """Take messages from the secretariat's queue; they come again unless acknowledged in time."""
    reading = call.body(ReceiveOrder)
    held = wiring_delivery.consumption().receive(
        code, call.caller, most=reading.value.max, wait_seconds=reading.value.wait, found=reading.faults
    )
    return json_response(
        HeldList(
            messages=tuple(
                HeldView(receipt=one.receipt, receive_count=one.receive_count, message=one.message)
                for one in held
            )
        )
    )


@api.route(f"{QUEUE}/ack", methods=["POST"], access=only(Grant.FOCAL), body=AckOrder, answers=OutcomeList)
def acknowledge_messages(call: Call, code: str) -> Response:
    """Remove messages that were received for good."""
    reading = call.body(AckOrder)
    outcomes = wiring_delivery.consumption().acknowledge(
        code, call.caller, reading.value.receipts, found=reading.faults
    )
    return _outcomes("messages acknowledged", code, outcomes)


@api.route(f"{QUEUE}/nack", methods=["POST"], access=only(Grant.FOCAL), body=NackOrder, answers=OutcomeList)
def give_messages_back(call: Call, code: str) -> Response:
    """Give messages back that could not be handled; they come again after a delay, ten times at most."""
    reading = call.body(NackOrder)
    order: NackOrder = reading.value
    outcomes = wiring_delivery.consumption().give_back(
        code, call.caller, order.receipts, delay_seconds=order.delay_seconds, found=reading.faults
    )
    return _outcomes("messages given back", code, outcomes)


@api.route(
    f"{QUEUE}/extend", methods=["POST"], access=only(Grant.FOCAL), body=ExtendOrder, answers=OutcomeList
)
def keep_messages_longer(call: Call, code: str) -> Response:
    """Keep messages for longer, up to twelve hours after they were received."""
    reading = call.body(ExtendOrder)
    order: ExtendOrder = reading.value
    outcomes = wiring_delivery.consumption().extend(
        code, call.caller, order.receipts, seconds=order.seconds, found=reading.faults
    )
    return _outcomes("messages kept longer", code, outcomes)


@api.route(
    "/v1/secretariats/{code}/changes",
    access=only(Grant.FOCAL, Grant.OPERATOR),
    answers=ChangesView,
    query=("since", "cursor", "limit"),
)
def read_changes(call: Call, code: str) -> Response:
    """Read again what was sent to the secretariat since a moment, in order of sending."""
    faults: list[Fault] = []
    page = wiring_delivery.changes().read(
        code,
        call.caller,
        since=moment(call, "since", faults),
        cursor=call.query("cursor"),
        limit=whole_number(call, "limit", MOST_PER_PAGE, faults),
        found=faults,
    )
    return json_response(ChangesView(items=page.items, next=page.next, resume_since=page.resume_since))


@api.route("/v1/schemas/{name}", access=PUBLIC)
def show_schema(call: Call, name: str) -> Response:
    """Show the JSON Schema of an event type's data, as `dataschema` names it."""
    schema = schema_named(name.removesuffix(".json"), wiring.settings().public_base_url)
    if schema is None:
        raise NotFound("schema", name)
    return json_response(schema, content_type=SCHEMA_JSON)


def _outcomes(said: str, code: str, outcomes: Iterable[ReceiptOutcome]) -> Response:
    results = tuple(
        OutcomeView(protocol=one.protocol, seq=one.seq, outcome=one.outcome.value) for one in outcomes
    )
    expired = sum(one.outcome == Outcome.EXPIRED for one in results)
    logger.info(said, extra={"secretariat": code, "receipts": len(results), "expired": expired})
    return json_response(OutcomeList(results=results))
