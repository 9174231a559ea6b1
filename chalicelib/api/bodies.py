"""Read JSON bodies into dataclasses and name every field that does not fit, all at once."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from chalicelib.domain.errors import BodyTooLarge, Fault, MalformedBody, UnsupportedContentType

MOST_BYTES = 64 * 1024
JSON = "application/json"
MISSING = dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read, with blanks where it could not, and the faults found on the way.

    Services check `value` as far as it goes and report their own faults together with these.
    """

    value: Any
    faults: tuple[Fault, ...]


def decode_object(content_type: str | None, raw: bytes) -> dict[str, Any]:
    """Decode a JSON object; an absent body is an empty one.

    Raises:
        UnsupportedContentType, BodyTooLarge, MalformedBody: as their names say.
    """
    if len(raw) > MOST_BYTES:
        raise BodyTooLarge(MOST_BYTES)
    if not raw:
        return {}
    if (content_type or JSON).partition(";")[0].strip().lower() != JSON:
        raise UnsupportedContentType(JSON)
    try:
        decoded = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MalformedBody from error
    if not isinstance(decoded, dict):
        raise MalformedBody
    return decoded


def read(schema: Any, raw: Mapping[str, Any], path: str = "") -> Reading:
    """Convert `raw` into `schema` (a dataclass), field by field."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    known = _fields(schema)
    for name in sorted(raw.keys() - known.keys()):
        faults.append(Fault(path=path + name, reason="unknown_field"))
    for name, (hint, is_required) in known.items():
        if raw.get(name) is None:
            if is_required:
                faults.append(Fault(path=path + name, reason="required"))
                values[name] = _blank(hint)
            continue
        reading = _convert(raw[name], hint, path + name)
        faults.extend(reading.faults)
        if not reading.faults or dataclasses.is_dataclass(reading.value):
            values[name] = reading.value
        elif is_required:
            values[name] = _blank(hint)
    return Reading(schema(**values), tuple(faults))


def _convert(value: Any, hint: Any, path: str) -> Reading:
    wanted = _without_none(hint)
    if dataclasses.is_dataclass(wanted) and isinstance(wanted, type) and isinstance(value, dict):
        return read(wanted, value, f"{path}.")
    try:
        return Reading(msgspec.convert(value, wanted), ())
    except msgspec.ValidationError:
        return Reading(None, (_fault(path, wanted),))


def _fault(path: str, wanted: Any) -> Fault:
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return Fault(path=path, reason="not_in_list", facts={"choices": [one.value for one in wanted]})
    return Fault(path=path, reason="wrong_type", facts={"type": _type_name(wanted)})


def _type_name(wanted: Any) -> str:
    schema = msgspec.json.schema(wanted)
    return str(schema.get("format") or schema.get("type") or "object")


@cache
def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        kinds = [kind for kind in typing.get_args(hint) if kind is not type(None)]
        return kinds[0] if len(kinds) == 1 else hint
    return hint


def _blank(hint: Any) -> Any:
    return {str: "", int: 0, float: 0.0, bool: False}.get(
        hint, () if typing.get_origin(hint) is tuple else None
    )


@cache
def _fields(schema: Any) -> dict[str, tuple[Any, bool]]:
    """Give each field's type and whether a body must have it."""
    hints = typing.get_type_hints(schema)
    return {
        field.name: (hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in dataclasses.fields(schema)
    }
