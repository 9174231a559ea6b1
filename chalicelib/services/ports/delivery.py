"""Name the ways to secretariats: queues, change feeds, parked deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from typing import Protocol as Port

from chalicelib.domain.envelopes import Message
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.basics import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message in a consumer's hands, under a receipt that expires."""

    message: Mapping[str, Any]
    receipt: str
    receive_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What may be shown of a message that its consumer failed ten times.

    `resend` is the suffix of its deduplication id (`r1`), None for a message sent for the first time.
    """

    message_id: str
    protocol: Protocol
    seq: int
    type: str
    receive_count: int
    sent_at: datetime
    resend: str | None = None


class HoldTooLong(Exception):
    """The message would be hidden for more than twelve hours since it was received."""


class MessagesRefused(Exception):
    """The queue will never take these messages; all the others of the call are sent."""

    def __init__(self, protocols: Iterable[Protocol]) -> None:
        super().__init__("messages refused")
        self.protocols = frozenset(protocols)


class SecretariatQueues(Port):
    """The FIFO queue of each secretariat, and its dead letters."""

    def exists(self, secretariat: str) -> bool:
        """Tell whether the secretariat has a queue."""
        ...

    def send(self, secretariat: str, messages: Sequence[Message]) -> None:
        """Send, never a later message of a protocol when an earlier one was not taken.

        Raises:
            QueueMissing: permanent; there is no such queue.
            MessagesRefused: permanent for these protocols; the others are sent.
            Unavailable: transient; some may be sent, and sending all of them again is harmless.
        """
        ...

    def receive(self, secretariat: str, *, most: int, wait_seconds: int) -> list[Received]:
        """Take up to `most` messages (1 to 10), waiting 0 to 10 s for the first."""
        ...

    def ack(self, secretariat: str, receipt: str) -> None:
        """Remove a message; raises `ReceiptExpired`."""
        ...

    def hold(self, secretariat: str, receipt: str, seconds: int) -> None:
        """Keep a message hidden for `seconds` from now (0 gives it back).

        Raises:
            ReceiptExpired: the receipt no longer holds the message.
            HoldTooLong: it would be hidden for more than twelve hours since it was received.
        """
        ...

    def dead_letters(self, secretariat: str, *, most: int = 100) -> list[DeadLetter]:
        """Show dead letters without taking them away, ordered by protocol and seq."""
        ...

    def remove_dead_letters(self, secretariat: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Delete dead letters; return which were there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One line of a secretariat's change feed: decision `seq` of `protocol` was sent at `at`."""

    secretariat: str
    protocol: Protocol
    seq: int
    at: datetime


FEED_KEPT_FOR = timedelta(days=90)
"""How far back a change feed reaches; what is older is read from the requests themselves."""


class DeliveryLog(Port):
    """The change feed of each secretariat, and what could not be delivered."""

    def note(self, deliveries: Sequence[Delivery]) -> None:
        """Append to the feed; noting the same line twice is harmless."""
        ...

    def since(
        self, secretariat: str, moment: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[Delivery]:
        """Read the feed from `moment` on, in order of sending."""
        ...

    def park(self, protocol: Protocol, seq: int, reason: str, at: datetime) -> None:
        """Remember that `protocol` is undelivered from `seq` on."""
        ...

    def parked(self) -> Mapping[Protocol, Parked]:
        """List what is parked."""
        ...

    def unpark(self, parked: Parked) -> bool:
        """Forget it if nothing was parked since it was read; False otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An undelivered request: decisions `first_seq`..`last_seq` wait for a redrive."""

    protocol: Protocol
    first_seq: int
    last_seq: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A request as the stream shows it, and the version it had before (0 for a new one)."""

    before: int
    request: ServiceRequest


class UnreadableChange(Exception):
    """A stream record that this release cannot decode; `before` is 0 if not even that can be read."""

    def __init__(self, protocol: Protocol, before: int) -> None:
        super().__init__("unreadable change")
        self.protocol = protocol
        self.before = before


class ChangeFollower(Port):
    """Does something about changes that concerns no secretariat's queue."""

    def follow(self, changes: Sequence[Change]) -> None:
        """Follow a batch; following it again changes nothing, and `Unavailable` lets it be repeated."""
        ...


class ChangeReader(Port):
    """Decodes the records of the requests table's stream."""

    def read(self, record: Mapping[str, Any]) -> Change | None:
        """Return what changed; None for a removal.

        Raises:
            UnreadableChange: the item's image cannot be decoded.
        """
        ...
