"""Name where operators' interventions are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Protocol as Port

from chalicelib.services.ports.delivery import DeadLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A dead letter that an operator set aside; it can be derived again whenever it is wanted."""

    secretariat: str
    letter: DeadLetter
    by: str
    at: datetime


class Quarantine(Port):
    """Keeps dead letters that wait for a person instead of a redrive."""

    def put(self, quarantined: Quarantined) -> None:
        """Set one aside; doing it twice is harmless."""
        ...

    def of(self, secretariat: str) -> list[Quarantined]:
        """List those of a secretariat."""
        ...

    def remove(self, secretariat: str, message_id: str) -> None:
        """Forget one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What an operator did to the delivery of messages: who, when, what, on which subject."""

    by: str
    at: datetime
    action: str
    subject: str
    facts: Mapping[str, Any]


class AuditTrail(Port):
    """Keeps what operators did; entries are never changed."""

    def record(self, intervention: Intervention) -> None:
        """Keep an intervention."""
        ...
