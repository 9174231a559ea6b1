"""Read the records of the requests table's stream."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.adapters.dynamo.request_items import request_of
from chalicelib.adapters.dynamo.wire import from_wire
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.delivery import Change, UnreadableChange


class StreamChanges:
    """The `ChangeReader` port over records with new and old images."""

    def read(self, record: Mapping[str, Any]) -> Change | None:
        """Decode the new image; of the old one only the version counts."""
        stored = record["dynamodb"]
        if "NewImage" not in stored:
            return None
        before = int(from_wire(stored.get("OldImage", {})).get("version", 0))
        try:
            request = request_of(from_wire(stored["NewImage"]))
        except (msgspec.DecodeError, zlib.error, KeyError, TypeError, ValueError) as error:
            raise UnreadableChange(Protocol(stored["Keys"]["protocol"]["S"]), before) from error
        return Change(before=before, request=request)
