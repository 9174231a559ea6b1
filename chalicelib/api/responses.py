"""Write JSON answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from chalice.app import Response

JSON = "application/json"


def json_response(
    body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None, content_type: str = JSON
) -> Response:
    """Answer `body` (views, domain values or plain ones) as JSON; never cached by anybody between."""
    return Response(
        body=msgspec.json.encode(body).decode(),
        status_code=status,
        headers={"Content-Type": content_type, "Cache-Control": "no-store", **(headers or {})},
    )


def etag(version: int) -> dict[str, str]:
    """Name the version of a request, for a later `If-Match`."""
    return {"ETag": f'"{version}"'}
