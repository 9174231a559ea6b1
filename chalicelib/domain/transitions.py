"""Say, as data, which command leads from which status to which, and who may give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import ActorNotAllowed, TransitionNotAllowed
from chalicelib.domain.people import Role
from chalicelib.domain.timeline import EntryType


class Status(StrEnum):
    """Where a request stands."""

    TRIAGE = "triage"
    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    SCHEDULED = "scheduled"
    WAITING_CITIZEN = "waiting_citizen"
    WAITING_THIRD_PARTY = "waiting_third_party"
    RESOLVED = "resolved"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class Command(StrEnum):
    """What can be asked of a request; the value is the word in the URL."""

    CLASSIFY = "classify"
    ACCEPT = "accept"
    RETURN = "return"
    FORWARD = "forward"
    SCHEDULE = "schedule"
    MISS_VISIT = "miss-visit"
    ASK = "ask"
    CONFIRM_DELIVERY = "question-delivered"
    CONFIRM_TOLD = "result-told"
    ANSWER = "answer"
    WAIT = "wait"
    RESUME = "resume"
    CONTINUE = "continue"
    COMMENT = "comment"
    REITERATE = "reiterate"
    RESOLVE = "resolve"
    REJECT = "reject"
    MERGE = "merge"
    CONFIRM = "confirm"
    CONTEST = "contest"
    REOPEN = "reopen"
    CLOSE = "close"
    CANCEL = "cancel"
    ARCHIVE = "archive"
    REVIVE = "revive"
    REPRIORITISE = "reprioritise"
    SET_EXTERNAL_NUMBER = "external-number"
    EXTEND = "extend"
    REDATE = "redate"
    ESCALATE = "escalate"
    ALERT = "alert"
    REMIND = "remind"
    REASSURE = "reassure"
    START_SURVEY = "start-survey"
    JUDGE = "judge"
    JUSTIFY = "justify"
    ERASE = "erase"


Moves = Mapping[Status, frozenset[Status]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One command's rule: the entry it writes, the moves it may make and the roles that may ask."""

    entry: EntryType
    moves: Moves
    roles: frozenset[Role]


S, C, R = Status, Command, Role
LIVE = (S.TRIAGE, S.QUEUED, S.IN_PROGRESS, S.SCHEDULED, S.WAITING_CITIZEN, S.WAITING_THIRD_PARTY)
WORKABLE = (S.IN_PROGRESS, S.SCHEDULED, S.WAITING_THIRD_PARTY)
SENT = (S.QUEUED, *WORKABLE, S.WAITING_CITIZEN)


def _to(sources: tuple[Status, ...], *targets: Status) -> Moves:
    return {source: frozenset(targets) for source in sources}


def _stay(sources: tuple[Status, ...]) -> Moves:
    return {source: frozenset({source}) for source in sources}


def _rule(entry: EntryType, moves: Moves, *roles: Role) -> Transition:
    return Transition(entry=entry, moves=moves, roles=frozenset(roles))


