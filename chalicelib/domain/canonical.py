"""Write domain values as canonical JSON: one text for one value, fit for hashing and comparing."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

JSON_SCALARS = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """Turn a domain value into JSON's own types; instants become RFC 3339 UTC."""
    kind = type(value)
    if kind in JSON_SCALARS:
        return value
    write = _writers.get(kind) or _writers.setdefault(kind, _writer_of(kind))
    return write(value)


def instant(moment: datetime) -> str:
    """Write an aware time as RFC 3339 in UTC, microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def canonical_json(value: Any) -> str:
    """Serialise with sorted keys and no spaces, as the hash chain needs it."""
    return canonical_text(plain(value))


def canonical_text(plain_value: Any) -> str:
    """Serialise in the same way what is plain already."""
    return json.dumps(plain_value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _writer_of(kind: type) -> Callable[[Any], Any]:
    """Choose how the values of a type are written; once per type, for it costs more than the writing."""
    if is_dataclass(kind):
        names = tuple(f.name for f in fields(kind))
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    return next(write for known, write in _WRITERS if issubclass(kind, known))


_writers: dict[type, Callable[[Any], Any]] = {}
_WRITERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Enum, lambda value: value.value),
    (datetime, instant),
    (date, date.isoformat),
    (str, str),
    (Mapping, lambda value: {str(plain(key)): plain(item) for key, item in value.items()}),
    (object, lambda value: [plain(item) for item in value]),
)
