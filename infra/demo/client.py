"""Call the HTTP API as a channel or secretariat would."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from infra.local.records import Endpoints


class Client:
    """One kept connection to the API, and the demo keys by role."""

    def __init__(self, endpoints: Endpoints) -> None:
        address = urlsplit(endpoints.base_url)
        self._connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=40)
        self._keys = endpoints.keys

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        key: str,
        *,
        idempotency_key: str | None = None,
        seen: str = "",
    ) -> tuple[int, dict[str, Any]]:
        """POST `body` under the role's key and return status and answer."""
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        return self._call("POST", path, key, body, headers | ({"If-Match": seen} if seen else {}))

    def get(self, path: str, key: str) -> dict[str, Any]:
        """GET `path` under the role's key."""
        return self._call("GET", path, key, None, {})[1]

    def changes(self, secretariat: str, since: datetime) -> Iterator[dict[str, Any]]:
        """Read the events of a secretariat's change feed, page by page."""
        query = {"since": since.isoformat(), "limit": "100"}
        while True:
            page = self.get(f"/v1/secretariats/{secretariat}/changes?{urlencode(query)}", secretariat)
            yield from page["items"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def order(
        self, protocol: str, command: str, body: Mapping[str, Any], key: str
    ) -> tuple[int, dict[str, Any]]:
        """Give an order on the present version of a request."""
        version = self.get(f"/v1/requests/{protocol}", key).get("version", 0)
        return self.post(f"/v1/requests/{protocol}/{command}", body, key, seen=f'"{version}"')

    def _call(
        self, method: str, path: str, key: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        every = {"Authorization": f"Bearer {self._keys[key]}", "Content-Type": "application/json", **headers}
        text = None if body is None else json.dumps(body)
        self._connection.request(method, path, text, every)
        response = self._connection.getresponse()
        answer = json.loads(response.read() or b"{}")
        return response.status, answer
