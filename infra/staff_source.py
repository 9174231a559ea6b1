"""Read who works at each secretariat from a section of its own, apart from what the organs are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.catalogue import Secretariat, WorkUnit
from chalicelib.domain.staff import Assignment

Note = Callable[[str, str], None]
"""Receives the code of a secretariat and a reason."""
STAFF_FIELDS = frozenset({"posts", "head", "on_call"})
"""Fields of secretariats and units that this section writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitStaff:
    """Who heads a team and who of it is on call."""

    head: Assignment | None = None
    on_call: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretariatStaff:
    """Who holds the posts of a secretariat, who is on call in which order, and the same for its teams."""

    posts: Mapping[str, Assignment] = field(default_factory=dict)
    on_call: tuple[str, ...] = ()
    units: Mapping[str, UnitStaff] = field(default_factory=dict)


def staffed(
    secretariats: Mapping[str, Secretariat], staff: Mapping[str, SecretariatStaff], note: Note
) -> dict[str, Secretariat]:
    """Give every secretariat its people; what names none of them is noted."""
    for code in staff.keys() - secretariats.keys():
        note(code, "secretariat is unknown")
    return {
        code: _with(organ, staff[code], note) if code in staff else organ
        for code, organ in secretariats.items()
    }


def _with(organ: Secretariat, staff: SecretariatStaff, note: Note) -> Secretariat:
    for code in staff.units.keys() - {unit.code for unit in organ.units}:
        note(organ.code, f"unit {code} is unknown")
    if organ.posts or organ.on_call:
        note(organ.code, "the secretariat's own entry names people already")
    units = tuple(_with_unit(unit, staff.units.get(unit.code)) for unit in organ.units)
    return replace(organ, posts=staff.posts, on_call=staff.on_call, units=units)


def _with_unit(unit: WorkUnit, staff: UnitStaff | None) -> WorkUnit:
    return replace(unit, head=staff.head, on_call=staff.on_call) if staff else unit
