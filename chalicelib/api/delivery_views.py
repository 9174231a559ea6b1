"""Shape what callers of the delivery routes send and see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.services.dead_letters import DeadLetterList
from chalicelib.services.ports.delivery import DeadLetter, Parked


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveOrder:
    """How many messages to take (1 to 10) and how long to wait for the first (0 to 10 s)."""

    max: int = 10
    wait: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AckOrder:
    """Which messages were received for good (1 to 10 receipts)."""

    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NackOrder:
    """Which messages to give back, and after how many seconds they may come again (0 to 43200)."""

    receipts: tuple[str, ...]
    delay_seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendOrder:
    """Which messages to keep, for how many seconds from now (1 to 43200)."""

    receipts: tuple[str, ...]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOrder:
    """Which period of the feed to send again; `cursor` continues a replay."""

    since: datetime
    until: datetime
    cursor: str | None = None


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """A CloudEvent in the caller's hands until its receipt expires."""

    receipt: str
    receive_count: int
    message: Mapping[str, Any]


class HeldList(msgspec.Struct, frozen=True, kw_only=True):
    """The messages taken; none if there are none."""

    messages: tuple[HeldView, ...]


class OutcomeView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a receipt: `done`, or `expired` (the message comes again)."""

    protocol: str
    seq: int
    outcome: str


class OutcomeList(msgspec.Struct, frozen=True, kw_only=True):
    """What became of each receipt, in the order given."""

    results: tuple[OutcomeView, ...]


class ChangesView(msgspec.Struct, frozen=True, kw_only=True):
    """CloudEvents in order of sending.

    `next` continues this reading; after its last page, remember `resume_since` and begin there next
    time. Readings overlap by some minutes so that nothing is missed: ignore a `seq` already seen.
    """

    items: tuple[Mapping[str, Any], ...]
    next: str | None
    resume_since: datetime


class UndeliveredView(msgspec.Struct, frozen=True, kw_only=True):
    """A request whose decisions from `first_seq` on have not reached their secretariat."""

    protocol: str
    first_seq: int
    last_seq: int
    reason: str
    at: datetime


class UndeliveredList(msgspec.Struct, frozen=True, kw_only=True):
    """What is undelivered, the longest waiting first."""

    items: tuple[UndeliveredView, ...]


class RedrivenView(msgspec.Struct, frozen=True, kw_only=True):
    """What a redrive left undelivered; null if everything was sent."""

    protocol: str
    undelivered: UndeliveredView | None


class DeadLetterView(msgspec.Struct, frozen=True, kw_only=True):
    """What a dead letter is about; its text is not shown."""

    message_id: str
    protocol: str
    seq: int
    type: str
    receive_count: int
    sent_at: datetime
    quarantined_by: str | None = None
    quarantined_at: datetime | None = None


class DeadLettersView(msgspec.Struct, frozen=True, kw_only=True):
    """Dead letters in their queue (a hundred at most), and those set aside."""

    items: tuple[DeadLetterView, ...]
    quarantined: tuple[DeadLetterView, ...]


class InterventionView(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages an operator's call dealt with; `next` continues it where there is more."""

    messages: int
    next: str | None = None


def present_undelivered(parked: Parked) -> UndeliveredView:
    """Show what waits of a request."""
    return UndeliveredView(
        protocol=parked.protocol,
        first_seq=parked.first_seq,
        last_seq=parked.last_seq,
        reason=parked.reason,
        at=parked.at,
    )


def present_dead_letters(found: DeadLetterList) -> DeadLettersView:
    """Show dead letters and those in quarantine."""
    return DeadLettersView(
        items=tuple(_letter(letter) for letter in found.letters),
        quarantined=tuple(_letter(one.letter, by=one.by, at=one.at) for one in found.quarantined),
    )


def _letter(letter: DeadLetter, by: str | None = None, at: datetime | None = None) -> DeadLetterView:
    return DeadLetterView(
        message_id=letter.message_id,
        protocol=letter.protocol,
        seq=letter.seq,
        type=letter.type,
        receive_count=letter.receive_count,
        sent_at=letter.sent_at,
        quarantined_by=by,
        quarantined_at=at,
    )
