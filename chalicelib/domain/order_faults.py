"""Name what is wrong with the texts and photos of any order, whichever request it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from chalicelib.domain.errors import Fault
from chalicelib.domain.ordering import Order

LONGEST_TEXT = 2_000
LONGEST_CODE = 200
MOST_PHOTOS = 10


def order_faults(order: Order) -> Iterator[Fault]:
    """Name every text of `order` that is blank though mandatory, or too long, and too many photos."""
    for one in fields(order):
        value = getattr(order, one.name)
        if one.name == "photos" and len(value) > MOST_PHOTOS:
            yield Fault(path="photos", reason="too_many", facts={"most": MOST_PHOTOS})
        if not isinstance(value, str):
            continue
        is_long = one.name in order.TEXTS and one.name not in order.SHORT
        longest = LONGEST_TEXT if is_long else LONGEST_CODE
        if one.name in order.MANDATORY and not value.strip():
            yield Fault(path=one.name, reason="required")
        elif len(value) > longest:
            yield Fault(path=one.name, reason="too_long", facts={"longest": longest, "length": len(value)})
