"""The secretariats' FIFO queues, in memory: groups, deduplication, visibility and dead letters as in SQS."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import QueueMissing, ReceiptExpired, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.delivery import DeadLetter, HoldTooLong, MessagesRefused, Received

DEDUPLICATION = timedelta(minutes=5)
VISIBILITY = timedelta(minutes=5)
LONGEST_HOLD = timedelta(hours=12)
MOST_RECEIVES = 10


@dataclass(slots=True)
class _Kept:
    message: Message
    message_id: str
    sent_at: datetime
    visible_at: datetime
    received_at: datetime | None = None
    receives: int = 0
    receipt: str | None = None


@dataclass(slots=True)
class _Queue:
    waiting: list[_Kept] = field(default_factory=list)
    dead: list[_Kept] = field(default_factory=list)
    seen: dict[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class FakeQueues:
    """The `SecretariatQueues` of the codes it is made with.

    `down` names queues that do not answer, `refuses` protocols whose messages are never taken.
    """

    clock: Clock
    codes: Iterable[str] = ()
    down: set[str] = field(default_factory=set)
    refuses: set[Protocol] = field(default_factory=set)
    sent: list[Message] = field(default_factory=list)
    _queues: dict[str, _Queue] = field(init=False, default_factory=dict)
    _named: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._queues = {code: _Queue() for code in self.codes}

    def exists(self, secretariat: str) -> bool:
        return secretariat in self._queues

    def send(self, secretariat: str, messages: Sequence[Message]) -> None:
        queue, now = self._queue(secretariat), self.clock.now()
        for message in messages:
            if message.protocol in self.refuses:
                continue
            seen = queue.seen.get(message.deduplication_id)
            if seen is not None and now - seen < DEDUPLICATION:
                continue
            queue.seen[message.deduplication_id] = now
            queue.waiting.append(_Kept(message, self._name("message"), now, now))
            self.sent.append(message)
        if refused := {m.protocol for m in messages} & self.refuses:
            raise MessagesRefused(refused)

    def receive(self, secretariat: str, *, most: int, wait_seconds: int) -> list[Received]:
        queue, now = self._queue(secretariat), self.clock.now()
        taken: list[Received] = []
        blocked: set[str] = set()
        for kept in list(queue.waiting):
            if kept.message.protocol in blocked or len(taken) == most:
                continue
            if kept.visible_at > now:
                blocked.add(kept.message.protocol)
            elif kept.receives == MOST_RECEIVES:
                queue.waiting.remove(kept)
                queue.dead.append(kept)
            else:
                taken.append(self._take(kept, now))
        return taken

    def ack(self, secretariat: str, receipt: str) -> None:
        self._queue(secretariat).waiting.remove(self._held(secretariat, receipt))

    def hold(self, secretariat: str, receipt: str, seconds: int) -> None:
        kept, now = self._held(secretariat, receipt), self.clock.now()
        visible_at = now + timedelta(seconds=seconds)
        if kept.received_at is not None and visible_at - kept.received_at > LONGEST_HOLD:
            raise HoldTooLong
        kept.visible_at = visible_at

    def dead_letters(self, secretariat: str, *, most: int = 100) -> list[DeadLetter]:
        letters = [_dead_letter(kept) for kept in self._queue(secretariat).dead]
        return sorted(letters, key=lambda letter: (letter.protocol, letter.seq))[:most]

    def remove_dead_letters(self, secretariat: str, message_ids: Iterable[str]) -> frozenset[str]:
        queue, wanted = self._queue(secretariat), set(message_ids)
        removed = frozenset(kept.message_id for kept in queue.dead if kept.message_id in wanted)
        queue.dead = [kept for kept in queue.dead if kept.message_id not in removed]
        return removed

    def _queue(self, secretariat: str) -> _Queue:
        if secretariat in self.down:
            raise Unavailable
        if secretariat not in self._queues:
            raise QueueMissing(secretariat)
        return self._queues[secretariat]

    def _take(self, kept: _Kept, now: datetime) -> Received:
        kept.receives += 1
        kept.received_at, kept.visible_at = now, now + VISIBILITY
        kept.receipt = self._name("receipt")
        return Received(
            message=json.loads(kept.message.body), receipt=kept.receipt, receive_count=kept.receives
        )

    def _held(self, secretariat: str, receipt: str) -> _Kept:
        for kept in self._queue(secretariat).waiting:
            if kept.receipt == receipt and kept.visible_at > self.clock.now():
                return kept
        raise ReceiptExpired

    def _name(self, what: str) -> str:
        self._named += 1
        return f"{what}-{self._named}"


def _dead_letter(kept: _Kept) -> DeadLetter:
    return DeadLetter(
        message_id=kept.message_id,
        protocol=kept.message.protocol,
        seq=kept.message.seq,
        type=str(kept.message.event["type"]),
        receive_count=kept.receives,
        sent_at=kept.sent_at,
        resend=kept.message.resend,
    )
