"""Hide small groups from the public, and as many others as it takes that no difference gives them away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

FEWEST_SHOWN = 5
FEWEST_HIDDEN = 2
"""A group hidden alone is what the shown total has and the shown groups have not."""

Key = tuple[str, ...]
"""Names a group by one value per dimension; all keys of a division have the same dimensions."""


def hide_nothing(counts: Mapping[Key, int]) -> frozenset[Key]:
    """Show all groups: what the people of the centre see."""
    return frozenset()


def hide_small(counts: Mapping[Key, int]) -> frozenset[Key]:
    """Choose the groups that are hidden: those below five, and others for their cover.

    Wherever groups add up to a total that can be asked for (all of them, or those that share some of the
    values), either none is hidden or at least two are, which together reach what is shown; an empty group
    covers nothing. The smallest that are left give the cover.
    """
    hidden = {key for key, count in counts.items() if 0 < count < FEWEST_SHOWN}
    totals = list(_totals(counts))
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for parts in totals:
            hidden |= _cover(parts, hidden, counts)
    return frozenset(hidden | {key for key, count in counts.items() if count < FEWEST_SHOWN})


def _totals(counts: Collection[Key]) -> Iterator[Sequence[Key]]:
    """Give, for every total that can be asked for, the groups that it is made of, in a fixed order."""
    keys = sorted(counts)
    length = len(keys[0]) if keys else 0
    for shared in range(length):
        for positions in combinations(range(length), shared):
            parts: dict[Key, list[Key]] = {}
            for key in keys:
                parts.setdefault(tuple(key[position] for position in positions), []).append(key)
            yield from parts.values()


def _cover(parts: Sequence[Key], hidden: Collection[Key], counts: Mapping[Key, int]) -> set[Key]:
    """Choose what else must be hidden of the parts of a total."""
    covered = [key for key in parts if key in hidden]
    if not covered:
        return set()
    more: set[Key] = set()
    total = sum(counts[key] for key in covered)
    for key in sorted((key for key in parts if key not in hidden and counts[key]), key=lambda k: counts[k]):
        if len(covered) + len(more) >= FEWEST_HIDDEN and total >= FEWEST_SHOWN:
            break
        more.add(key)
        total += counts[key]
    return more
