"""Divide results into the groups that are asked for, and say what of each may be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chalicelib.domain.suppression import Key
from chalicelib.domain.survey_results import ANSWERED, RESOLVED, DayResults, Tally, merged

Screen = Callable[[Mapping[Key, int]], frozenset[Key]]
"""Chooses, from how many a division counts in each group, the groups that are hidden."""


class Dimension(StrEnum):
    """By what results can be divided."""

    SECRETARIAT = "secretariat"
    SERVICE = "service"
    CHANNEL = "channel"
    MONTH = "month"


_PLACES: Mapping[Dimension, int] = {dimension: place for place, dimension in enumerate(Dimension)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    """What was counted in a group; `hides_…` say what of it may not be shown."""

    key: Mapping[Dimension, str]
    tally: Tally
    hides_answers: bool
    hides_resolutions: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: a period of local days, both included, its groups, and which values count at all."""

    since: date
    until: date
    group_by: frozenset[Dimension] = frozenset()
    filters: Mapping[Dimension, Set[str]] = field(default_factory=dict)


def by_every_dimension(days: Iterable[DayResults]) -> dict[Key, Tally]:
    """Add up the results of days under a value of each dimension."""
    return merged(
        ((cell.secretariat, cell.service, cell.channel.value, month), tally)
        for one in days
        for month in (f"{one.day:%Y-%m}",)
        for cell, tally in one.cells.items()
    )


def total(finest: Mapping[Key, Tally], wanted: Wanted, screen: Screen) -> ResultGroup:
    """Add up everything that is asked for."""
    found = tuple(_groups(finest, (), wanted.filters, screen))
    if found:
        return found[0]
    return _group((), (), {}, screen, (frozenset(), frozenset()))


def groups(finest: Mapping[Key, Tally], wanted: Wanted, screen: Screen) -> tuple[ResultGroup, ...]:
    """Divide what is asked for, in order of the groups' values."""
    by = tuple(dimension for dimension in Dimension if dimension in wanted.group_by)
    return tuple(_groups(finest, by, wanted.filters, screen)) if by else ()


def _groups(
    finest: Mapping[Key, Tally],
    by: Sequence[Dimension],
    filters: Mapping[Dimension, Set[str]],
    screen: Screen,
) -> Iterator[ResultGroup]:
    """Screen the division by all dimensions that play a part, left out parts too, then take what is wanted.

    Otherwise a filter would show what the same group hides beside others.
    """
    divided = tuple(one for one in Dimension if one in by or one in filters)
    parts = merged((_values(key, divided), tally) for key, tally in finest.items())
    hidden = [screen({key: tally.of(name) for key, tally in parts.items()}) for name in (ANSWERED, RESOLVED)]
    members: dict[Key, list[Key]] = {}
    for key in sorted(parts):
        values = dict(zip(divided, key, strict=True))
        if all(values[dimension] in wanted for dimension, wanted in filters.items()):
            members.setdefault(tuple(values[dimension] for dimension in by), []).append(key)
    for values_by, keys in members.items():
        yield _group(by, values_by, {key: parts[key] for key in keys}, screen, hidden)


def _group(
    by: Sequence[Dimension],
    values: Key,
    parts: Mapping[Key, Tally],
    screen: Screen,
    hidden: Sequence[frozenset[Key]],
) -> ResultGroup:
    whole = merged((values, tally) for tally in parts.values()).get(values, Tally())
    answers, resolutions = (
        bool(screen({values: whole.of(name)}))
        or any(key in found for key, tally in parts.items() if tally.of(name))
        for name, found in zip((ANSWERED, RESOLVED), hidden, strict=True)
    )
    return ResultGroup(
        key=dict(zip(by, values, strict=True)),
        tally=whole,
        hides_answers=answers,
        hides_resolutions=resolutions,
    )


def _values(key: Key, dimensions: Sequence[Dimension]) -> Key:
    return tuple(key[_PLACES[dimension]] for dimension in dimensions)
