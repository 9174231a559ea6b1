"""Name how people are told: queue of notices, claims, what waits for the morning, senders per medium."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol as Port

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Letter, Medium
from chalicelib.domain.protocols import Protocol

__all__ = [
    "DecisionNotice",
    "Deferred",
    "DigestNotice",
    "Letter",
    "Medium",
    "NotSent",
    "Notice",
    "NoticeQueue",
    "Send",
    "SendLog",
    "SendStatus",
    "Sender",
    "Undeliverable",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNotice:
    """Tell whoever must know of decision `seq` of a request."""

    protocol: Protocol
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestNotice:
    """Send a person, by code, the digest of a local day."""

    person: str
    day: date


Notice = DecisionNotice | DigestNotice


class NoticeQueue(Port):
    """Takes notices; they carry ids only."""

    def send(self, notices: Sequence[Notice]) -> None:
        """Hand notices over, at least once each."""
        ...


class Deferred(Port):
    """Notices that wait for working hours."""

    def put(self, notice: DecisionNotice, not_before: datetime) -> None:
        """Keep a notice until then; doing it twice changes nothing."""
        ...

    def due(self, now: datetime, *, limit: int) -> list[tuple[datetime, DecisionNotice]]:
        """List what may be told by now, the oldest first."""
        ...

    def remove(self, notice: DecisionNotice, not_before: datetime) -> None:
        """Forget one; harmless if it is gone."""
        ...


class Undeliverable(Exception):
    """The provider will never deliver this; `reason` is a word of ours for why, without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(Unavailable):
    """Transient, and it is certain that nothing was sent: refused, throttled or never connected."""


class Sender(Port):
    """Sends through one provider, trying once: whoever calls knows whether it may be tried again."""

    def send(self, address: str, letter: Letter) -> str:
        """Send and return the provider's id.

        Raises:
            Undeliverable: permanent; another try fails as well.
            NotSent: transient; nothing was sent, another try is safe.
            Unavailable: transient; nobody can tell whether it was sent.
        """
        ...


class SendStatus(StrEnum):
    """What is known of a send; a claim that was never marked is of unknown fate."""

    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message to one addressee: `subject` is the protocol or `digest#<day>`, `name` tells it from others.

    The addressee stands there by post, role or code of a person, never by address. `at` is when it was
    claimed, and stays that.
    """

    subject: str
    name: str
    to: str
    medium: Medium
    at: datetime
    status: SendStatus = SendStatus.CLAIMED
    provider_id: str | None = None
    reason: str | None = None


class SendLog(Port):
    """Records sends: claimed before, marked after."""

    def claim(self, send: Send) -> bool:
        """Reserve a send; False if somebody did before."""
        ...

    def release(self, send: Send) -> None:
        """Give a claim back when it is certain that nothing was sent."""
        ...

    def mark(self, send: Send) -> None:
        """Record what became of it."""
        ...

    def of(self, subject: str) -> list[Send]:
        """List the sends about a subject, in order of their names."""
        ...
