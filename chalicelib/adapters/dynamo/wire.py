"""Read and write DynamoDB's own JSON for the few types that our items use."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

WireItem = Mapping[str, Mapping[str, Any]]

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": int,
    "B": base64.b64decode,
}


def to_wire(item: Mapping[str, str | int | bytes]) -> dict[str, dict[str, str]]:
    """Write plain values as typed ones."""
    return {name: _typed(value) for name, value in item.items()}


def from_wire(item: WireItem) -> dict[str, Any]:
    """Read typed values as plain ones; attributes of other types are left out."""
    plain: dict[str, Any] = {}
    for name, typed in item.items():
        ((kind, value),) = typed.items()
        if kind in _READERS:
            plain[name] = _READERS[kind](value)
    return plain


def _typed(value: str | int | bytes) -> dict[str, str]:
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": base64.b64encode(value).decode()}
    return {"S": value}
