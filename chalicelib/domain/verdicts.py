"""Judge resolutions: whether the work that a secretariat called done really was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class VerdictKind(StrEnum):
    """Why the centre judged a resolution: the citizen contested it, or it was drawn for an audit."""

    CONTESTED = "contested"
    AUDITED = "audited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the centre found about the resolution of a generation: whether it was false."""

    kind: VerdictKind
    generation: int
    is_false: bool
    at: datetime
