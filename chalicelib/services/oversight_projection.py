"""Keep the escalation log, the public late list and the lines of digests in step with the requests.

All three follow from the timeline alone, from how a request stood before a change and after each of its
decisions: a change that comes twice, or after a break, brings them to the same end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.recipients import posts_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import LIVE, Status
from chalicelib.services.ports.basics import CatalogueSource
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.oversight import (
    DigestLines,
    EscalationLine,
    EscalationLog,
    LateLine,
    LateList,
)

LEGAL = frozenset({EscalationLevel.LEGAL, EscalationLevel.LEGAL_BREACH})


@dataclass(frozen=True, slots=True, kw_only=True)
class OversightProjection:
    """The `ChangeFollower` for whoever watches over deadlines; requests on time cost nothing."""

    log: EscalationLog
    late: LateList
    digests: DigestLines
    catalogue: CatalogueSource

    def follow(self, changes: Sequence[Change]) -> None:
        """Note new escalations, and put requests on the lists where they belong now, or take them off.

        Raises:
            Unavailable: a table did not answer; doing all of it again is harmless.
        """
        late = [change for change in changes if _was_ever_escalated(change.request)]
        if not late:
            return
        catalogue = self.catalogue.current()
        if lines := [line for change in late for line in _escalations(change)]:
            self.log.note(lines)
        for change in late:
            standings = list(_standings(change, catalogue))
            self._list(change.request.protocol, standings)
            self._tell(change.request.protocol, standings)

    def _list(self, protocol: Protocol, standings: Sequence[_Standing]) -> None:
        lines, now = {one.late for one in standings}, standings[-1].late
        if lines - {now, None}:
            self.late.remove(protocol)
        if now is not None and lines != {now}:
            self.late.put(now)

    def _tell(self, protocol: Protocol, standings: Sequence[_Standing]) -> None:
        before, now = standings[0].told, standings[-1].told
        for post in sorted(frozenset().union(*(one.told for one in standings)) - now):
            self.digests.remove(post, protocol)
        for post in sorted(now - before):
            self.digests.add(post, protocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """How a request stood after a decision: its line of the late list, and the posts that it concerns."""

    late: LateLine | None
    told: frozenset[str]


def _was_ever_escalated(request: ServiceRequest) -> bool:
    return any(entry.type is EntryType.ESCALATED for entry in request.timeline)


def _escalations(change: Change) -> Iterator[EscalationLine]:
    facts: dict[str, Any] = {}
    for entry in change.request.timeline:
        facts |= entry.data.get("changes", {})
        if entry.type is EntryType.ESCALATED and entry.seq > change.before:
            yield _escalation(change.request.protocol, entry, facts)


def _escalation(protocol: Protocol, entry: Entry, facts: Mapping[str, Any]) -> EscalationLine:
    """Describe an escalation with the date that was missed: the legal one, that of a rework, the first."""
    level = EscalationLevel(entry.data["level"])
    legal = facts.get("legal_due_at") if level in LEGAL else None
    missed = legal or facts.get("rework_due_at") or facts["due_at"]
    return EscalationLine(
        at=entry.at,
        protocol=protocol,
        seq=entry.seq,
        level=level,
        skipped=tuple(EscalationLevel(skipped) for skipped in entry.data.get("skipped", ())),
        secretariat=facts["secretariat"],
        unit=facts.get("unit"),
        service=facts["service"],
        urgency=facts["urgency"],
        due_at=datetime.fromisoformat(missed),
        to=tuple(entry.data.get("to", ())),
    )


def _standings(change: Change, catalogue: Catalogue) -> Iterator[_Standing]:
    """Tell how the request stood before the change, if there was a before, and after each decision of it."""
    protocol, facts = change.request.protocol, dict[str, Any]()
    for entry in change.request.timeline:
        facts |= entry.data.get("changes", {})
        if entry.seq >= change.before:
            told = _posts_concerned(facts, catalogue, entry.at)
            yield _Standing(late=_late_line(protocol, facts), told=told)


def _posts_concerned(facts: Mapping[str, Any], catalogue: Catalogue, at: datetime) -> frozenset[str]:
    """Name the posts that hear of a request: whoever has it, all levels that it has reached concern there."""
    status, reached = Status(facts["status"]), facts.get("escalated", ())
    if status not in LIVE:
        return frozenset()
    day, is_accepted = calendar_of(catalogue).local_day(at), status not in (Status.QUEUED, Status.TRIAGE)
    levels = (EscalationLevel(level) for level in reached)
    asking = [one for one in levels if not (is_accepted and one is EscalationLevel.ACKNOWLEDGEMENT)]
    secretariat, unit, in_triage = facts["secretariat"], facts.get("unit"), status is Status.TRIAGE
    return frozenset(
        post
        for level in asking
        for post in posts_of(level, secretariat, unit, catalogue, day, in_triage=in_triage)
    )


def _late_line(protocol: Protocol, facts: Mapping[str, Any]) -> LateLine | None:
    """Describe a request for the public, with the date that it should have been done by."""
    is_listed = EscalationLevel.LEVEL_3 in facts.get("escalated", ()) and Status(facts["status"]) in LIVE
    if not is_listed or facts["confidential"]:
        return None
    return LateLine(
        protocol=protocol,
        service=facts["service"],
        secretariat=facts["secretariat"],
        neighbourhood=(facts["place"] or {}).get("neighbourhood"),
        opened_at=datetime.fromisoformat(facts["opened_at"]),
        due_at=datetime.fromisoformat(facts.get("rework_due_at") or facts["due_at"]),
    )
