"""Serve what machines ask first: health, and the OpenAPI document."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.http import PUBLIC, Api, Call
from chalicelib.api.openapi import describe
from chalicelib.api.responses import json_response
from chalicelib.api.routes import all_routes
from chalicelib.api.views import HealthView

api = Api()


@api.route("/v1/health", access=PUBLIC, answers=HealthView)
def show_health(call: Call) -> Response:
    """Tell that the function runs and which catalogue it reads; 503 when it cannot read one."""
    return json_response(HealthView(status="ok", catalogue=wiring.catalogue().current().version))


@api.route("/v1/openapi.json", access=PUBLIC)
def show_openapi(call: Call) -> Response:
    """Describe every route as OpenAPI 3.1."""
    return json_response(describe(all_routes(), wiring.settings().public_base_url))
