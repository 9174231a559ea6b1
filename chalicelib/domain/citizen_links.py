"""Say what a signed link lets its holder do: one thing, on one request, for some time; never who he is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import LinkExpired
from chalicelib.domain.protocols import Protocol


class LinkPurpose(StrEnum):
    """What a link is for; a link of one purpose opens nothing of another."""

    REQUEST = "request"
    QUESTION = "question"
    SURVEY = "survey"
    THIRD_PARTY = "third_party"
    FOLLOWER = "follower"
    PREFERENCES = "preferences"


LIVES: dict[LinkPurpose, timedelta] = {
    LinkPurpose.REQUEST: timedelta(days=365),
    LinkPurpose.QUESTION: timedelta(days=90),
    LinkPurpose.SURVEY: timedelta(days=14),
    LinkPurpose.THIRD_PARTY: timedelta(days=30),
    LinkPurpose.FOLLOWER: timedelta(days=365),
    LinkPurpose.PREFERENCES: timedelta(days=365),
}
"""How long links live at most; what they open may be over sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClaim:
    """What a link vouches for: `number` is the decision or the generation that it is about.

    `follower` is the id of a follower, where the link was given to one.
    """

    purpose: LinkPurpose
    protocol: Protocol
    number: int
    issued_at: datetime
    follower: str | None = None

    def refuse_if_expired(self, now: datetime) -> None:
        """Raise `LinkExpired` once its time is over."""
        if now > self.issued_at + LIVES[self.purpose]:
            raise LinkExpired
