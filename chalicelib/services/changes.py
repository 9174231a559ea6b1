"""Read a secretariat's change feed again: whatever a consumer lost, it can rebuild from here.

The relay notes a line of the feed after every message it sends, dated just before the note. Feeds
are noted by several relays at once, so a line may become visible after one with a later date; it
does so within `SETTLES_WITHIN`, or not at all (then the stream repeats the batch and notes it under
a later date). Therefore the moment from which a consumer must ask next time, `resume_since`, lies
`SETTLES_WITHIN` before its walk *began*: everything older was visible before the first page was
read, everything younger is read again. Nothing is missed; the overlap comes twice, and consumers
ignore it by `seq`. Lines carry no content: each message is derived from the table, also for
requests that another secretariat holds by now.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.access import Grant, Principal
from chalicelib.domain.canonical import instant
from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import ActorNotAllowed, Fault, InvalidInput, NotFound
from chalicelib.domain.intake import time_fault
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.messages import Messages
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.delivery import FEED_KEPT_FOR, Delivery, DeliveryLog
from chalicelib.services.ports.requests import RequestIndex, RequestStore

SETTLES_WITHIN = timedelta(minutes=2)
"""Longer than the relay may run (60 s) and clocks may differ."""
MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage:
    """Events in order of sending; `next` continues, and after the last page `resume_since` does."""

    items: tuple[Mapping[str, Any], ...]
    next: str | None
    resume_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A walk through the feed: from when, begun when, how far."""

    since: datetime
    begun_at: datetime
    position: str | None

    def token(self) -> str:
        """Write it as an opaque cursor."""
        fields = [self.since.isoformat(), self.begun_at.isoformat(), self.position]
        return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()

    @classmethod
    def parse(cls, token: str, now: datetime) -> Walk:
        """Read the cursor of a walk begun not longer ago than the feed reaches, or refuse it as input."""
        try:
            since, begun_at, position = json.loads(base64.urlsafe_b64decode(token))
            walk = cls(
                since=datetime.fromisoformat(since),
                begun_at=datetime.fromisoformat(begun_at),
                position=position,
            )
            if not isinstance(position, str) or not now - FEED_KEPT_FOR <= walk.begun_at <= now:
                raise ValueError("none of ours")
        except (binascii.Error, TypeError, ValueError, RecursionError) as error:
            raise InvalidInput(Fault(path="cursor", reason="malformed")) from error
        return walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The change feed of each secretariat."""

    log: DeliveryLog
    index: RequestIndex
    requests: RequestStore
    catalogue: CatalogueSource
    messages: Messages
    clock: Clock

    def read(
        self,
        secretariat: str,
        by: Principal,
        *,
        since: datetime | None = None,
        cursor: str | None = None,
        limit: int = MOST_PER_PAGE,
        found: Sequence[Fault] = (),
    ) -> ChangesPage:
        """Return what was sent to `secretariat` since a moment, or from where `cursor` stopped.

        Raises:
            InvalidInput: neither or a wrong one of both was given, or the limit is out of range.
            ActorNotAllowed: the caller is neither its focal point nor an operator.
        """
        if not (by.is_focal_point_of(secretariat) or by.has(Grant.OPERATOR)):
            raise ActorNotAllowed
        if secretariat not in self.catalogue.current().secretariats:
            raise NotFound("secretariat", secretariat)
        walk = self._walk(since, cursor, limit, found)
        page = self.log.since(secretariat, walk.since, limit=limit, cursor=walk.position)
        further = Walk(since=walk.since, begun_at=walk.begun_at, position=page.next)
        return ChangesPage(
            items=tuple(message.event for message in self.derive(page.items)),
            next=further.token() if page.next else None,
            resume_since=walk.begun_at - SETTLES_WITHIN,
        )

    def derive(self, lines: Sequence[Delivery]) -> list[Message]:
        """Derive the messages that lines of the feed stand for, in their order."""
        fresh = self._load(lines)
        derived = (
            self.messages.to(line.secretariat, fresh[line.protocol], line.seq)
            for line in lines
            if line.protocol in fresh
        )
        return [message for message in derived if message is not None]

    def _walk(self, since: datetime | None, cursor: str | None, limit: int, found: Sequence[Fault]) -> Walk:
        now, faults = self.clock.now(), list(found)
        if not 1 <= limit <= MOST_PER_PAGE:
            facts = {"least": 1, "most": MOST_PER_PAGE}
            faults.append(Fault(path="limit", reason="out_of_range", facts=facts))
        if cursor is None and since is None and not found:
            faults.append(Fault(path="since", reason="required"))
        elif since is not None:
            faults += since_faults(since, now)
        if faults:
            raise InvalidInput(*faults)
        if cursor is not None:
            return Walk.parse(cursor, now)
        return Walk(since=since or now, begun_at=now, position=None)

    def _load(self, lines: Sequence[Delivery]) -> dict[Protocol, ServiceRequest]:
        """Load the requests; one that a lagging replica shows too old is read consistently.

        One that retention has deleted since is left out: there is nothing to tell any more.
        """
        newest: dict[Protocol, int] = {}
        for line in lines:
            newest[line.protocol] = max(line.seq, newest.get(line.protocol, 0))
        found = {request.protocol: request for request in self.index.load_many(list(newest))}
        for protocol, seq in newest.items():
            if protocol not in found or found[protocol].version < seq:
                with suppress(NotFound):
                    found[protocol] = self.requests.load(protocol)
        return found


def since_faults(since: datetime, now: datetime) -> list[Fault]:
    """Refuse a moment that the feed does not reach: a gap must not look like a complete answer."""
    earliest = now - FEED_KEPT_FOR
    if since < earliest:
        return [Fault(path="since", reason="out_of_range", facts={"earliest": instant(earliest)})]
    future = time_fault("since", since, now)
    return [future] if future else []
