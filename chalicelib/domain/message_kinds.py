"""Say, as data, what citizens are told: by which decision, when of the day, with what facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import LIVE, Status


class MessageKind(StrEnum):
    """What a message to a citizen is about."""

    CONFIRMATION = "confirmation"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    QUESTION = "question"
    QUESTION_REMINDER = "question_reminder"
    LATE = "late"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    REOPENED = "reopened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    MERGED = "merged"
    REASSURED = "reassured"
    FOLLOWER_NEWS = "follower_news"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey_reminder"
    THIRD_PARTY_QUESTION = "third_party_question"


class Timing(StrEnum):
    """When of the day somebody may be told."""

    AT_ONCE = "at_once"
    DAYTIME = "daytime"
    WORKING_HOURS = "working_hours"


class Audience(StrEnum):
    """Who is told of a decision; each hears on his own, so that one who cannot be told delays no other."""

    CITIZEN = "citizen"
    FOLLOWERS = "followers"
    FOLLOWER = "follower"
    THIRD_PARTY = "third_party"
    STAFF = "staff"


class Matter(StrEnum):
    """How much a message matters: may it wait for working hours, is it repeated if its fate is unknown."""

    COURTESY = "courtesy"
    LEGAL = "legal"
    URGENT = "urgent"


COMMON = frozenset({"city", "protocol", "service", "link"})
"""Placeholders of every kind; `service` is empty where it is confidential."""
FREE_TEXTS = frozenset({"question", "answer", "legal_basis", "note"})
"""Placeholders that people wrote: too long and too private for anything but an e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    """One kind's rule.

    `told_by` are the decisions that tell it, `told_to` whom first, `holds_in` the statuses in
    which it is still true. A kind that `must_arrive` becomes a call-back task where no message reaches the
    citizen. `tells_followers` says that those who follow the request get news of it too.
    """

    timing: Timing
    told_by: tuple[EntryType, ...] = ()
    told_to: Audience = Audience.CITIZEN
    holds_in: frozenset[Status] = frozenset(Status)
    matter: Matter = Matter.COURTESY
    more: frozenset[str] = frozenset()
    link: LinkPurpose = LinkPurpose.REQUEST
    may_be_opted_out: bool = False
    must_arrive: bool = False
    tells_followers: bool = False

    @property
    def placeholders(self) -> frozenset[str]:
        """Name what a template of this kind may say; who may opt out is told where."""
        return COMMON | self.more | (frozenset({"preferences"}) if self.may_be_opted_out else frozenset())


E, K, S, T = EntryType, MessageKind, Status, Timing
OPEN = frozenset(LIVE)


def _in(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


def _with(*placeholders: str) -> frozenset[str]:
    return frozenset(placeholders)


_HOLDER = ("secretariat", "organ", "due")
RULES: Mapping[MessageKind, MessageRule] = {
    K.CONFIRMATION: MessageRule(
        timing=T.AT_ONCE,
        told_by=(E.OPENED,),
        matter=Matter.LEGAL,  # the receipt that Lei 13.460/2017, art. 12, asks for
        more=_with("access_code", "received", *_HOLDER),
    ),
    K.ACCEPTED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.ACCEPTED,),
        holds_in=_in(S.IN_PROGRESS),
        more=_with(*_HOLDER),
        may_be_opted_out=True,
    ),
    K.SCHEDULED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.SCHEDULED,),
        holds_in=_in(S.SCHEDULED),
        more=_with("when", *_HOLDER),
        must_arrive=True,
    ),
    K.QUESTION: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.ASKED,),
        holds_in=_in(S.WAITING_CITIZEN),
        matter=Matter.LEGAL,
        more=_with("question", "answer_by", *_HOLDER),
        link=LinkPurpose.QUESTION,
        must_arrive=True,
    ),
    K.QUESTION_REMINDER: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.REMINDED,),
        holds_in=_in(S.WAITING_CITIZEN),
        more=_with("question", "answer_by", *_HOLDER),
        link=LinkPurpose.QUESTION,
    ),
    K.LATE: MessageRule(
        timing=T.WORKING_HOURS,
        told_by=(E.ESCALATED,),
        holds_in=OPEN,
        more=_with("forecast", *_HOLDER),
        may_be_opted_out=True,
    ),
    K.RESOLVED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.RESOLVED,),
        holds_in=_in(S.RESOLVED),
        matter=Matter.LEGAL,
        more=_with("answer", "contest_by", "secretariat", "organ"),
        must_arrive=True,
        tells_followers=True,
    ),
    K.REJECTED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.REJECTED,),
        holds_in=_in(S.REJECTED),
        matter=Matter.LEGAL,
        more=_with("answer", "reason", "legal_basis", "contest_by", "secretariat", "organ"),
        must_arrive=True,
        tells_followers=True,
    ),
    K.REOPENED: MessageRule(
        timing=T.DAYTIME, told_by=(E.REOPENED, E.CONTESTED), holds_in=OPEN, more=_with(*_HOLDER)
    ),
    K.CLOSED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.CLOSED,),
        holds_in=_in(S.CLOSED),
        may_be_opted_out=True,
        tells_followers=True,
    ),
    K.CANCELLED: MessageRule(timing=T.DAYTIME, told_by=(E.CANCELLED,), holds_in=_in(S.CANCELLED)),
    K.ARCHIVED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.ARCHIVED,),
        holds_in=_in(S.ARCHIVED),
        matter=Matter.LEGAL,
        more=_with("revive_by"),
        link=LinkPurpose.QUESTION,
    ),
    K.MERGED: MessageRule(
        timing=T.DAYTIME, told_by=(E.MERGED,), holds_in=_in(S.DUPLICATE), more=_with("other")
    ),
    K.REASSURED: MessageRule(
        timing=T.DAYTIME,
        told_by=(E.REASSURED,),
        holds_in=OPEN,
        more=_with("status", *_HOLDER),
        may_be_opted_out=True,
    ),
    K.FOLLOWER_NEWS: MessageRule(
        timing=T.DAYTIME, more=_with("status"), link=LinkPurpose.FOLLOWER, may_be_opted_out=True
    ),
    K.SURVEY: MessageRule(
        timing=T.DAYTIME, more=_with("expires_on"), link=LinkPurpose.SURVEY, may_be_opted_out=True
    ),
    K.SURVEY_REMINDER: MessageRule(
        timing=T.DAYTIME, more=_with("expires_on"), link=LinkPurpose.SURVEY, may_be_opted_out=True
    ),
    K.THIRD_PARTY_QUESTION: MessageRule(
        timing=T.WORKING_HOURS,
        told_by=(E.WAITED,),
        told_to=Audience.THIRD_PARTY,
        holds_in=_in(S.WAITING_THIRD_PARTY),
        matter=Matter.LEGAL,
        more=_with("note", "answer_by", "secretariat", "organ"),
        link=LinkPurpose.THIRD_PARTY,
    ),
}
KIND_OF: Mapping[EntryType, MessageKind] = {
    entry: kind for kind, rule in RULES.items() for entry in rule.told_by
}
"""What a decision tells the citizen; most tell him nothing."""
MAY_BE_OPTED_OUT = frozenset(kind for kind, rule in RULES.items() if rule.may_be_opted_out)
"""What a citizen may do without; questions, outcomes and what follows from the law always come."""
