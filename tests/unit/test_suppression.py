"""What the public does not see of groups, so that no small one can be worked out from the others."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.suppression import Key, hide_nothing, hide_small

keys = st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"))
divisions = st.dictionaries(keys, st.integers(0, 30), max_size=9)


def hidden(**counts: int) -> set[str]:
    return {key for (key,) in hide_small({(name,): count for name, count in counts.items()})}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 5, "b": 9}, set()),
        ({"a": 4, "b": 9, "c": 7}, {"a", "c"}),
        ({"a": 3, "b": 2, "c": 90}, {"a", "b"}),
        ({"a": 1, "b": 2, "c": 90, "d": 80}, {"a", "b", "d"}),
        ({"a": 0, "b": 9, "c": 7}, {"a"}),
        ({"a": 0, "b": 4, "c": 9, "d": 7}, {"a", "b", "d"}),
        ({"a": 4}, {"a"}),
        ({"a": 4, "b": 50}, {"a", "b"}),
    ],
)
def test_small_groups_are_hidden_and_others_cover_them(counts: dict[str, int], expected: set[str]) -> None:
    assert hidden(**counts) == expected


@given(divisions)
def test_no_group_below_five_is_shown(counts: dict[Key, int]) -> None:
    assert {key for key, count in counts.items() if count < 5} <= hide_small(counts)


@given(divisions)
def test_no_total_gives_a_small_group_away(counts: dict[Key, int]) -> None:
    """Whatever is summed over, what is missing from the total is of no group alone, and not small."""
    found = hide_small(counts)
    for shared in ((), (0,), (1,)):
        totals: dict[Key, list[Key]] = {}
        for key in counts:
            totals.setdefault(tuple(key[position] for position in shared), []).append(key)
        for parts in totals.values():
            missing = [counts[key] for key in parts if key in found and counts[key]]
            shown = [key for key in parts if key not in found]
            assert not missing or not shown or (len(missing) >= 2 and sum(missing) >= 5)


@given(divisions)
def test_without_small_groups_nothing_is_hidden(counts: dict[Key, int]) -> None:
    large = {key: count + 5 for key, count in counts.items()}
    assert hide_small(large) == frozenset()


@given(divisions)
def test_what_is_hidden_follows_from_the_counts_alone(counts: dict[Key, int]) -> None:
    backwards = dict(reversed(counts.items()))
    assert hide_small(counts) == hide_small(backwards)


def test_the_centre_sees_everything() -> None:
    assert hide_nothing({("a",): 1}) == frozenset()


def test_three_dimensions_are_covered_in_every_direction() -> None:
    counts: dict[Key, int] = dict.fromkeys(product("ab", "xy", "12"), 10)
    counts["a", "x", "1"] = 3
    found = hide_small(counts)
    for fixed in combinations(range(3), 2):
        line = [key for key in counts if all(key[place] == ("a", "x", "1")[place] for place in fixed)]
        assert len(found & set(line)) == 2
