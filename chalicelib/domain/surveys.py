"""Decide who is asked how satisfied he is, and hold what he answered; every "no" carries its reason."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Fault, LinkExpired, LinkUnknown, LinkUsed
from chalicelib.domain.people import Channel
from chalicelib.domain.private import Private
from chalicelib.domain.protocols import Protocol

SURVEY_LASTS = timedelta(days=14)
REMINDED_AFTER = timedelta(days=5)
NOT_AGAIN_WITHIN = timedelta(days=30)
SCORES = range(1, 6)
LONGEST_COMMENT = 1_000
LONGEST_IDENTITY_CHECK = 200


class Done(StrEnum):
    """Whether what was asked for was done, as the citizen sees it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class SurveyReason(StrEnum):
    """Why the citizen judges as he does; he may name several."""

    WELL_DONE = "well_done"
    QUICK = "quick"
    POLITE = "polite"
    SLOW = "slow"
    BADLY_DONE = "badly_done"
    CAME_BACK = "came_back"
    NOBODY_CAME = "nobody_came"
    ANSWER_UNCLEAR = "answer_unclear"


class NotSentReason(StrEnum):
    """Why a resolution brought no survey."""

    ALREADY_SURVEYED = "already_surveyed"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"
    ANONYMOUS = "anonymous"
    ERASED = "erased"
    UNREACHABLE = "unreachable"
    OPTED_OUT = "opted_out"
    NOT_SAMPLED = "not_sampled"
    FATIGUE = "fatigue"
    UNDELIVERABLE = "undeliverable"


class SurveyStatus(StrEnum):
    """How far a survey has come; `unknown` is one that may or may not have been sent."""

    DUE = "due"
    SENT = "sent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"
    ANSWERED = "answered"
    EXPIRED = "expired"


class SurveyWay(StrEnum):
    """How somebody is asked; `call` is a task for an attendant."""

    SMS = "sms"
    EMAIL = "email"
    WHATSAPP = "whatsapp"
    CALL = "call"


class Via(StrEnum):
    """By what way an answer came."""

    LINK = "link"
    KEYPAD = "keypad"
    CHAT = "chat"
    PORTAL = "portal"
    ATTENDANT = "attendant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the citizen answered; overall and `done` are the two essential questions.

    Without `allows_contact` nobody calls him about his comment, and it is not shown beside his name.
    """

    overall: int
    done: Done
    deadline: int | None = None
    quality: int | None = None
    clarity: int | None = None
    reasons: tuple[SurveyReason, ...] = ()
    allows_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRecord:
    """The survey of one resolution, `day` being the local day of it.

    `expires_at` is when its link ends, `via` the way by which the answers came; `command` are the digests by
    which a repeated answer is recognised, `private` the comment and how an attendant checked who spoke.
    """

    protocol: Protocol
    generation: int
    channel: Channel
    service: str
    secretariat: str
    resolved_at: datetime
    day: date
    at: datetime
    status: SurveyStatus
    reason: NotSentReason | None = None
    medium: SurveyWay | None = None
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None
    answers: Answers | None = None
    via: Via | None = None
    command: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, Private] = field(default_factory=dict)

    def status_at(self, now: datetime) -> SurveyStatus:
        """Tell the status at a moment: that nobody answered in time is a fact of time, never written."""
        waits = self.status in (SurveyStatus.SENT, SurveyStatus.UNKNOWN, SurveyStatus.DUE)
        is_over = self.expires_at is not None and now > self.expires_at
        return SurveyStatus.EXPIRED if waits and is_over else self.status

    def refuse_unanswerable(self, now: datetime) -> None:
        """Raise what a link to this survey meets: `LinkUnknown`, `LinkUsed` or `LinkExpired`."""
        status = self.status_at(now)
        if status is SurveyStatus.NOT_SENT:
            raise LinkUnknown
        if status is SurveyStatus.ANSWERED:
            raise LinkUsed
        if status is SurveyStatus.EXPIRED:
            raise LinkExpired

    def sent(self, way: SurveyWay, at: datetime, status: SurveyStatus = SurveyStatus.SENT) -> SurveyRecord:
        """Note that it went out, or may have; an answer that was faster stays."""
        known = self.status in (SurveyStatus.ANSWERED, SurveyStatus.SENT)
        return replace(
            self,
            status=self.status if known else status,
            medium=way,
            sent_at=at if status is SurveyStatus.SENT else self.sent_at,
            expires_at=at + SURVEY_LASTS,
        )

    def not_sent(self, reason: NotSentReason) -> SurveyRecord:
        """Note that it never went out, and why."""
        return replace(self, status=SurveyStatus.NOT_SENT, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """All that decides whether a resolution brings a survey; `draw` is a number from 0 to 99."""

    is_surveyed_already: bool = False
    is_duplicate: bool = False
    is_resolved: bool = True
    is_anonymous: bool = False
    is_erased: bool = False
    is_reachable: bool = True
    is_opted_out: bool = False
    is_surveyed_lately: bool = False
    is_confidential: bool = False
    percent: int = 100
    draw: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """The citizen is asked; of a confidential service the message does not say which one it is."""

    names_service: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """The citizen is not asked, and why."""

    reason: NotSentReason


def eligibility(facts: SurveyFacts) -> Eligible | NotSent:
    """Decide whether a citizen is asked; the first reason against it is the one that is recorded."""
    against = (
        (facts.is_surveyed_already, NotSentReason.ALREADY_SURVEYED),
        (facts.is_duplicate, NotSentReason.DUPLICATE),
        (not facts.is_resolved, NotSentReason.REOPENED),
        (facts.is_anonymous, NotSentReason.ANONYMOUS),
        (facts.is_erased, NotSentReason.ERASED),
        (not facts.is_reachable, NotSentReason.UNREACHABLE),
        (facts.is_opted_out, NotSentReason.OPTED_OUT),
        (facts.draw >= facts.percent, NotSentReason.NOT_SAMPLED),
        (facts.is_surveyed_lately, NotSentReason.FATIGUE),
    )
    for holds, reason in against:
        if holds:
            return NotSent(reason=reason)
    return Eligible(names_service=not facts.is_confidential)


def draw_of(protocol: Protocol, generation: int) -> int:
    """Draw a number from 0 to 99 for a survey: the same one however often it is drawn."""
    return zlib.crc32(f"{protocol}#{generation}".encode()) % 100


def answer_faults(answers: Answers, comment: str) -> Iterator[Fault]:
    """Name every score outside 1 to 5, and a comment that is too long."""
    for name in ("overall", "deadline", "quality", "clarity"):
        score = getattr(answers, name)
        if score is not None and score not in SCORES:
            yield Fault(path=name, reason="out_of_range", facts={"least": SCORES[0], "most": SCORES[-1]})
    if len(comment) > LONGEST_COMMENT:
        yield Fault(path="comment", reason="too_long", facts={"longest": LONGEST_COMMENT})
