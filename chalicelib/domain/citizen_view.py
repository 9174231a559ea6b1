"""Say what a citizen reads of the decisions on his request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.private import Erased
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType

CITIZENS_TEXTS: Mapping[EntryType, tuple[str, ...]] = {
    EntryType.RESOLVED: ("answer",),
    EntryType.REJECTED: ("answer", "legal_basis"),
    EntryType.ASKED: ("question",),
    EntryType.ANSWERED: ("answer",),
    EntryType.REVIVED: ("answer",),
    EntryType.SCHEDULED: ("note",),
    EntryType.CONFIRMED: ("note",),
    EntryType.CONTESTED: ("reason",),
    EntryType.CANCELLED: ("reason",),
    EntryType.COMMENTED: ("comment",),
}
"""What the citizen reads of each decision; comments only where they are public."""
TOLD_PLAINLY = frozenset(
    {
        EntryType.OPENED,
        EntryType.CLASSIFIED,
        EntryType.ACCEPTED,
        EntryType.RETURNED,
        EntryType.SCHEDULED,
        EntryType.VISIT_MISSED,
        EntryType.ASKED,
        EntryType.ANSWERED,
        EntryType.WAITED,
        EntryType.RESUMED,
        EntryType.CONTINUED,
        EntryType.COMMENTED,
        EntryType.RESOLVED,
        EntryType.REJECTED,
        EntryType.MERGED,
        EntryType.CONFIRMED,
        EntryType.CONTESTED,
        EntryType.REOPENED,
        EntryType.CLOSED,
        EntryType.CANCELLED,
        EntryType.ARCHIVED,
        EntryType.REVIVED,
        EntryType.EXTENDED,
        EntryType.REDATED,
    }
)
"""The decisions that mean something to the citizen; the others are the centre's own housekeeping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One decision as the citizen reads it; an erased text is None."""

    type: EntryType
    at: datetime
    texts: tuple[str | None, ...]


def is_shown_to_citizen(entry: Entry) -> bool:
    """Tell whether the citizen learns of a decision; not of internal comments."""
    return entry.type is not EntryType.COMMENTED or bool(entry.data.get("public"))


def told_to_citizen(request: ServiceRequest) -> Iterator[Told]:
    """List the decisions that mean something to the citizen, with what he may read of them."""
    for entry in request.timeline:
        if entry.type in TOLD_PLAINLY and is_shown_to_citizen(entry):
            found = (request.text(entry.seq, name) for name in CITIZENS_TEXTS.get(entry.type, ()))
            texts = tuple(None if isinstance(text, Erased) else text for text in found if text is not None)
            yield Told(type=entry.type, at=entry.at, texts=texts)


def readable(text: str | Erased | None) -> str | None:
    """Return a text, None where it was erased or never given."""
    return text if isinstance(text, str) else None
