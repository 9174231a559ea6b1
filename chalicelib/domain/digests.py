"""Word the digest of a person's working day: which requests ask for attention, the riskiest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.breach_risk import BreachRisk
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.letters import Letter, local_moment, neighbourhood_name, told_service
from chalicelib.domain.levels import RANKS, EscalationLevel
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.recipients import CITY, recipients
from chalicelib.domain.requests import State
from chalicelib.domain.transitions import Status

MOST_SHOWN = 100
MINUTES_OF_AN_HOUR = 60
LEVEL_NAMES: Mapping[EscalationLevel, str] = {
    EscalationLevel.NOTICE: "aviso de prazo",
    EscalationLevel.ACKNOWLEDGEMENT: "sem aceite",
    EscalationLevel.LEVEL_1: "nível 1",
    EscalationLevel.LEVEL_2: "nível 2",
    EscalationLevel.LEVEL_3: "nível 3",
    EscalationLevel.LEGAL: "prazo legal próximo",
    EscalationLevel.LEGAL_BREACH: "prazo legal vencido",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One request of a digest, and what makes it risky."""

    protocol: Protocol
    state: State = field(repr=False)
    risk: BreachRisk


def standing_levels(state: State) -> tuple[EscalationLevel, ...]:
    """List the levels that still ask something of somebody, the highest first.

    That nobody accepted is over once somebody did.
    """
    if not state.is_open:
        return ()
    unaccepted = state.status in (Status.QUEUED, Status.TRIAGE)
    levels = (
        level for level in state.escalated if unaccepted or level is not EscalationLevel.ACKNOWLEDGEMENT
    )
    return tuple(sorted(levels, key=RANKS.__getitem__, reverse=True))


def concerns(state: State, post: str, catalogue: Catalogue, day: date) -> bool:
    """Tell whether a request still concerns `post`: open, held there, and at a level of that post."""
    place, _, name = post.partition("/")
    organ = None if place == CITY else catalogue.executor_of(place, day)
    present = f"{organ.code}/{name}" if organ else post
    return any(
        one.post == present
        for level in standing_levels(state)
        for one in recipients(level, state, catalogue, day)
    )


def digest_letter(lines: Sequence[DigestLine], catalogue: Catalogue, day: date, *, unread: int = 0) -> Letter:
    """Word a digest of at least one line: the riskiest hundred, and how many more there are.

    `unread` are further requests that nobody weighed, since there are too many of them.
    """
    ordered = sorted(lines, key=lambda line: (line.risk.order, line.protocol))
    late, hidden = sum(line.risk.is_overdue for line in lines), len(lines[MOST_SHOWN:]) + unread
    count = len(lines) + unread
    asks = "1 solicitação pede" if count == 1 else f"{count} solicitações pedem"
    head = f"Em {day:%d/%m/%Y}, {asks} a sua atenção. As de maior risco vêm primeiro."
    rows = "\n".join(f"- {' | '.join(_cells(line, catalogue))}" for line in ordered[:MOST_SHOWN])
    more = f"\n\nE mais {hidden}, que não couberam nesta mensagem." if hidden else ""
    foot = "Trate cada uma no sistema da secretaria; esta mensagem não recebe respostas."
    return Letter(
        text=f"{head}\n\n{rows}{more}\n\n{foot}",
        subject=f"156 {catalogue.city.name}: {asks} atenção" + (f" ({late} em atraso)" if late else ""),
    )


def _cells(line: DigestLine, catalogue: Catalogue) -> Iterator[str]:
    state = line.state
    yield display_protocol(line.protocol)
    yield told_service(state, catalogue)
    if state.place and state.place.neighbourhood:
        yield neighbourhood_name(state.place.neighbourhood, catalogue)
    yield f"prazo {local_moment(state.rework_due_at or state.due_at, catalogue)}"
    if state.paused_since is not None:
        yield "aguarda o cidadão"
    else:
        yield _lateness(line.risk, catalogue)
    yield from (LEVEL_NAMES[level] for level in standing_levels(state)[:1])
    if state.justify_by is not None:
        yield f"justificativa por escrito até {local_moment(state.justify_by, catalogue)}"


def _lateness(risk: BreachRisk, catalogue: Catalogue) -> str:
    amount = _amount(abs(risk.minutes_left), catalogue)
    return f"atrasada há {amount}" if risk.is_overdue else f"tempo restante: {amount}"


def _amount(minutes: int, catalogue: Catalogue) -> str:
    """Say working minutes in whole working days, or in hours where they are less than one."""
    opens, closes = catalogue.calendar.office_hours.span()
    if days := minutes // (closes - opens):
        return "1 dia útil" if days == 1 else f"{days} dias úteis"
    hours = minutes // MINUTES_OF_AN_HOUR
    if not hours:
        return "menos de 1 hora útil"
    return "1 hora útil" if hours == 1 else f"{hours} horas úteis"
