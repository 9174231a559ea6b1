"""Turn API keys into items of the config table and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.services.ports.people import ApiKey

KIND = "api_key"
_keys = msgspec.json.Decoder(ApiKey)


def document_of(key: ApiKey) -> str:
    """Write a key; its secret is not in it, only the digest."""
    return msgspec.json.encode(key).decode()


def api_key_of(item: Mapping[str, Any]) -> ApiKey:
    """Read a key back."""
    return _keys.decode(item["document"])
