"""Name who acts and on which channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The ways in which a citizen reaches the city."""

    PHONE = "phone"
    COUNTER = "counter"
    EMAIL = "email"
    WEB = "web"
    APP = "app"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    CHAT = "chat"


class Role(StrEnum):
    """In what capacity somebody acts on a request."""

    CITIZEN = "citizen"
    CHANNEL = "channel"
    ATTENDANT = "attendant"
    SECRETARIAT = "secretariat"
    THIRD_PARTY = "third_party"
    REVIEWER = "reviewer"
    OMBUDSMAN = "ombudsman"
    DIRECTION = "direction"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a role, the name its credential was issued to, and its secretariat if it has one."""

    role: Role
    name: str
    secretariat: str | None = None


SYSTEM = Actor(role=Role.SYSTEM, name="central156")
