"""Change feeds, parked requests and what operators did, in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.dynamo.feed_positions import begin_of, cursor_behind, position_in_feed
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.delivery import Delivery, Parked
from chalicelib.services.ports.operations import Intervention, Quarantined


@dataclass(slots=True)
class FakeDeliveries:
    """The `DeliveryLog`."""

    lines: set[Delivery] = field(default_factory=set)
    parkings: dict[Protocol, Parked] = field(default_factory=dict)
    is_down: bool = False

    def note(self, deliveries: Sequence[Delivery]) -> None:
        self._refuse_if_down()
        self.lines.update(deliveries)

    def since(
        self, secretariat: str, moment: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[Delivery]:
        self._refuse_if_down()
        begin = begin_of(moment, cursor)
        rows = sorted((d for d in self.lines if d.secretariat == secretariat), key=position_in_feed)
        found = [line for line in rows if position_in_feed(line) > begin]
        page = found[:limit]
        return Page(items=tuple(page), next=cursor_behind(page[-1]) if len(found) > limit else None)

    def park(self, protocol: Protocol, seq: int, reason: str, at: datetime) -> None:
        self._refuse_if_down()
        new = Parked(protocol=protocol, first_seq=seq, last_seq=seq, reason=reason, at=at)
        old = self.parkings.get(protocol, new)
        self.parkings[protocol] = dataclasses.replace(
            old, first_seq=min(old.first_seq, seq), last_seq=max(old.last_seq, seq)
        )

    def parked(self) -> Mapping[Protocol, Parked]:
        self._refuse_if_down()
        return dict(self.parkings)

    def unpark(self, parked: Parked) -> bool:
        self._refuse_if_down()
        stored = self.parkings.get(parked.protocol)
        if stored is None or (stored.first_seq, stored.last_seq) != (parked.first_seq, parked.last_seq):
            return False
        del self.parkings[parked.protocol]
        return True

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeQuarantine:
    """The `Quarantine`."""

    letters: dict[tuple[str, str], Quarantined] = field(default_factory=dict)

    def put(self, quarantined: Quarantined) -> None:
        self.letters[quarantined.secretariat, quarantined.letter.message_id] = quarantined

    def of(self, secretariat: str) -> list[Quarantined]:
        return [letter for (code, _), letter in self.letters.items() if code == secretariat]

    def remove(self, secretariat: str, message_id: str) -> None:
        self.letters.pop((secretariat, message_id), None)


@dataclass(slots=True)
class FakeAudit:
    """The `AuditTrail`."""

    interventions: list[Intervention] = field(default_factory=list)

    def record(self, intervention: Intervention) -> None:
        self.interventions.append(intervention)
