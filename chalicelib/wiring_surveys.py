"""Compose surveys: whom to ask, what he answers, what follows, and what is to be judged.

Imports late for the same reason as `chalicelib.wiring`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring, wiring_citizen, wiring_messages

if TYPE_CHECKING:
    from chalicelib.services.audits import AuditProjection, Audits
    from chalicelib.services.ports.audits import AuditList
    from chalicelib.services.ports.notices import Deferred
    from chalicelib.services.ports.survey_results import SurveyResultStore
    from chalicelib.services.ports.surveys import SurveyStore
    from chalicelib.services.survey_answers import SurveyAnswers
    from chalicelib.services.survey_consequences import SurveyConsequences
    from chalicelib.services.survey_counting import SurveyCounting, SurveyProjection
    from chalicelib.services.survey_results import SurveyResults
    from chalicelib.services.survey_steps import SurveySteps
    from chalicelib.services.surveys import Surveys


@cache
def surveys() -> Surveys:
    """Ask citizens, and remind them."""
    from chalicelib.adapters.dynamo.survey_reservations import DynamoSurveyReservations
    from chalicelib.services.survey_sending import SurveySending
    from chalicelib.services.surveys import Surveys

    return Surveys(
        requests=wiring.sdk_requests(),
        store=survey_store(),
        reservations=DynamoSurveyReservations(),
        preferences=wiring_messages.preference_store(),
        sending=SurveySending(notices=wiring_messages.citizen_notices()),
        deferred=_deferred(),
        catalogue=wiring.catalogue(),
        clock=wiring.clock(),
    )


@cache
def survey_steps() -> SurveySteps:
    """Take whatever step of a survey is due."""
    from chalicelib.services.survey_steps import SurveySteps

    return SurveySteps(surveys=surveys(), consequences=consequences())


@cache
def survey_answers() -> SurveyAnswers:
    """Take the answers to surveys."""
    from chalicelib.services.survey_answers import SurveyAnswers

    return SurveyAnswers(
        store=survey_store(),
        citizens=wiring_citizen.citizen_acts(),
        consequences=consequences(),
        deferred=_deferred(),
    )


@cache
def consequences() -> SurveyConsequences:
    """Let follow what answers call for."""
    from chalicelib.services.survey_consequences import SurveyConsequences

    return SurveyConsequences(store=survey_store(), acts=wiring_citizen.citizen_acts().acts)


@cache
def survey_store() -> SurveyStore:
    """Keep surveys, and let them be counted."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.surveys import DynamoSurveys
    from chalicelib.services.survey_counting import CountedSurveys

    return CountedSurveys(store=DynamoSurveys(), results=_survey_results(), clock=wiring.clock())


@cache
def survey_projection() -> SurveyProjection:
    """Keep what counts of resolutions in step with the requests."""
    from chalicelib.services.survey_counting import SurveyProjection

    return SurveyProjection(results=_survey_results(), catalogue=wiring.catalogue(), clock=wiring.clock())


@cache
def survey_counting() -> SurveyCounting:
    """Count again the days that changed."""
    from chalicelib.services.survey_counting import SurveyCounting

    return SurveyCounting(results=_survey_results(), surveys=survey_store())


@cache
def survey_results() -> SurveyResults:
    """Answer how satisfied citizens are."""
    from chalicelib.services.survey_results import SurveyResults

    return SurveyResults(results=_survey_results(), catalogue=wiring.catalogue(), clock=wiring.clock())


@cache
def audits() -> Audits:
    """List what is to be judged."""
    from chalicelib.services.audits import Audits

    return Audits(audits=_audit_list())


@cache
def audit_projection() -> AuditProjection:
    """Keep the list of what is to be judged in step with the requests."""
    from chalicelib.services.audits import AuditProjection

    return AuditProjection(audits=_audit_list())


@cache
def _survey_results() -> SurveyResultStore:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.survey_results import DynamoSurveyResults

    return DynamoSurveyResults()


@cache
def _audit_list() -> AuditList:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.audits import DynamoAudits

    return DynamoAudits()


@cache
def _deferred() -> Deferred:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.deferred import DynamoDeferred

    return DynamoDeferred()
