"""Send a message once: claimed before, marked after, repeated only where never would be worse than twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.tellings import Telling
from chalicelib.services.ports.notices import (
    Medium,
    NotSent,
    Send,
    Sender,
    SendLog,
    SendStatus,
    Undeliverable,
)


class Fate(StrEnum):
    """What became of one message."""

    SENT = "sent"
    ALREADY = "already"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One message as logs may show it: to whom by role, how, and what became of it."""

    to: str
    medium: Medium
    fate: Fate
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Sends messages, and remembers what became of each."""

    senders: Mapping[Medium, Sender]
    sends: SendLog

    def tell_all(self, messages: Iterable[tuple[Send, Telling]]) -> tuple[Told, ...]:
        """Send each message; what one of them suffers keeps none of the others waiting.

        Raises:
            Unavailable: something transient failed after everything else was sent.
        """
        told: list[Told] = []
        interruption: Unavailable | None = None
        for claim, telling in messages:
            try:
                told.append(self.tell(claim, telling))
            except Unavailable as error:
                interruption = error
        if interruption:
            raise interruption
        return tuple(told)

    def tell(self, claim: Send, telling: Telling) -> Told:
        """Claim, send and mark one message; what was sent before is not sent again.

        Raises:
            NotSent: nothing was sent; another try is safe.
            Unavailable: nobody knows whether it was, and it is sent again rather than never.
        """
        if not self.sends.claim(claim):
            claim = self._known(claim)
            if claim.status is not SendStatus.CLAIMED:
                fate = Fate.FAILED if claim.status is SendStatus.FAILED else Fate.ALREADY
                return _told(telling, fate, claim.reason)
            if not telling.may_be_repeated:
                return _told(telling, Fate.UNKNOWN)
        try:
            provider_id = self.senders[telling.medium].send(telling.address, telling.letter)
        except Undeliverable as error:
            self.sends.mark(replace(claim, status=SendStatus.FAILED, reason=error.reason))
            return _told(telling, Fate.FAILED, error.reason)
        except NotSent:
            self.sends.release(claim)
            raise
        except Unavailable:
            if telling.may_be_repeated:
                raise
            return _told(telling, Fate.UNKNOWN)
        self.sends.mark(replace(claim, status=SendStatus.SENT, provider_id=provider_id))
        return _told(telling, Fate.SENT)

    def _known(self, claim: Send) -> Send:
        """Read the claim that was there before ours."""
        for known in self.sends.of(claim.subject):
            if known.name == claim.name:
                return known
        raise Unavailable  # it was released meanwhile; the next try may have it


def _told(telling: Telling, fate: Fate, reason: str | None = None) -> Told:
    return Told(to=telling.to, medium=telling.medium, fate=fate, reason=reason)
