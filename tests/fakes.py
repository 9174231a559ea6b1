"""Stand in for the outside world, in memory and with the same semantics; one place to import them from."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.request_items import (
    Item,
    item_of,
    place_key,
    request_of,
    sortable,
    stored_timer,
    timer_attributes,
)
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import NotFound, StaleVersion, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import filed_timer
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.requests import Filed, ProtocolTaken, TimerOf
from chalicelib.services.ports.timers import DueTimer
from tests.city import a_catalogue
from tests.fake_access import FakeApiKeys, FakeAttempts, FakeMedia, an_identity
from tests.fake_delivery import FakeAudit, FakeDeliveries, FakeQuarantine
from tests.fake_notices import FakeDeferred, FakeNoticeQueue, FakeSender, FakeSendLog
from tests.fake_oversight import (
    FakeDigestLines,
    FakeEscalationLog,
    FakeLateList,
    FakePollings,
    FakeQueueDepths,
)
from tests.fake_people import FakeContacts, FakePeople
from tests.fake_queues import FakeQueues
from tests.fake_timers import FakeJobs, FakeLeases, FakeLooks, FakeStuck, FakeSweeps

__all__ = [
    "NOW",
    "FakeApiKeys",
    "FakeAttempts",
    "FakeAudit",
    "FakeCatalogue",
    "FakeClock",
    "FakeContacts",
    "FakeDeferred",
    "FakeDeliveries",
    "FakeDigestLines",
    "FakeEscalationLog",
    "FakeJobs",
    "FakeLateList",
    "FakeLeases",
    "FakeLooks",
    "FakeMedia",
    "FakeNoticeQueue",
    "FakePeople",
    "FakePollings",
    "FakeQuarantine",
    "FakeQueueDepths",
    "FakeQueues",
    "FakeRequests",
    "FakeSendLog",
    "FakeSender",
    "FakeStuck",
    "FakeSweeps",
    "SeededRandomness",
    "an_identity",
]

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
"""Half past eleven in Porto Alegre, on a Tuesday."""


@dataclass(slots=True)
class FakeClock:
    """A clock that stands still until it is told to go on."""

    time: datetime = NOW

    def now(self) -> datetime:
        return self.time

    def advance(self, **by: float) -> None:
        """Go on by a `timedelta` given as keywords."""
        self.time += timedelta(**by)


@dataclass(slots=True)
class SeededRandomness:
    """Bytes that differ from call to call and are the same in every run."""

    drawn: int = 0

    def seed(self) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(16, "big")


@dataclass(slots=True)
class FakeCatalogue:
    """Publishes whatever catalogue it holds; without one it is unavailable."""

    catalogue: Catalogue | None

    def current(self) -> Catalogue:
        if self.catalogue is None:
            raise Unavailable
        return self.catalogue


_SMALL_CITY = a_catalogue()


def timer_in_a_small_city(request: ServiceRequest) -> datetime | None:
    """File a request as the small city of the tests would."""
    return filed_timer(request, _SMALL_CITY)


@dataclass(slots=True)
class FakeRequests:
    """The `RequestStore`, `RequestIndex` and `TimerIndex` over a dictionary of items.

    Items are kept encoded, so nothing that a test holds changes what is stored. `is_down` makes
    every call fail; `loses_answers` makes writes succeed and say nothing, once each. `timers_read` counts
    the index entries that `due` looked at: like the real one it finds them by their order.
    """

    items: dict[str, Item] = field(default_factory=dict)
    timer_of: TimerOf = timer_in_a_small_city
    timers_read: int = 0
    writes: int = 0
    reads: int = 0
    is_down: bool = False
    loses_answers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _timers: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, request: ServiceRequest) -> None:
        with self._lock:
            self._refuse_if_down()
            if request.protocol in self.items:
                raise ProtocolTaken
            self._write(request)

    def save(self, request: ServiceRequest, *, seen_version: int) -> None:
        with self._lock:
            self._refuse_if_down()
            stored = self.items.get(request.protocol)
            if stored is None:
                raise NotFound("request", request.protocol)
            if stored["version"] != seen_version:
                raise StaleVersion(stored["version"])
            self._write(request)

    def load(self, protocol: Protocol) -> ServiceRequest:
        self._refuse_if_down()
        self.reads += 1
        if protocol not in self.items:
            raise NotFound("request", protocol)
        return request_of(self.items[protocol])

    def load_filed(self, protocol: Protocol) -> Filed:
        return Filed(request=self.load(protocol), timer_at=stored_timer(self.items[protocol]))

    def refile(self, request: ServiceRequest) -> None:
        with self._lock:
            self._refuse_if_down()
            item = self.items[request.protocol]
            if item["version"] == request.version:
                timer = timer_attributes(request.protocol, self.timer_of(request))
                bare = {name: value for name, value in item.items() if not name.startswith("timer_")}
                self._put({**bare, **timer})

    def due(self, shard: int, until: datetime, *, limit: int, cursor: str | None = None) -> Page[DueTimer]:
        self._refuse_if_down()
        rows = self._timers.get(shard, [])
        start = bisect_right(rows, position_of(cursor, 2)) if cursor is not None else 0
        end = bisect_right(rows, (sortable(until), "~"))
        page = rows[start : min(end, start + limit)]
        self.timers_read += len(page)
        return Page(
            items=tuple(DueTimer(protocol=Protocol(p), at=datetime.fromisoformat(at)) for at, p in page),
            next=cursor_of(*page[-1]) if end > start + limit else None,
        )

    def load_many(self, protocols: Sequence[Protocol]) -> list[ServiceRequest]:
        self._refuse_if_down()
        return [request_of(self.items[protocol]) for protocol in protocols if protocol in self.items]

    def desk(self, secretariat: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        return self._page("secretariat", secretariat, "due_at", limit, cursor)

    def of_person(self, person_key: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        return self._page("person_key", person_key, "opened_at", limit, cursor, forward=False)

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        return self._page("opened_day", day.isoformat(), "opened_at", limit, cursor)

    def in_cells(self, service: str, cells: Iterable[str]) -> list[Protocol]:
        self._refuse_if_down()
        wanted = {place_key(service, cell) for cell in cells}
        return [Protocol(p) for p, item in self.items.items() if item.get("place_cell") in wanted]

    def _page(
        self, hash_name: str, value: str, sort: str, limit: int, cursor: str | None, *, forward: bool = True
    ) -> Page[Protocol]:
        self._refuse_if_down()
        rows = sorted(
            ((item[sort], p) for p, item in self.items.items() if item.get(hash_name) == value),
            reverse=not forward,
        )
        if cursor is not None:
            last = position_of(cursor, 2)
            rows = [row for row in rows if (row > last if forward else row < last)]
        page = rows[:limit]
        return Page(
            items=tuple(Protocol(p) for _, p in page),
            next=cursor_of(*page[-1]) if len(rows) > limit else None,
        )

    def _write(self, request: ServiceRequest) -> None:
        self.writes += 1
        self._put(item_of(request, f"write-{self.writes}", self.timer_of(request)))
        if self.loses_answers:
            self.loses_answers -= 1
            raise Unavailable

    def _put(self, item: Item) -> None:
        old = self.items.get(item["protocol"], {})
        if "timer_at" in old:
            rows = self._timers[old["timer_shard"]]
            del rows[bisect_left(rows, (old["timer_at"], old["protocol"]))]
        if "timer_at" in item:
            insort(self._timers.setdefault(item["timer_shard"], []), (item["timer_at"], item["protocol"]))
        self.items[item["protocol"]] = item

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable
