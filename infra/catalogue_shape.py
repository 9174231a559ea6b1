"""Turn plain values into domain values, noting everything that does not fit instead of stopping at it."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

Note = Callable[[str, str], None]
"""Receives a path and a reason."""


@dataclass(frozen=True, slots=True)
class Shaper:
    """Builds domain values; a part that does not fit is noted and stood in for by a neutral value.

    The stand-ins let the semantic rules run over all the rest, so that one reading shows every fault.
    """

    note: Note

    def shape(self, value: Any, wanted: Any, path: str) -> Any:
        """Return `value` as `wanted`: a dataclass, a tuple or mapping of such, or a scalar."""
        origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
        if origin in (typing.Union, types.UnionType):
            some = next(one for one in arguments if one is not type(None))
            if value is not None and is_dataclass(some):
                return self._record(value, some, path)
            return self._scalar(value, wanted, path)
        if is_dataclass(wanted):
            return self._record(value, wanted, path)
        if origin is tuple and arguments[-1] is Ellipsis:
            return self._list(value, arguments[0], path)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(value, arguments, path)
        return self._scalar(value, wanted, path)

    def _record(self, value: Any, wanted: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self._stand_in(wanted, path, f"expected a mapping, got {_kind(value)}")
        known = {one.name: one for one in fields(wanted)}
        for name in value.keys() - known.keys():
            self.note(f"{path}.{name}", "unknown field")
        hints = _hints(wanted)
        given = {
            name: self.shape(value[name], hints[name], f"{path}.{name}") for name in known if name in value
        }
        for name, one in known.items():
            if name not in value and _is_required(one):
                given[name] = self._stand_in(hints[name], f"{path}.{name}", "is missing")
        return wanted(**given)

    def _list(self, value: Any, wanted: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            self.note(path, f"expected a list, got {_kind(value)}")
            return ()
        return tuple(
            self.shape(one, wanted, f"{path}.{_label(one, number)}") for number, one in enumerate(value)
        )

    def _mapping(self, value: Any, wanted: tuple[Any, Any], path: str) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            self.note(path, f"expected a mapping, got {_kind(value)}")
            return {}
        texts = {key: one for key, one in value.items() if isinstance(key, str)}
        for key in value.keys() - texts.keys():
            self.note(f"{path}.{key}", f"expected a text as key, got {_kind(key)}")
        return {
            self.shape(key, wanted[0], f"{path}.{key}"): self.shape(one, wanted[1], f"{path}.{key}")
            for key, one in texts.items()
        }

    def _scalar(self, value: Any, wanted: Any, path: str) -> Any:
        try:
            return msgspec.convert(value, wanted)
        except msgspec.ValidationError as error:
            reason = str(error).replace("`", "")
            return self._stand_in(wanted, path, reason[:1].lower() + reason[1:])

    def _stand_in(self, wanted: Any, path: str, reason: str) -> Any:
        self.note(path, reason)
        return _neutral(wanted)


def _neutral(wanted: Any) -> Any:
    """Make the emptiest value of a type."""
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = _hints(wanted)
        required = [one.name for one in fields(wanted) if _is_required(one)]
        return wanted(**{name: _neutral(hints[name]) for name in required})
    if type(None) in typing.get_args(wanted):
        return None
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return next(iter(wanted))
    if wanted is date:
        return date.min
    origin = typing.get_origin(wanted) or wanted
    return {} if issubclass(origin, Mapping) else origin()


def _is_required(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _label(value: Any, number: int) -> str:
    """Name an entry of a list by its own code, which says more than its position."""
    named = value.get("code", value.get("key", value.get("day"))) if isinstance(value, Mapping) else None
    return str(number if named is None else named)


def _kind(value: Any) -> str:
    return "nothing" if value is None else type(value).__name__


@lru_cache(maxsize=64)
def _hints(wanted: Any) -> dict[str, Any]:
    return typing.get_type_hints(wanted)
