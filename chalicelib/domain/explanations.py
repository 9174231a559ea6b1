"""Say day by day how a deadline was counted, in words that citizens and clerks read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.terms import Term


class DayKind(StrEnum):
    """What a day was for a deadline; an optional day may count or not, a half day counts."""

    OPENING = "opening"
    COUNTED = "counted"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OPTIONAL = "optional"
    HALF = "half"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    ROLLED = "rolled"


KIND_NAMES: Mapping[DayKind, Mapping[str, str]] = {
    DayKind.OPENING: {"pt-BR": "abertura", "en": "opening"},
    DayKind.COUNTED: {"pt-BR": "contado", "en": "counted"},
    DayKind.WEEKEND: {"pt-BR": "fim de semana", "en": "weekend"},
    DayKind.HOLIDAY: {"pt-BR": "feriado", "en": "holiday"},
    DayKind.OPTIONAL: {"pt-BR": "ponto facultativo", "en": "optional day"},
    DayKind.HALF: {"pt-BR": "meio expediente", "en": "half day"},
    DayKind.PAUSED: {"pt-BR": "prazo pausado", "en": "paused"},
    DayKind.SUSPENDED: {"pt-BR": "prazo suspenso", "en": "suspended"},
    DayKind.ROLLED: {"pt-BR": "prorrogado ao primeiro dia útil", "en": "moved to the next working day"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDay:
    """One day: whether it counted, what was counted up to its end, and which law or act decided.

    `count` is in days, or in full hours for a term in hours.
    """

    day: date
    kind: DayKind
    counted: bool
    count: int
    names: Mapping[str, str] = field(default_factory=dict)
    law: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a term was counted from its opening day to the instant at which it ends."""

    term: Term
    opened_at: datetime
    days: tuple[ExplainedDay, ...]
    due_at: datetime
