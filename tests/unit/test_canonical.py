"""Canonical JSON: one text for one value."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.canonical import canonical_json, instant, plain
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.people import Actor, Role

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_storing_and_loading_as_json_does_not_change_the_text(value: Any) -> None:
    stored = msgspec.json.decode(msgspec.json.encode(plain(value)))

    assert canonical_json(stored) == canonical_json(value)


@given(st.dictionaries(st.text(), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    backwards = dict(reversed(value.items()))

    assert canonical_json(backwards) == canonical_json(value)


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: 1900 < moment.year < 2200))
def test_an_instant_is_written_the_same_from_every_time_zone(moment: datetime) -> None:
    written = instant(moment)

    assert written.endswith("Z")
    assert written == instant(moment.astimezone(UTC))
    assert datetime.fromisoformat(written) == moment.astimezone(UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ((1, 2.0, True, None), [1, 2.0, True, None]),
        (Urgency.URGENT, "urgent"),
        (date(2026, 2, 3), "2026-02-03"),
        (datetime(2026, 2, 3, 9, tzinfo=timezone(timedelta(hours=-3))), "2026-02-03T12:00:00Z"),
        ({Urgency.URGENT: (date(2026, 1, 1),)}, {"urgent": ["2026-01-01"]}),
        (
            Actor(role=Role.CITIZEN, name="portal"),
            {"role": "citizen", "name": "portal", "secretariat": None},
        ),
    ],
)
def test_domain_values_become_json_types(value: Any, expected: Any) -> None:
    assert plain(value) == expected


def test_accents_are_kept_as_they_are() -> None:
    assert canonical_json({"b": "São João", "a": 1}) == '{"a":1,"b":"São João"}'
    assert json.loads(canonical_json(["ç"])) == ["ç"]
