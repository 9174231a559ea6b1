"""Keep a request small enough to be stored, with room for what must still be decided on it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.errors import TimelineFull
from chalicelib.domain.people import Role
from chalicelib.domain.private import Private
from chalicelib.domain.timeline import MOST_ENTRIES, RESERVED_FOR_SYSTEM, Entry, EntryType

MOST_BYTES, MOST_HUMAN_BYTES, RESERVED_DECISION_BYTES = 350_000, 270_000, 40_000
"""What timeline and texts may weigh, so that the whole item stays under DynamoDB's 400 KB."""
ENTRY_BYTES, PRIVATE_BYTES = 300, 120
"""What an entry weighs besides its data, and a private text besides its value."""
TALK = frozenset({EntryType.COMMENTED, EntryType.REITERATED})
RESERVED_FOR_DECISIONS = 20
"""Entries that comments must leave free, or nobody could resolve what many talk about."""


def refuse_overflow(timeline: tuple[Entry, ...], private: Mapping[str, Private]) -> None:
    """Stop talk first, then decisions of people; timers, workers and erasure always find room."""
    entry = timeline[-1]
    if entry.actor.role is Role.SYSTEM or entry.type is EntryType.ERASED:
        most_entries, most_bytes = MOST_ENTRIES, MOST_BYTES
    elif entry.type in TALK:
        most_entries = MOST_ENTRIES - RESERVED_FOR_SYSTEM - RESERVED_FOR_DECISIONS
        most_bytes = MOST_HUMAN_BYTES - RESERVED_DECISION_BYTES
    else:
        most_entries, most_bytes = MOST_ENTRIES - RESERVED_FOR_SYSTEM, MOST_HUMAN_BYTES
    if entry.seq > most_entries or _written_bytes(timeline, private) > most_bytes:
        raise TimelineFull


def _written_bytes(timeline: tuple[Entry, ...], private: Mapping[str, Private]) -> int:
    decisions = sum(len(canonical_json(entry.data).encode()) + ENTRY_BYTES for entry in timeline)
    texts = sum(len(canonical_json(text.value).encode()) + PRIVATE_BYTES for text in private.values())
    return decisions + texts
