"""List every route by the module that serves it; the first call of one of its routes imports the module.

An intake is the most usual first call, and would import in vain what forty other routes need: two thirds of
a cold start. Here stands only what API Gateway must know. Who may call a route, and with what, stands at
its handler; `tests/contract/test_api.py` holds this list to the handlers.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from chalice.app import Blueprint, Response

from chalicelib.api.http import Api, Route, answer

SERVED_BY: Mapping[str, tuple[str, ...]] = {
    "intake": ("POST /v1/requests",),
    "requests": (
        "GET /v1/requests/nearby",
        "GET /v1/requests/{protocol}",
        "POST /v1/requests/{protocol}/followers",
        "POST /v1/requests/{protocol}/{command}",
    ),
    "citizen": (
        "POST /v1/citizen/requests/{protocol}/confirm",
        "POST /v1/citizen/requests/{protocol}/contest",
        "POST /v1/citizen/requests/{protocol}/answer",
        "POST /v1/citizen/requests/{protocol}/revive",
        "POST /v1/citizen/requests/{protocol}/cancel",
        "POST /v1/citizen/requests/{protocol}/comment",
    ),
    "deadlines": ("GET /v1/requests/{protocol}/deadline",),
    "desk": (
        "GET /v1/secretariats/{code}/requests",
        "POST /v1/people/requests",
    ),
    "contacts": (
        "POST /v1/contacts",
        "POST /v1/uploads",
        "GET /v1/requests/{protocol}/photos/{media_id}",
    ),
    "catalogue": (
        "GET /v1/services",
        "GET /v1/services/{code}",
        "GET /v1/topics",
        "GET /v1/neighbourhoods",
        "GET /v1/secretariats",
    ),
    "calamities": (
        "GET /v1/calamities",
        "POST /v1/calamities",
        "POST /v1/calamities/{code}/end",
    ),
    "callbacks": (
        "GET /v1/callbacks",
        "GET /v1/callbacks/letters",
        "GET /v1/callbacks/{task_id}",
        "GET /v1/callbacks/{task_id}/letter",
        "POST /v1/callbacks/{task_id}/outcomes",
        "POST /v1/callbacks/{task_id}/handed-over",
        "GET /v1/requests/{protocol}/receipt",
    ),
    "deliveries": (
        "POST /v1/secretariats/{code}/queue/receive",
        "POST /v1/secretariats/{code}/queue/ack",
        "POST /v1/secretariats/{code}/queue/nack",
        "POST /v1/secretariats/{code}/queue/extend",
        "GET /v1/secretariats/{code}/changes",
        "GET /v1/schemas/{name}",
    ),
    "operations": (
        "GET /v1/operations/undelivered",
        "POST /v1/operations/undelivered/{protocol}/redrive",
        "GET /v1/operations/secretariats/{code}/dead-letters",
        "POST /v1/operations/secretariats/{code}/dead-letters/redrive",
        "POST /v1/operations/secretariats/{code}/dead-letters/{message_id}/redrive",
        "POST /v1/operations/secretariats/{code}/dead-letters/quarantine",
        "POST /v1/operations/secretariats/{code}/dead-letters/{message_id}/quarantine",
        "POST /v1/operations/secretariats/{code}/replay",
    ),
    "oversight": (
        "GET /v1/late",
        "GET /v1/operations/escalations",
        "GET /v1/operations/sweeps",
        "GET /v1/operations/integrations",
        "GET /v1/operations/stuck",
        "POST /v1/operations/stuck/retry",
        "POST /v1/operations/stuck/{protocol}/retry",
    ),
    "preferences": (
        "POST /v1/people/preferences",
        "PUT /v1/people/preferences",
    ),
    "surveys": (
        "POST /v1/surveys/{protocol}/answers",
        "GET /v1/requests/{protocol}/surveys",
        "GET /v1/audits",
    ),
    "survey_results": ("GET /v1/surveys/results",),
    "system": (
        "GET /v1/health",
        "GET /v1/openapi.json",
    ),
}
"""The modules of this package, and the method and path of each route, in their order."""

blueprint = Blueprint(__name__)


def all_routes() -> tuple[Route, ...]:
    """Describe every route; that imports every module."""
    return tuple(route for module in SERVED_BY for route in routes_of(module))


def routes_of(module: str) -> tuple[Route, ...]:
    """Describe the routes that a module serves."""
    api: Api = import_module(f"chalicelib.api.{module}").api
    return tuple(api.routes)


@cache
def _route(module: str, method: str, path: str) -> Route:
    return next(one for one in routes_of(module) if (one.method, one.path) == (method, path))


def _register(module: str, method: str, path: str) -> None:
    def serve(**parameters: str) -> Response:
        return answer(blueprint.current_request, lambda: _route(module, method, path), parameters)

    blueprint.route(path, methods=[method], content_types=["*/*"], name=module)(serve)


for _module, _served in SERVED_BY.items():
    for _line in _served:
        _register(_module, *_line.split(" "))
