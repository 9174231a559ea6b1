"""Send a period of a secretariat's change feed to its queue once more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.access import Principal
from chalicelib.domain.errors import Fault, InvalidInput, NotFound
from chalicelib.services.changes import MOST_PER_PAGE, Changes, Walk, since_faults
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.delivery import SecretariatQueues
from chalicelib.services.ports.operations import AuditTrail, Intervention


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """How many messages a call sent again; `next` continues the replay, None when it is complete."""

    messages: int
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Replays what was sent in a period, for a consumer that lost it and cannot read its feed."""

    changes: Changes
    queues: SecretariatQueues
    audit: AuditTrail
    clock: Clock

    def replay(
        self,
        secretariat: str,
        by: Principal,
        *,
        since: datetime,
        until: datetime,
        cursor: str | None = None,
        found: Sequence[Fault] = (),
    ) -> Replayed:
        """Send a page of the messages that were sent from `since` until before `until`.

        All pages of a replay share one suffix of deduplication, so that a page repeated within five
        minutes sends nothing twice; what was erased or has become confidential since stays out.
        """
        if secretariat not in self.changes.catalogue.current().secretariats:
            raise NotFound("secretariat", secretariat)
        now = self.clock.now()
        if faults := [*found, *_period_faults(since, until, now)]:
            raise InvalidInput(*faults)
        walk = Walk.parse(cursor, now) if cursor else Walk(since=since, begun_at=now, position=None)
        page = self.changes.log.since(secretariat, since, limit=MOST_PER_PAGE, cursor=walk.position)
        lines = [line for line in page.items if line.at < until]
        resend = f"p{int(walk.begun_at.timestamp())}"
        messages = [replace(message, resend=resend) for message in self.changes.derive(lines)]
        facts = {"since": since.isoformat(), "until": until.isoformat(), "messages": len(messages)}
        self.audit.record(
            Intervention(by=by.name, at=now, action="messages_replayed", subject=secretariat, facts=facts)
        )
        self.queues.send(secretariat, messages)
        ended = len(lines) < len(page.items) or page.next is None
        further = replace(walk, position=page.next).token()
        return Replayed(messages=len(messages), next=None if ended else further)


def _period_faults(since: datetime | None, until: datetime | None, now: datetime) -> Iterator[Fault]:
    if since is None or until is None:
        return  # could not be read, which is a fault already
    naive = [path for path, moment in (("since", since), ("until", until)) if moment.tzinfo is None]
    yield from (Fault(path=path, reason="time_zone_missing") for path in naive)
    if naive:
        return
    yield from since_faults(since, now)
    if since >= until:
        yield Fault(path="until", reason="out_of_range", facts={"after": since.isoformat()})
