"""Describe what somebody asks to be done with a request, one type per command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.citizen_orders import CITIZENS_ORDERS
from chalicelib.domain.citizen_orders import Answer as Answer
from chalicelib.domain.citizen_orders import Cancel as Cancel
from chalicelib.domain.citizen_orders import Confirm as Confirm
from chalicelib.domain.citizen_orders import Contest as Contest
from chalicelib.domain.citizen_orders import Revive as Revive
from chalicelib.domain.ordering import Order as Order
from chalicelib.domain.outcomes import RejectionReason, ResolutionReason, SignedTeamRecord
from chalicelib.domain.people import Channel
from chalicelib.domain.transitions import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(Order):
    """Take the request into the secretariat's hands."""

    COMMAND = Command.ACCEPT
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Order):
    """Say that it belongs elsewhere, and where."""

    COMMAND = Command.RETURN
    TEXTS = ("reason",)
    MANDATORY = ("reason",)
    reason: str
    proposed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward(Order):
    """Hand it to one of the secretariat's own units."""

    COMMAND = Command.FORWARD
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Order):
    """Announce a visit; it never moves the due date."""

    COMMAND = Command.SCHEDULE
    visit_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Order):
    """Ask the citizen something without which the work cannot go on."""

    COMMAND = Command.ASK
    TEXTS = ("question",)
    MANDATORY = ("question",)
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmDelivery(Order):
    """Say that the question has reached the citizen, and how; the deadline stands still from then on."""

    COMMAND = Command.CONFIRM_DELIVERY
    means: Channel = Channel.PHONE
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTold(Order):
    """Say that the citizen was told the result by people, and how; his time to contest runs from then on."""

    COMMAND = Command.CONFIRM_TOLD
    means: Channel = Channel.PHONE
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Order):
    """Wait for a contractor or utility; with `party_email` it is sent `note` and a link to answer by."""

    COMMAND = Command.WAIT
    TEXTS = ("party", "party_email", "note")
    MANDATORY = ("party",)
    SHORT = ("party_email",)
    party: str
    party_email: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Order):
    """Go on after a third party's answer, which it may carry."""

    COMMAND = Command.RESUME
    TEXTS = ("answer", "note")
    answer: str = ""
    photos: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(Order):
    """Add a remark; it moves neither status nor deadline."""

    COMMAND = Command.COMMENT
    TEXTS = ("comment",)
    MANDATORY = ("comment",)
    comment: str
    public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reiterate(Order):
    """Count one more citizen's nudge on an open request."""

    COMMAND = Command.REITERATE
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(Order):
    """Call it done, with the evidence that the service asks for."""

    COMMAND = Command.RESOLVE
    TEXTS = ("answer",)
    MANDATORY = ("answer",)
    answer: str
    reason: ResolutionReason = ResolutionReason.DONE
    photos: tuple[str, ...] = ()
    team_record: SignedTeamRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Order):
    """Say that it will not be done, why, and on what legal basis."""

    COMMAND = Command.REJECT
    TEXTS = ("answer", "legal_basis")
    MANDATORY = ("answer", "legal_basis")
    SHORT = ("legal_basis",)
    answer: str
    reason: RejectionReason
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Order):
    """Join it to an earlier request about the same thing."""

    COMMAND = Command.MERGE
    into: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Order):
    """Take up again what was closed too early."""

    COMMAND = Command.REOPEN
    TEXTS = ("reason",)
    MANDATORY = ("reason",)
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprioritise(Order):
    """Change urgency or priority, with a reason."""

    COMMAND = Command.REPRIORITISE
    TEXTS = ("reason",)
    MANDATORY = ("reason",)
    reason: str
    urgency: Urgency | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Order):
    """Extend a deadline once, before it ends, with a reason.

    A secretariat extends its own term, by `amount` of its units (as long again, if left out); the ombudsman
    the term of the law, by 30 days.
    """

    COMMAND = Command.EXTEND
    TEXTS = ("reason",)
    MANDATORY = ("reason",)
    reason: str
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Justify(Order):
    """Say in writing why the request is so late."""

    COMMAND = Command.JUSTIFY
    TEXTS = ("justification",)
    MANDATORY = ("justification",)
    justification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge(Order):
    """Say whether a resolution was false: that of `generation`, or the newest that awaits a verdict."""

    COMMAND = Command.JUDGE
    is_false: bool
    generation: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetExternalNumber(Order):
    """Note the number that the secretariat's own system gave it."""

    COMMAND = Command.SET_EXTERNAL_NUMBER
    TEXTS = ()
    MANDATORY = ("number",)
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classify(Order):
    """Say which service (and, where needed, which secretariat) it is; the dates count from the opening."""

    COMMAND = Command.CLASSIFY
    TEXTS = ("reason",)
    MANDATORY = ("reason",)
    reason: str
    service: str | None = None
    secretariat: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(Order):
    """Delete private texts by name (`2.comment`); an empty list deletes them all."""

    COMMAND = Command.ERASE
    TEXTS = ()
    MANDATORY = ("legal_basis",)
    legal_basis: str
    names: tuple[str, ...] = ()


_GIVEN_BY_PEOPLE: tuple[type[Order], ...] = (
    *CITIZENS_ORDERS,
    Accept,
    Return,
    Forward,
    Schedule,
    Ask,
    ConfirmDelivery,
    ConfirmTold,
    Wait,
    Resume,
    Comment,
    Reiterate,
    Resolve,
    Reject,
    Merge,
    Reopen,
    Reprioritise,
    Extend,
    Justify,
    Judge,
    SetExternalNumber,
    Classify,
    Erase,
)
ORDERS: Mapping[Command, type[Order]] = {order.COMMAND: order for order in _GIVEN_BY_PEOPLE}
"""The commands that people give; the others belong to timers and workers."""
