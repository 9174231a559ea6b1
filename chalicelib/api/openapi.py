"""Describe the routes as OpenAPI 3.1, from what they state of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from chalicelib.api.http import Route
from chalicelib.api.problems import ANSWERS, PROBLEM_JSON
from chalicelib.domain.orders import ORDERS

VERSION = "1.0.0"
REFERENCE = "#/components/schemas/{name}"
COMMAND = "{command}"
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "enum": sorted({f"urn:central156:problem:{a.name}" for a in ANSWERS.values()}),
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "reason", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "reason", "message")},
            },
        },
    },
}


def describe(routes: Iterable[Route], base_url: str) -> dict[str, Any]:
    """Build the document; generic command routes are listed once per command."""
    listed = [one for route in routes for one in _expanded(route)]
    schemas = sorted(
        {t for r in listed for t in (r.body, r.answers) if t is not None}, key=lambda t: t.__name__
    )
    _, components = msgspec.json.schema_components(schemas, ref_template=REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Central 156", "version": VERSION},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Problem": PROBLEM},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _expanded(route: Route) -> Iterator[Route]:
    if COMMAND not in route.path:
        yield route
        return
    for command, order in ORDERS.items():
        yield Route(
            path=route.path.replace(COMMAND, command.value),
            method=route.method,
            access=route.access,
            handler=route.handler,
            summary=(order.__doc__ or "").strip().partition("\n")[0],
            body=order,
            answers=route.answers,
            commands=route.commands,
        )


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _operation_id(route),
        "parameters": list(_parameters(route)),
        "responses": {
            "2XX": {"description": "done", "content": _content("application/json", route.answers)},
            "4XX": {"description": "refused", "content": {PROBLEM_JSON: {"schema": _reference("Problem")}}},
            "5XX": {"description": "failed", "content": {PROBLEM_JSON: {"schema": _reference("Problem")}}},
        },
        "security": ([{}] if route.access.public else []) + [{"key": []}],
    }
    if not route.access.public:
        operation["x-scopes"] = sorted(grant.value for grant in route.access.grants)
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _content("application/json", route.body)}
    return operation


def _parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name in route.query:
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
    if route.commands:
        yield {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
    if route.body in ORDERS.values():
        yield {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}


def _operation_id(route: Route) -> str:
    parts = [part for part in re.split(r"[/{}.\-]", route.path.removeprefix("/v1")) if part]
    return "_".join([route.method.lower(), *parts])


def _content(media_type: str, kind: type[Any] | None) -> dict[str, Any]:
    schema = _reference(kind.__name__) if kind else {"type": "object"}
    return {media_type: {"schema": schema}}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": REFERENCE.format(name=name)}
