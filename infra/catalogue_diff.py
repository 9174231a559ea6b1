"""Tell what changes between two catalogues, entry by entry and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.canonical import canonical_json, plain
from chalicelib.domain.catalogue import Catalogue

SECTIONS = ("secretariats", "services", "topics", "regions", "neighbourhoods", "routing", "people", "posts")
SINGLES = ("calendar", "escalation")

_NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: `kind` is added, removed or changed; an absent value is empty text."""

    kind: str
    path: str
    before: str = ""
    after: str = ""


def diff(before: Catalogue | None, after: Catalogue) -> tuple[Change, ...]:
    """List what publishing `after` would change; against nothing, every entry is added."""
    return tuple(_changes(before, after))


def _changes(before: Catalogue | None, after: Catalogue) -> Iterator[Change]:
    yield from _value_changes("city", plain(before.city) if before else _NOTHING, plain(after.city))
    for section in SECTIONS:
        old = _entries(before, section) if before else {}
        new = _entries(after, section)
        yield from (Change(kind="removed", path=f"{section}.{code}") for code in old if code not in new)
        yield from (Change(kind="added", path=f"{section}.{code}") for code in new if code not in old)
        for code in new:
            if code in old:
                yield from _value_changes(f"{section}.{code}", old[code], new[code])
    for name in SINGLES:
        old_value = plain(getattr(before, name)) if before else _NOTHING
        yield from _value_changes(name, old_value, plain(getattr(after, name)))
    if before:
        yield from _order_changes(before, after)


def _order_changes(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    """Rules are tried in order, so their order is content."""
    old, new = ([rule.code for rule in one.routing] for one in (before, after))
    kept_before, kept_after = [code for code in old if code in new], [code for code in new if code in old]
    if kept_before != kept_after:
        yield Change(
            kind="changed", path="routing (order)", before=", ".join(kept_before), after=", ".join(kept_after)
        )


def _entries(catalogue: Catalogue, section: str) -> dict[str, Any]:
    entries = getattr(catalogue, section)
    if isinstance(entries, Mapping):
        return {str(key): plain(one) for key, one in entries.items()}
    return {one.code: plain(one) for one in entries}


def _value_changes(path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    old_parts, new_parts = _parts(old), _parts(new)
    if old_parts is None or new_parts is None:
        yield Change(kind=_kind(old, new), path=path, before=_text(old), after=_text(new))
        return
    if list(old_parts) != list(new_parts) and old_parts == new_parts:
        yield Change(
            kind="changed", path=f"{path} (order)", before=", ".join(old_parts), after=", ".join(new_parts)
        )
    for name in {**old_parts, **new_parts}:
        yield from _value_changes(
            f"{path}.{name}", old_parts.get(name, _NOTHING), new_parts.get(name, _NOTHING)
        )


def _parts(value: Any) -> dict[str, Any] | None:
    """Split a value into named parts, if it has them; lists of coded entries by their codes."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        codes = [one.get("code", one.get("key", one.get("day"))) for one in value]
        return dict(zip(codes, value, strict=True)) if all(codes) else None
    return None


def _kind(old: Any, new: Any) -> str:
    if old is _NOTHING:
        return "added"
    return "removed" if new is _NOTHING else "changed"


def _text(value: Any) -> str:
    if value is _NOTHING:
        return ""
    return value if isinstance(value, str) else canonical_json(value)
