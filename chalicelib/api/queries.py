"""Read query parameters, and note what is wrong with each so that all is told at once."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from chalicelib.api.http import Call
from chalicelib.domain.errors import Fault

WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Choice = TypeVar("Choice", bound=StrEnum)


def whole_number(call: Call, name: str, otherwise: int, faults: list[Fault]) -> int:
    """Return a parameter of up to nine digits; `otherwise` where it is absent or no number."""
    text = call.query(name)
    if text is None:
        return otherwise
    if not WHOLE_NUMBER.fullmatch(text):
        faults.append(Fault(path=name, reason="wrong_type", facts={"type": "integer"}))
        return otherwise
    return int(text)


def coordinate(call: Call, name: str, most: int, faults: list[Fault]) -> float:
    """Return required degrees between -`most` and `most`; 0 where they cannot be used."""
    text = call.query(name)
    try:
        degrees = float(text or "")
    except ValueError:
        reason = "wrong_type" if text else "required"
        faults.append(Fault(path=name, reason=reason, facts={"type": "number"}))
        return 0.0
    if not -most <= degrees <= most:
        faults.append(Fault(path=name, reason="out_of_range", facts={"least": -most, "most": most}))
        return 0.0
    return degrees


def moment(call: Call, name: str, faults: list[Fault]) -> datetime | None:
    """Return an instant with its time zone; None where it is absent or cannot be read."""
    text = call.query(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        faults.append(Fault(path=name, reason="not_a_datetime"))
        return None
    if found.tzinfo is None:
        faults.append(Fault(path=name, reason="time_zone_missing"))
        return None
    return found


def local_day(call: Call, name: str, faults: list[Fault]) -> date | None:
    """Return a day of the city's, as `2026-11-24`; None where it is absent or cannot be read."""
    text = call.query(name)
    if text is None:
        return None
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(path=name, reason="not_a_date"))
        return None


def values(call: Call, name: str) -> frozenset[str]:
    """Return the parts of a comma list; none where it is absent."""
    return frozenset(part.strip() for part in (call.query(name) or "").split(",") if part.strip())


def choices(call: Call, name: str, kind: type[Choice], faults: list[Fault]) -> frozenset[Choice]:
    """Return the members of `kind` that a comma list names; none where it names others too."""
    asked, known = values(call, name), [one.value for one in kind]
    if asked - set(known):
        faults.append(Fault(path=name, reason="not_in_list", facts={"choices": known}))
        return frozenset()
    return frozenset(kind(value) for value in asked)
