"""Name how people are told: queue of notices, claims, what waits for the morning, senders per medium."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol as Port

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Letter, Medium
from chalicelib.domain.message_kinds import Audience, MessageKind
from chalicelib.domain.protocols import Protocol

__all__ = [
    "Audience",
    "DecisionNotice",
    "Deferred",
    "DigestNotice",
    "Letter",
    "Medium",
    "NotSent",
    "Notice",
    "NoticeQueue",
    "Postponed",
    "ProviderReport",
    "Queued",
    "Receipt",
    "Send",
    "SendLog",
    "SendStatus",
    "Sender",
    "SurveyNotice",
    "SurveyStep",
    "Undeliverable",
    "order_of_person",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNotice:
    """Tell an audience of decision `seq` of a request; `follower` is the id of the one who is meant.

    Notices of one `order` are told one after the other. `waited_until` is when one that had to wait may be
    told. Neither is part of what is told.
    """

    protocol: Protocol
    seq: int
    audience: Audience
    follower: str | None = None
    order: str = field(default="", compare=False)
    waited_until: datetime | None = field(default=None, compare=False)

    @property
    def identity(self) -> str:
        """Tell this notice from others; queued again after a wait it is another."""
        waited = f"{self.waited_until:%Y%m%dT%H%M%S}" if self.waited_until else ""
        return "#".join((self.protocol, str(self.seq), self.audience, self.follower or "", waited))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestNotice:
    """Send a person, by code, the digest of a local day."""

    person: str
    day: date

    @property
    def order(self) -> str:
        """Tell one person's digests one after the other."""
        return f"digest#{self.person}"

    @property
    def identity(self) -> str:
        """Tell this notice from others."""
        return f"{self.order}#{self.day}"


class SurveyStep(StrEnum):
    """What is to be done about a survey: ask, remind once, carry out an answer, forget what was written."""

    START = "start"
    REMIND = "remind"
    SETTLE = "settle"
    FORGET = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyNotice:
    """Take the next step with the survey of a generation of a request, in the order of what he is told."""

    protocol: Protocol
    generation: int
    step: SurveyStep = SurveyStep.START
    order: str = field(default="", compare=False)
    waited_until: datetime | None = field(default=None, compare=False)

    @property
    def identity(self) -> str:
        """Tell this notice from others; queued again after a wait it is another."""
        waited = f"{self.waited_until:%Y%m%dT%H%M%S}" if self.waited_until else ""
        return "#".join((self.protocol, "survey", str(self.generation), self.step, waited))


Notice = DecisionNotice | DigestNotice
Postponed = DecisionNotice | SurveyNotice
Queued = Notice | SurveyNotice


def order_of_person(person_key: str | None, otherwise: str) -> str:
    """Name the order in which a citizen is told things; his key itself stands in no queue."""
    if person_key is None:
        return otherwise
    return hashlib.sha256(f"told\0{person_key}".encode()).hexdigest()[:32]


class NoticeQueue(Port):
    """Takes notices; they carry ids only, and each citizen's come out in the order they went in."""

    def send(self, notices: Sequence[Queued]) -> None:
        """Hand notices over, at least once each."""
        ...

    def hold(self, receipt: str, seconds: int) -> None:
        """Let a notice that could not be told come again only after so long; harmless if it is gone."""
        ...


class Deferred(Port):
    """Notices that wait for their time."""

    def put(self, notice: Postponed, not_before: datetime) -> None:
        """Keep a notice until then; doing it twice changes nothing."""
        ...

    def due(self, now: datetime, *, limit: int) -> list[tuple[datetime, Postponed]]:
        """List what may be told by now, the oldest first."""
        ...

    def remove(self, notice: Postponed, not_before: datetime) -> None:
        """Forget one; harmless if it is gone."""
        ...


INVALID_ADDRESS = "invalid_address"
"""The reason of `Undeliverable` for an address that is none; other reasons are about one that exists."""


class Undeliverable(Exception):
    """The provider will never deliver this; `reason` is a word of ours for why, without the address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSent(Unavailable):
    """Transient, and it is certain that nothing was sent: refused, throttled or never connected.

    `retry_after_seconds` is what the provider said, if it did.
    """

    def __init__(self, retry_after_seconds: int | None = None) -> None:
        super().__init__("nothing was sent")
        self.retry_after_seconds = retry_after_seconds


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


class Receipt(StrEnum):
    """What a provider reports of a message that it took."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One message to one addressee: `subject` is the protocol or `digest#<day>`, `name` tells it from others.

    The addressee stands there by post, role or code of a person, never by address. `at` is when it was
    claimed, and stays that. `seq` is the decision that was told.
    """

    subject: str
    name: str
    to: str
    medium: Medium
    at: datetime
    status: SendStatus = SendStatus.CLAIMED
    provider_id: str | None = None
    reason: str | None = None
    kind: MessageKind | None = None
    seq: int | None = None
    receipt: Receipt | None = None
    receipt_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReport:
    """What a provider says of one message, by the id that it gave it; never whom it was for.

    `is_final` says that nothing more will come of it: a mailbox that is full for now is no such thing.
    """

    provider_id: str
    receipt: Receipt
    at: datetime
    is_final: bool = True


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

    def by_provider_id(self, provider_id: str) -> Send | None:
        """Find the e-mail that a provider gave this id; None if it is none of ours."""
        ...
