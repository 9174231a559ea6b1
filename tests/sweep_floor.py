"""A floor on which sweeps run over fakes: from the tick to what people are told, as the clock says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Generic, TypeVar

from chalicelib.adapters.dynamo.request_items import Item, request_of, stored_timer, timer_attributes
from chalicelib.domain import orders
from chalicelib.domain.letters import Letter
from chalicelib.domain.protocols import Protocol, compose_protocol, day_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.timers import filed_timer
from chalicelib.services.attendance import Attendance
from chalicelib.services.followups import Followups
from chalicelib.services.oversight_projection import OversightProjection
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.notices import Notice, SurveyNotice
from chalicelib.services.ports.timers import Look, RecountJob, ShardJob, SweepReport
from chalicelib.services.sweep import Paged, Pager, Sweep
from chalicelib.workers import MOST_RECEIVES
from tests.builders import a_catalogue, ordered
from tests.escalated import MORNING
from tests.fakes import (
    FakeCatalogue,
    FakeClock,
    FakeEscalationLog,
    FakeJobs,
    FakeLateList,
    FakeLeases,
    FakeLooks,
    FakeRequests,
    FakeStuck,
    FakeSweeps,
)
from tests.notice_desk import Post

T = TypeVar("T")
JOBS_HIDDEN_FOR, LOOKS_HIDDEN_FOR = timedelta(minutes=30), timedelta(minutes=6)
"""How long a message that was received stays hidden, as `infra/template.json` says."""
STREAM_BATCH = 100


@dataclass(slots=True)
class Message(Generic[T]):
    """What waits in a queue: from when on it is seen, and how often it was."""

    body: T
    visible_at: datetime
    receives: int = 0


@dataclass(slots=True)
class Inbox(Generic[T]):
    """A standard queue as its consumer meets it; what was seen too often lies with the `dead`."""

    clock: FakeClock
    hidden_for: timedelta
    waiting: dict[int, Message[T]] = field(default_factory=dict)
    dead: list[T] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def put(self, body: T, delay_seconds: int = 0) -> None:
        at = self.clock.now() + timedelta(seconds=delay_seconds)
        self.waiting[next(self._numbers)] = Message(body, at)

    def work(self, handle: Callable[[T, bool], object]) -> bool:
        """Handle what is visible, one after the other; what fails or crashes comes back later."""
        now = self.clock.now()
        ready = [number for number, one in self.waiting.items() if one.visible_at <= now]
        for number in ready:
            message = self.waiting[number]
            if message.receives >= MOST_RECEIVES:
                self.dead.append(self.waiting.pop(number).body)
                continue
            message.receives, message.visible_at = message.receives + 1, now + self.hidden_for
            try:
                handle(message.body, message.receives >= MOST_RECEIVES)
            except Exception:  # noqa: S112 - as in SQS, the message comes back
                continue
            del self.waiting[number]
        return bool(ready)


@dataclass
class StreamedRequests(FakeRequests):
    """The table with its stream: every item written, and the version that was there before."""

    stream: list[tuple[int, Item]] = field(default_factory=list)

    def _put(self, item: Item) -> None:
        before = self.items.get(item["protocol"], {}).get("version", 0)
        super()._put(item)
        self.stream.append((before, item))

    def copy(self, source: Protocol, numbers: Iterable[int]) -> list[Protocol]:
        """Write an item again under other protocols, past the stream: cheaper than opening requests."""
        item = self.items[source]
        copies = [compose_protocol(day_of(source), number) for number in numbers]
        for protocol in copies:
            timer = timer_attributes(protocol, stored_timer(item))
            super()._put({**item, "protocol": protocol, **timer})
        return copies


def unwrapped(name: str, port: Any) -> Any:
    """Let services talk to their ports directly."""
    return port


@dataclass(slots=True)
class SweepFloor:
    """Everything that watches over deadlines; `wrap` may stand between the services and a port, by name."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING))
    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    wrap: Callable[[str, Any], Any] = unwrapped
    log: FakeSweeps = field(default_factory=FakeSweeps)
    stuck: FakeStuck = field(default_factory=FakeStuck)
    escalations: FakeEscalationLog = field(default_factory=FakeEscalationLog)
    late: FakeLateList = field(default_factory=FakeLateList)
    reports: list[SweepReport] = field(default_factory=list)
    paged: list[Paged] = field(default_factory=list)
    told: list[tuple[datetime, str, Letter]] = field(default_factory=list)
    requests: StreamedRequests = field(init=False)
    leases: FakeLeases = field(init=False)
    post: Post = field(init=False)
    jobs: Inbox[ShardJob | RecountJob] = field(init=False)
    looks: Inbox[Look] = field(init=False)
    notices: Inbox[Notice] = field(init=False)
    _jobs: FakeJobs = field(default_factory=FakeJobs)
    _looks: FakeLooks = field(default_factory=FakeLooks)

    def __post_init__(self) -> None:
        self.requests = StreamedRequests(
            timer_of=lambda request: filed_timer(request, self.catalogue.current())
        )
        self.leases = FakeLeases(self.clock)
        self.post = Post(city=self.catalogue, store=self.requests, clock=self.clock)
        self.jobs = Inbox(self.clock, JOBS_HIDDEN_FOR)
        self.looks = Inbox(self.clock, LOOKS_HIDDEN_FOR)
        self.notices = Inbox(self.clock, LOOKS_HIDDEN_FOR)

    @property
    def sweep(self) -> Sweep:
        return Sweep(jobs=self.wrap("jobs", self._jobs), log=self.wrap("log", self.log), clock=self.clock)

    @property
    def pager(self) -> Pager:
        return Pager(
            timers=self.wrap("timers", self.requests),
            index=self.wrap("index", self.requests),
            looks=self.wrap("looks", self._looks),
            jobs=self.wrap("jobs", self._jobs),
            leases=self.wrap("leases", self.leases),
            log=self.wrap("log", self.log),
            stuck=self.wrap("stuck", self.stuck),
            clock=self.clock,
        )

    @property
    def attendance(self) -> Attendance:
        return Attendance(
            requests=self.wrap("requests", self.requests),
            catalogue=self.catalogue,
            log=self.wrap("log", self.log),
            stuck=self.wrap("stuck", self.stuck),
            clock=self.clock,
        )

    @property
    def followers(self) -> tuple[OversightProjection, Followups]:
        projection = OversightProjection(
            log=self.wrap("escalations", self.escalations),
            late=self.wrap("late", self.late),
            digests=self.wrap("digest lines", self.post.lines),
            catalogue=self.catalogue,
        )
        followups = Followups(
            looks=self.wrap("looks", self._looks),
            notices=self.wrap("notices", self.post.queue),
            catalogue=self.catalogue,
            clock=self.clock,
        )
        return projection, followups

    def add(self, request: ServiceRequest) -> ServiceRequest:
        """Write a new request."""
        self.requests.add(request)
        return request

    def order(self, protocol: Protocol, order: orders.Order) -> None:
        """Let somebody give an order now."""
        request = self.stored(protocol)
        decided = ordered(request, order, self.catalogue.current(), at=self.clock.now())
        self.requests.save(decided, seen_version=request.version)

    def tick(self) -> str:
        """Do what the schedule does, and name the run."""
        run = self.sweep.begin()
        self.reports += self.sweep.close_finished()
        now = self.clock.now()
        self.post.waiting.release_deferred(now)
        self.post.notifying.digests.start(now)
        self.collect()
        return run

    def drain(self) -> None:
        """Work until nothing is left that can be done now."""
        while self.work():
            pass

    def work(self) -> bool:
        """Page, look, follow the stream and tell people, each once; False if there was nothing to do."""
        return any([
            self.jobs.work(lambda job, _: self.paged.append(self.pager.page(job))) | self.collect(),
            self.looks.work(lambda look, last: self.attendance.look(look, is_last_try=last)),
            self.follow() | self.collect(),
            self.notices.work(lambda notice, _: self._tell(notice)) | self.collect(),
        ])  # fmt: skip

    def follow(self) -> bool:
        """Feed a batch of the stream to the relay's followers; a crash leaves it there."""
        batch = self.requests.stream[:STREAM_BATCH]
        changes = [Change(before=before, request=request_of(item)) for before, item in batch]
        for follower in self.followers if changes else ():
            follower.follow(changes)
        del self.requests.stream[: len(batch)]
        return bool(batch)

    def collect(self) -> bool:
        """Take what was sent to the queues since, at the present instant."""
        before = len(self.jobs.waiting) + len(self.looks.waiting) + len(self.notices.waiting)
        for job, delay in self._jobs.sent:
            self.jobs.put(job, delay)
        for look, delay in self._looks.sent:
            self.looks.put(look, delay)
        for notice in self.post.queue.notices:
            if not isinstance(notice, SurveyNotice):
                self.notices.put(notice)
        for sent in (self._jobs.sent, self._looks.sent, self.post.queue.notices):
            sent.clear()
        return before < len(self.jobs.waiting) + len(self.looks.waiting) + len(self.notices.waiting)

    def later(self, **by: float) -> None:
        """Let time pass, in which nothing is done."""
        self.collect()
        self.clock.advance(**by)

    def run(self, until: datetime, every: timedelta = timedelta(minutes=5)) -> None:
        """Sweep and do all that follows, again and again."""
        while self.clock.now() < until:
            self.tick()
            self.drain()
            self.later(seconds=every.total_seconds())

    def stored(self, protocol: Protocol) -> ServiceRequest:
        """Show a request as it is kept, without counting it as read."""
        return request_of(self.requests.items[protocol])

    def entries(self, protocol: Protocol, kind: EntryType = EntryType.ESCALATED) -> list[Entry]:
        """List a request's decisions of a kind."""
        return [entry for entry in self.stored(protocol).timeline if entry.type is kind]

    def levels(self, protocol: Protocol) -> list[str]:
        """List the levels that came, the skipped ones before the one that skipped them."""
        return [
            level for one in self.entries(protocol) for level in (*one.data["skipped"], one.data["level"])
        ]

    def _tell(self, notice: Notice) -> None:
        senders = (self.post.sms, self.post.email)
        before = [len(sender.sent) for sender in senders]
        try:
            self.post.notifying.notify(notice)
        finally:
            now = self.clock.now()
            for sender, known in zip(senders, before, strict=True):
                self.told += [(now, address, letter) for address, letter in sender.sent[known:]]
