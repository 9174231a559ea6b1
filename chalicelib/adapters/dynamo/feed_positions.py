"""Name the place of a line in a secretariat's change feed, as sort key and as cursor."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.delivery import Delivery

POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z#\d{13}#\d{3}", re.ASCII)


def position_in_feed(delivery: Delivery) -> str:
    """Write a line's position: instant of sending, protocol, decision; it says all of the line."""
    return line_position(delivery.at, delivery.protocol, delivery.seq)


def line_position(at: datetime, protocol: Protocol, seq: int) -> str:
    """Write the place of decision `seq` of a request in a list ordered by time."""
    return f"{sortable(at)}#{protocol}#{seq:03d}"


def delivery_at(position: str, secretariat: str) -> Delivery:
    """Read a line back from its position."""
    at, protocol, seq = position.split("#")
    return Delivery(
        secretariat=secretariat, protocol=Protocol(protocol), seq=int(seq), at=datetime.fromisoformat(at)
    )


def cursor_behind(delivery: Delivery) -> str:
    """Give the cursor that continues behind a line."""
    return cursor_of(position_in_feed(delivery))


def begin_of(moment: datetime, cursor: str | None) -> str:
    """Give the position behind which to read.

    A bare instant lies before every line that was sent at it.

    Raises:
        InvalidInput: the cursor is none of ours.
    """
    if cursor is None:
        return sortable(moment)
    (position,) = position_of(cursor, 1)
    try:
        if not POSITION.fullmatch(position):
            raise ValueError(position)
        datetime.fromisoformat(position.partition("#")[0])
    except ValueError as error:
        raise InvalidInput(Fault(path="cursor", reason="invalid_cursor")) from error
    return position


def day_of_position(position: str) -> date:
    """Tell on which UTC day a line at or behind `position` was sent."""
    return date.fromisoformat(position[:10])


def utc_day(moment: datetime) -> date:
    """Tell on which UTC day `moment` is."""
    return moment.astimezone(UTC).date()
