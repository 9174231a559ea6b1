"""Show what was sent about a request: to whom by role, how, and what came of it; never where to."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.access import View
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.tellings import CITIZEN
from chalicelib.services.ports.notices import Send, SendLog

WHO_SEES_ALL = frozenset({View.CENTRE, View.SECRETARIAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHistory:
    """Reads what was sent, beside the decisions that it told."""

    sends: SendLog

    def of(self, protocol: Protocol, view: View) -> tuple[Send, ...]:
        """List what was sent, the oldest first: all of it to the administration, his own to the citizen."""
        if view is View.PUBLIC:
            return ()
        found = sorted(self.sends.of(protocol), key=lambda send: send.at)
        return tuple(send for send in found if view in WHO_SEES_ALL or send.to == CITIZEN)