E = EntryType
TRANSITIONS: Mapping[Command, Transition] = {
    C.CLASSIFY: _rule(E.CLASSIFIED, _to(LIVE, S.QUEUED, S.TRIAGE), R.ATTENDANT, R.REVIEWER, R.DIRECTION),
    C.ACCEPT: _rule(E.ACCEPTED, _to((S.QUEUED,), S.IN_PROGRESS), R.SECRETARIAT),
    C.RETURN: _rule(E.RETURNED, _to((S.QUEUED, *WORKABLE), S.QUEUED, S.TRIAGE), R.SECRETARIAT),
    C.FORWARD: _rule(E.FORWARDED, _stay(SENT), R.SECRETARIAT),
    C.SCHEDULE: _rule(E.SCHEDULED, _to(WORKABLE, S.SCHEDULED), R.SECRETARIAT),
    C.MISS_VISIT: _rule(E.VISIT_MISSED, _to((S.SCHEDULED,), S.IN_PROGRESS), R.SYSTEM),
    C.ASK: _rule(E.ASKED, _to(WORKABLE, S.WAITING_CITIZEN), R.SECRETARIAT),
    C.CONFIRM_DELIVERY: _rule(E.QUESTION_DELIVERED, _stay((S.WAITING_CITIZEN,)), R.ATTENDANT, R.SYSTEM),
    C.CONFIRM_TOLD: _rule(E.RESULT_TOLD, _stay((S.RESOLVED, S.REJECTED)), R.ATTENDANT),
    C.ANSWER: _rule(E.ANSWERED, _to((S.WAITING_CITIZEN,), S.IN_PROGRESS), R.CITIZEN, R.ATTENDANT),
    C.WAIT: _rule(E.WAITED, _to((S.IN_PROGRESS, S.SCHEDULED), S.WAITING_THIRD_PARTY), R.SECRETARIAT),
    C.RESUME: _rule(
        E.RESUMED, _to((S.WAITING_THIRD_PARTY,), S.IN_PROGRESS), R.SECRETARIAT, R.THIRD_PARTY, R.SYSTEM
    ),
    C.CONTINUE: _rule(E.CONTINUED, _to((S.WAITING_CITIZEN,), S.IN_PROGRESS), R.SYSTEM),
    C.COMMENT: _rule(
        E.COMMENTED, _stay(tuple(Status)), R.SECRETARIAT, R.ATTENDANT, R.REVIEWER, R.OMBUDSMAN, R.CITIZEN
    ),
    C.REITERATE: _rule(E.REITERATED, _stay(LIVE), R.CITIZEN, R.ATTENDANT),
    C.RESOLVE: _rule(E.RESOLVED, _to(WORKABLE, S.RESOLVED), R.SECRETARIAT),
    C.REJECT: _rule(
        E.REJECTED, _to((S.TRIAGE, *WORKABLE), S.REJECTED), R.SECRETARIAT, R.ATTENDANT, R.REVIEWER
    ),
    C.MERGE: _rule(E.MERGED, _to(LIVE, S.DUPLICATE), R.SECRETARIAT, R.ATTENDANT),
    C.CONFIRM: _rule(E.CONFIRMED, _to((S.RESOLVED,), S.CLOSED), R.CITIZEN, R.ATTENDANT),
    C.CONTEST: _rule(
        E.CONTESTED,
        {S.RESOLVED: frozenset({S.QUEUED, S.TRIAGE}), S.REJECTED: frozenset({S.TRIAGE})},
        R.CITIZEN,
        R.ATTENDANT,
    ),
    C.REOPEN: _rule(
        E.REOPENED,
        {S.RESOLVED: frozenset({S.QUEUED, S.TRIAGE}), S.REJECTED: frozenset({S.QUEUED, S.TRIAGE})},
        R.ATTENDANT,
        R.REVIEWER,
        R.OMBUDSMAN,
    ),
    C.CLOSE: _rule(E.CLOSED, _to((S.RESOLVED, S.REJECTED), S.CLOSED), R.SYSTEM),
    C.CANCEL: _rule(E.CANCELLED, _to(LIVE, S.CANCELLED), R.CITIZEN, R.ATTENDANT),
    C.ARCHIVE: _rule(E.ARCHIVED, _to((S.WAITING_CITIZEN,), S.ARCHIVED), R.SYSTEM),
    C.REVIVE: _rule(E.REVIVED, _to((S.ARCHIVED,), S.IN_PROGRESS), R.CITIZEN, R.ATTENDANT),
    C.REPRIORITISE: _rule(
        E.REPRIORITISED,
        {**_stay(LIVE), **{sent: frozenset({sent, S.QUEUED}) for sent in SENT}},
        R.ATTENDANT,
        R.REVIEWER,
        R.DIRECTION,
    ),
    C.SET_EXTERNAL_NUMBER: _rule(E.EXTERNAL_NUMBER_SET, _stay((*SENT, S.RESOLVED)), R.SECRETARIAT),
    C.EXTEND: _rule(E.EXTENDED, _stay(LIVE), R.SECRETARIAT, R.OMBUDSMAN),
    C.REDATE: _rule(E.REDATED, _stay(LIVE), R.SYSTEM),
    C.ESCALATE: _rule(E.ESCALATED, _stay(LIVE), R.SYSTEM),
    C.ALERT: _rule(E.ALERTED, _stay((S.TRIAGE, S.QUEUED)), R.SYSTEM),
    C.REMIND: _rule(E.REMINDED, _stay((S.WAITING_CITIZEN,)), R.SYSTEM),
    C.REASSURE: _rule(E.REASSURED, _stay(LIVE), R.SYSTEM),
    C.START_SURVEY: _rule(E.SURVEY_STARTED, _stay((S.RESOLVED, S.CLOSED)), R.SYSTEM),
    C.JUDGE: _rule(E.JUDGED, _stay(tuple(Status)), R.REVIEWER),
    C.JUSTIFY: _rule(E.JUSTIFIED, _stay(LIVE), R.SECRETARIAT),
    C.ERASE: _rule(E.ERASED, _stay(tuple(Status)), R.OMBUDSMAN),
}


def next_status(command: Command, status: Status, role: Role, target: Status | None = None) -> Status:
    """Find where `command` leads from `status`; `target` chooses where the rule allows several.

    Without `target` the answer is one that the rule allows, the same in every process.

    Raises:
        TransitionNotAllowed: the status does not allow the command, or not that target.
        ActorNotAllowed: the role may not give the command.
    """
    rule = TRANSITIONS[command]
    if role not in rule.roles:
        raise ActorNotAllowed
    targets = rule.moves.get(status, frozenset())
    chosen = target if target is not None else min(targets, default=None)
    if chosen is None or chosen not in targets:
        raise TransitionNotAllowed(command, status)
    return chosen
