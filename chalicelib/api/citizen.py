"""Serve citizens who act on their requests with the access code that came with the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from chalice.app import Response

from chalicelib import wiring, wiring_citizen
from chalicelib.api.http import PUBLIC, Api, Call
from chalicelib.api.presenters import present_request
from chalicelib.api.responses import etag, json_response
from chalicelib.api.views import RequestView
from chalicelib.domain import orders
from chalicelib.domain.access import View
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import parse_protocol
from chalicelib.observability import logger

api = Api()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenConfirm:
    """Say that it was done; that closes the request."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenContest:
    """Say that it was not done, or wrongly refused, and why."""

    reason: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenAnswer:
    """Answer the open question."""

    answer: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenRevive:
    """Answer late: that brings back what was archived without an answer."""

    answer: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCancel:
    """Withdraw the request."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenComment:
    """Add a remark that the secretariat reads."""

    comment: str


ORDERS: Mapping[type[Any], Callable[..., orders.Order]] = {
    CitizenConfirm: orders.Confirm,
    CitizenContest: orders.Contest,
    CitizenAnswer: orders.Answer,
    CitizenRevive: orders.Revive,
    CitizenCancel: orders.Cancel,
    CitizenComment: partial(orders.Comment, public=True),
}
"""What each body asks for."""


def _route(command: str, body: type[Any]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    return api.route(
        f"/v1/citizen/requests/{{protocol}}/{command}",
        methods=["POST"],
        access=PUBLIC,
        body=body,
        answers=RequestView,
        commands=True,
    )


@_route("confirm", CitizenConfirm)
def confirm(call: Call, protocol: str) -> Response:
    """Confirm the resolution, with `X-Access-Code`; that closes the request."""
    return _act(call, protocol, CitizenConfirm)


@_route("contest", CitizenContest)
def contest(call: Call, protocol: str) -> Response:
    """Contest the result within ten working days, with `X-Access-Code`."""
    return _act(call, protocol, CitizenContest)


@_route("answer", CitizenAnswer)
def answer(call: Call, protocol: str) -> Response:
    """Answer the open question, with `X-Access-Code`."""
    return _act(call, protocol, CitizenAnswer)


@_route("revive", CitizenRevive)
def revive(call: Call, protocol: str) -> Response:
    """Answer late and bring the request back within 30 days, with `X-Access-Code`."""
    return _act(call, protocol, CitizenRevive)


@_route("cancel", CitizenCancel)
def cancel(call: Call, protocol: str) -> Response:
    """Withdraw the request, with `X-Access-Code`."""
    return _act(call, protocol, CitizenCancel)


@_route("comment", CitizenComment)
def comment(call: Call, protocol: str) -> Response:
    """Add a remark, with `X-Access-Code`."""
    return _act(call, protocol, CitizenComment)


def _act(call: Call, protocol: str, schema: type[Any]) -> Response:
    reading, parsed = call.body(schema), parse_protocol(protocol)
    given = {field.name: getattr(reading.value, field.name) for field in fields(schema)}
    changed = wiring_citizen.citizen_acts().by_code(
        parsed,
        call.header("x-access-code"),
        ORDERS[schema](**given),
        call.command(owner=f"citizen {parsed}"),
        channel=_channel(call),
        found=reading.faults,
    )
    logger.info("citizen acted", extra={"protocol": parsed, "order": schema.__name__})
    shown = present_request(changed, View.CITIZEN, wiring.catalogue().current(), call.language)
    return json_response(shown, headers=etag(changed.version))


def _channel(call: Call) -> Channel:
    """Tell by which channel it came: that of the key, if the channel sent one, else the web."""
    channels = call.principal.channels() if call.principal else []
    return channels[0] if channels else Channel.WEB
