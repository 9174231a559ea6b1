"""Shape what is shown of surveys and of resolutions to be judged."""

from __future__ import annotations

from datetime import datetime

from chalicelib.api.presenters import secretariat_named, service_named
from chalicelib.api.views import NamedView, View
from chalicelib.domain.audits import Audit
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.survey_answers import Answered
from chalicelib.services.survey_consequences import Consequence


class AnswersView(View):
    """What a citizen answered; without his consent his comment is not shown beside his request."""

    overall: int
    done: str
    deadline: int | None = None
    quality: int | None = None
    clarity: int | None = None
    reasons: tuple[str, ...] = ()
    allows_contact: bool = False
    comment: str | None = None


class SurveyView(View):
    """The survey of a resolution: whether he was asked, how, and what he answered."""

    generation: int
    status: str
    resolved_at: datetime
    reason: str | None = None
    way: str | None = None
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    expires_at: datetime | None = None
    answered_at: datetime | None = None
    via: str | None = None
    answers: AnswersView | None = None


class SurveyList(View):
    """The surveys of a request, one per resolution."""

    items: tuple[SurveyView, ...]


class AnsweredView(View):
    """An answer that was taken: whether the work goes on, or a request linked to this one may be opened."""

    protocol: str
    generation: int
    answered_at: datetime | None
    reopened: bool
    may_open_linked: bool


class AuditView(View):
    """A resolution to be judged: it was drawn, or the citizen contested it."""

    protocol: str
    generation: int
    kind: str
    resolved_at: datetime
    secretariat: NamedView
    service: NamedView


class AuditPage(View):
    """Resolutions to be judged, the oldest first."""

    items: tuple[AuditView, ...]
    next: str | None = None


def present_answered(answered: Answered) -> AnsweredView:
    """Present what came of an answer."""
    return AnsweredView(
        protocol=answered.record.protocol,
        generation=answered.record.generation,
        answered_at=answered.record.answered_at,
        reopened=answered.consequence is Consequence.REOPENED,
        may_open_linked=answered.consequence is Consequence.MAY_OPEN_LINKED,
    )


def present_survey(record: SurveyRecord, now: datetime) -> SurveyView:
    """Present a survey to the people of the centre."""
    return SurveyView(
        generation=record.generation,
        status=record.status_at(now).value,
        resolved_at=record.resolved_at,
        reason=record.reason.value if record.reason else None,
        way=record.medium.value if record.medium else None,
        sent_at=record.sent_at,
        reminded_at=record.reminded_at,
        expires_at=record.expires_at,
        answered_at=record.answered_at,
        via=record.via.value if record.via else None,
        answers=_answers(record),
    )


def present_audit(audit: Audit, catalogue: Catalogue, language: str) -> AuditView:
    """Present a resolution to be judged."""
    return AuditView(
        protocol=audit.protocol,
        generation=audit.generation,
        kind=audit.kind.value,
        resolved_at=audit.resolved_at,
        secretariat=secretariat_named(catalogue, audit.secretariat),
        service=service_named(catalogue, audit.service, language),
    )


def _answers(record: SurveyRecord) -> AnswersView | None:
    given, comment = record.answers, record.private.get("comment")
    if given is None:
        return None
    return AnswersView(
        overall=given.overall,
        done=given.done.value,
        deadline=given.deadline,
        quality=given.quality,
        clarity=given.clarity,
        reasons=tuple(reason.value for reason in given.reasons),
        allows_contact=given.allows_contact,
        comment=comment.value if comment and given.allows_contact else None,
    )
