"""Compute what DynamoDB charges for a write, by its published rules.

Engines on this machine report capacity only roughly, so it is computed from the items: a unit per
started kilobyte of the item, and for every index a unit per entry written or removed (a changed key
is both). All our indexes are KEYS_ONLY, so an entry is always under a kilobyte.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

KILOBYTE = 1024
READ_UNIT_BYTES = 4 * KILOBYTE
TEMPLATE = Path(__file__).parents[1] / "infra" / "template.json"

Item = Mapping[str, Any]


def item_bytes(item: Item) -> int:
    """Weigh an item: texts in UTF-8, bytes as they are, a number half a byte per digit and one more."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def table_units(before: Item, after: Item) -> int:
    """Count the write units of putting an item into its table: the heavier of old and new counts."""
    return -(-max(item_bytes(before), item_bytes(after)) // KILOBYTE)


def index_units(before: Item, after: Item) -> int:
    """Count the write units that all indexes of the requests table cost together."""
    return sum(_entry_units(keys, before, after) for keys in index_keys())


def read_units(item: Item) -> int:
    """Count the read units of one consistent read."""
    return -(-item_bytes(item) // READ_UNIT_BYTES)


def query_units(items: Sequence[Item], *, is_consistent: bool) -> float:
    """Count the read units of one query: what it reads is weighed together; half if it may lag behind."""
    units = max(1, -(-sum(map(item_bytes, items)) // READ_UNIT_BYTES))
    return units if is_consistent else units / 2


def index_keys() -> Iterator[tuple[str, ...]]:
    """Read from the template which attributes make up each index entry."""
    table = json.loads(TEMPLATE.read_text())["Resources"]["RequestsTable"]["Properties"]
    for index in table["GlobalSecondaryIndexes"]:
        yield tuple(key["AttributeName"] for key in index["KeySchema"])


def _entry_units(keys: tuple[str, ...], before: Item, after: Item) -> int:
    old, new = (
        tuple(item[key] for key in keys) if all(key in item for key in keys) else None
        for item in (before, after)
    )
    return 0 if old == new else (old is not None) + (new is not None)


def _value_bytes(value: Any) -> int:
    if isinstance(value, bytes):
        return len(value)
    return len(str(value)) // 2 + 2 if isinstance(value, int) else len(str(value).encode())
