"""Name the levels of escalation, and what a city may set differently about when they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.domain.terms import Term


class EscalationLevel(StrEnum):
    """How far up a request's delay has gone, the lowest first."""

    NOTICE = "notice"
    ACKNOWLEDGEMENT = "acknowledgement"
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"
    LEGAL = "legal"
    LEGAL_BREACH = "legal_breach"


RANKS: Mapping[str, int] = {level.value: rank for rank, level in enumerate(EscalationLevel)}
"""How high each level stands."""


def highest_level(levels: Iterable[str]) -> EscalationLevel | None:
    """Choose the highest of some levels; None of none."""
    highest = max(levels, key=RANKS.__getitem__, default=None)
    return EscalationLevel(highest) if highest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPolicy:
    """How long after the due date level 2 comes, and level 3 after level 2; None is the design's rule."""

    level_2: Term | None = None
    level_3: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationRules:
    """What a city sets about its ladder: delays by service and level, and default ones for the rest.

    `default` are the delays of level 2, level 3 and so on; where it is shorter than the ladder its last
    value holds for the levels above. A city that sets nothing follows the design.
    """

    default: tuple[Term, ...] = ()
    services: Mapping[str, Mapping[EscalationLevel, Term]] = field(default_factory=dict)

    def policy_for(self, service: str) -> LadderPolicy | None:
        """Resolve what is frozen at the opening: the service's own delay, else the default, else its last."""
        own = self.services.get(service, {})
        if not own and not self.default:
            return None
        return LadderPolicy(
            level_2=own.get(EscalationLevel.LEVEL_2, self._default(0)),
            level_3=own.get(EscalationLevel.LEVEL_3, self._default(1)),
        )

    def _default(self, step: int) -> Term | None:
        return self.default[min(step, len(self.default) - 1)] if self.default else None
