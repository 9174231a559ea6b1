"""Keep the change feed of each secretariat for ninety days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.feed_positions import (
    begin_of,
    cursor_behind,
    day_of_position,
    delivery_at,
    position_in_feed,
    utc_day,
)
from chalicelib.adapters.dynamo.models import DeliveryModel
from chalicelib.adapters.dynamo.parking import DynamoParking
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.services.ports.basics import Clock, Page
from chalicelib.services.ports.delivery import Delivery

KEPT_FOR = timedelta(days=90)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoDeliveries(DynamoParking):
    """The `DeliveryLog` port: a partition per secretariat and UTC day, in order of sending."""

    clock: Clock

    def note(self, deliveries: Sequence[Delivery]) -> None:
        """Append to the feed; a line's key says all of it, so noting it twice is harmless."""
        with translated_failures(), DeliveryModel.batch_write() as batch:
            for one in dict.fromkeys(deliveries):
                partition = _partition(one.secretariat, utc_day(one.at))
                expires_at = int((one.at + KEPT_FOR).timestamp())
                batch.save(DeliveryModel(partition, position_in_feed(one), expires_at=expires_at))

    def since(
        self, secretariat: str, moment: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[Delivery]:
        """Read the feed from `moment` on, day by day, in order of sending."""
        begin = max(begin_of(moment, cursor), sortable(self.clock.now() - KEPT_FOR))
        found: list[Delivery] = []
        for day in self._days_from(day_of_position(begin)):
            found += _lines(secretariat, day, begin, limit + 1 - len(found))
            if len(found) > limit:
                return Page(items=tuple(found[:limit]), next=cursor_behind(found[limit - 1]))
        return Page(items=tuple(found))

    def _days_from(self, day: date) -> Iterator[date]:
        while day <= utc_day(self.clock.now()):
            yield day
            day += A_DAY


def _lines(secretariat: str, day: date, begin: str, limit: int) -> Iterator[Delivery]:
    with translated_failures():
        partition, behind = _partition(secretariat, day), DeliveryModel.position > begin
        for model in DeliveryModel.query(partition, behind, limit=limit, page_size=limit):
            yield delivery_at(model.position, secretariat)


def _partition(secretariat: str, day: date) -> str:
    return f"{secretariat}#{day.isoformat()}"
