"""Record decisions in an append-only, hash-chained timeline whose fold is the request's state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.canonical import canonical_text, plain
from chalicelib.domain.people import Actor, Channel
from chalicelib.domain.private import Private

MOST_ENTRIES = 200
RESERVED_FOR_SYSTEM = 40


class EntryType(StrEnum):
    """What happened, in the past tense."""

    OPENED = "opened"
    CLASSIFIED = "classified"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    SCHEDULED = "scheduled"
    VISIT_MISSED = "visit_missed"
    ASKED = "asked"
    QUESTION_DELIVERED = "question_delivered"
    REMINDED = "reminded"
    ANSWERED = "answered"
    WAITED = "waited"
    RESUMED = "resumed"
    CONTINUED = "continued"
    COMMENTED = "commented"
    REITERATED = "reiterated"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    RESULT_TOLD = "result_told"
    MERGED = "merged"
    CONFIRMED = "confirmed"
    CONTESTED = "contested"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    REVIVED = "revived"
    REPRIORITISED = "reprioritised"
    EXTERNAL_NUMBER_SET = "external_number_set"
    EXTENDED = "extended"
    REDATED = "redated"
    ESCALATED = "escalated"
    ALERTED = "alerted"
    REASSURED = "reassured"
    SURVEY_STARTED = "survey_started"
    JUDGED = "judged"
    JUSTIFIED = "justified"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision.

    `data` holds `changes` (state field → new plain value), `texts` (private field → digest),
    `command` (digests of idempotency key and body, where the act came with one) and the facts of
    its type.
    """

    seq: int
    at: datetime
    type: EntryType
    actor: Actor
    channel: Channel | None
    data: Mapping[str, Any]
    hash: str = ""

    @property
    def text_names(self) -> tuple[str, ...]:
        """Name the private texts that it carried, erased ones too."""
        return tuple(path.partition(".")[2] for path in self.data.get("texts", {}))


def chained(entry: Entry, previous_hash: str) -> str:
    """Hash the entry over the hash before it; any later edit of either breaks the chain.

    What an actor does not have is left out, so that a new optional fact breaks no old chain.
    """
    actor = {name: value for name, value in plain(entry.actor).items() if value is not None}
    body = [*plain((entry.seq, entry.at, entry.type, actor, entry.channel)), entry.data]
    return hashlib.sha256((previous_hash + canonical_text(body)).encode()).hexdigest()


def fold(timeline: Sequence[Entry]) -> dict[str, Any]:
    """Reproduce the state, as plain values, from the decisions alone."""
    state: dict[str, Any] = {}
    for entry in timeline:
        state.update(entry.data.get("changes", {}))
    return state


def is_intact(protocol: str, timeline: Sequence[Entry], private: Mapping[str, Private]) -> bool:
    """Verify the chain, which begins at the protocol, and every text not yet erased by its digest."""
    previous, digests = protocol, dict[str, str]()
    for seq, entry in enumerate(timeline, start=1):
        if entry.seq != seq or entry.hash != chained(entry, previous):
            return False
        previous = entry.hash
        digests.update(entry.data.get("texts", {}))
    return all(digests.get(name) == value.digest for name, value in private.items())
