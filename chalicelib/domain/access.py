"""Decide who may see and do what with a request; what is not allowed here is denied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import ActorNotAllowed
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import TRANSITIONS, Command


class Grant(StrEnum):
    """What a credential may allow; `channel` and `focal` carry a name after a colon."""

    CHANNEL = "channel"
    ATTENDANT = "attendant"
    FOCAL = "focal"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    DIRECTION = "direction"
    OMBUDSMAN = "ombudsman"


SCOPED = frozenset({Grant.CHANNEL, Grant.FOCAL})
CENTRE = frozenset({Grant.ATTENDANT, Grant.REVIEWER, Grant.DIRECTION, Grant.OMBUDSMAN})
"""The people of the centre, who see every request."""

_ROLE_OF = {
    Grant.ATTENDANT: Role.ATTENDANT,
    Grant.REVIEWER: Role.REVIEWER,
    Grant.DIRECTION: Role.DIRECTION,
    Grant.OMBUDSMAN: Role.OMBUDSMAN,
}


class View(StrEnum):
    """How much of a request somebody sees."""

    PUBLIC = "public"
    CITIZEN = "citizen"
    SECRETARIAT = "secretariat"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Whoever holds a valid credential: its owner's name and its scopes, such as `focal:DMLU`."""

    name: str
    scopes: frozenset[str]

    def has(self, *grants: Grant) -> bool:
        """Tell whether any scope gives one of `grants`, whatever it is narrowed to."""
        return any(scope.partition(":")[0] in grants for scope in self.scopes)

    def is_focal_point_of(self, secretariat: str) -> bool:
        """Tell whether it may work on what this secretariat holds."""
        return f"{Grant.FOCAL}:{secretariat}" in self.scopes

    def channels(self) -> list[Channel]:
        """List the channels on which it may open requests."""
        prefix = f"{Grant.CHANNEL}:"
        return [channel for channel in Channel if prefix + channel in self.scopes]


def is_scope(text: str) -> bool:
    """Tell whether `text` is a well-formed scope."""
    grant, colon, name = text.partition(":")
    if grant == Grant.CHANNEL:
        return name in set(Channel)
    return grant in set(Grant) and bool(colon and name) == bool(colon) == (grant in SCOPED)


def view_of(principal: Principal | None, request: ServiceRequest, *, acts_for_citizen: bool = False) -> View:
    """Choose how much of `request` the caller sees; a stranger sees its public status."""
    if principal is not None and principal.has(*CENTRE):
        return View.CENTRE
    if principal is not None and principal.is_focal_point_of(request.state.secretariat):
        return View.SECRETARIAT
    return View.CITIZEN if acts_for_citizen else View.PUBLIC


def actor_for(principal: Principal, command: Command, request: ServiceRequest) -> Actor:
    """Tell in which capacity the caller gives `command`: a secretariat acts on its own requests only.

    Raises:
        ActorNotAllowed: no scope of the caller's allows it on this request.
    """
    roles = TRANSITIONS[command].roles
    holder = request.state.secretariat
    if Role.SECRETARIAT in roles and principal.is_focal_point_of(holder):
        return Actor(role=Role.SECRETARIAT, name=principal.name, secretariat=holder)
    for grant, role in _ROLE_OF.items():
        if role in roles and principal.has(grant):
            return Actor(role=role, name=principal.name)
    raise ActorNotAllowed
