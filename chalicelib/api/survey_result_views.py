"""Shape the results of surveys; of what is hidden, the fields are null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from chalicelib.api.presenters import secretariat_named, service_named
from chalicelib.api.views import NamedView
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.result_groups import Dimension, ResultGroup
from chalicelib.domain.survey_results import (
    ANSWERED,
    PENDING,
    RESOLVED,
    SENT,
    UNKNOWN,
    Share,
    Tally,
)
from chalicelib.domain.surveys import Done
from chalicelib.domain.verdicts import VerdictKind
from chalicelib.services.survey_results import ResultsReport

SHARE_DIGITS, MEAN_DIGITS = 4, 2


class ShareView(msgspec.Struct, frozen=True, kw_only=True):
    """How many of how many; `low` and `high` bound the share with 95 % confidence (Wilson)."""

    count: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class SurveyedView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the surveys: `resolved` = `sent` + `unknown` + all of `not_sent` + `pending`.

    `unknown` ones may or may not have been sent; `pending` ones are not due yet, or are just being sent.
    """

    resolved: int
    sent: int
    unknown: int
    not_sent: Mapping[str, int]
    pending: int
    adds_up: bool


class FalseResolutionsView(msgspec.Struct, frozen=True, kw_only=True):
    """Contested ones of all resolutions; false ones of the contests, and of the audits, that were judged."""

    contested: ShareView
    confirmed_false: ShareView
    audited_false: ShareView


class GivenAnswersView(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered: overall grades from 1 to 5, 4 and 5 being satisfied, and whether it was done."""

    answered: int
    response_rate: float | None
    distribution: Mapping[str, int]
    mean: float | None
    satisfied: ShareView
    done: Mapping[str, ShareView]


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """The results of a group; `hidden` says that some of them are too few to be shown, and null."""

    secretariat: NamedView | None
    service: NamedView | None
    channel: str | None
    month: str | None
    hidden: bool
    surveys: SurveyedView | None
    false_resolutions: FalseResolutionsView | None
    answers: GivenAnswersView | None


class ResultsView(msgspec.Struct, frozen=True, kw_only=True):
    """The results of the resolutions of a period of local days, some minutes old at most."""

    since: date
    until: date
    total: ResultView
    groups: tuple[ResultView, ...]


def present_results(report: ResultsReport, catalogue: Catalogue, language: str) -> ResultsView:
    """Present the results of a period."""
    return ResultsView(
        since=report.since,
        until=report.until,
        total=_result(report.total, catalogue, language),
        groups=tuple(_result(group, catalogue, language) for group in report.groups),
    )


def _result(group: ResultGroup, catalogue: Catalogue, language: str) -> ResultView:
    secretariat, service = group.key.get(Dimension.SECRETARIAT), group.key.get(Dimension.SERVICE)
    return ResultView(
        secretariat=secretariat_named(catalogue, secretariat) if secretariat is not None else None,
        service=service_named(catalogue, service, language) if service is not None else None,
        channel=group.key.get(Dimension.CHANNEL),
        month=group.key.get(Dimension.MONTH),
        hidden=group.hides_answers or group.hides_resolutions,
        surveys=None if group.hides_resolutions else _surveyed(group.tally),
        false_resolutions=None if group.hides_resolutions else _false_resolutions(group.tally),
        answers=None if group.hides_answers else _given_answers(group.tally),
    )


def _surveyed(tally: Tally) -> SurveyedView:
    return SurveyedView(
        resolved=tally.of(RESOLVED),
        sent=tally.of(SENT),
        unknown=tally.of(UNKNOWN),
        not_sent={reason.value: count for reason, count in tally.not_sent.items()},
        pending=tally.of(PENDING),
        adds_up=tally.adds_up,
    )


def _false_resolutions(tally: Tally) -> FalseResolutionsView:
    return FalseResolutionsView(
        contested=_share(tally.contested),
        confirmed_false=_share(tally.found_false(VerdictKind.CONTESTED)),
        audited_false=_share(tally.found_false(VerdictKind.AUDITED)),
    )


def _given_answers(tally: Tally) -> GivenAnswersView:
    return GivenAnswersView(
        answered=tally.of(ANSWERED),
        response_rate=_rounded(tally.response.value),
        distribution={str(score): count for score, count in tally.distribution.items()},
        mean=_rounded(tally.mean, MEAN_DIGITS),
        satisfied=_share(tally.satisfied),
        done={answer.value: _share(tally.done(answer)) for answer in Done},
    )


def _share(share: Share) -> ShareView:
    low, high = share.interval or (None, None)
    return ShareView(
        count=share.count,
        of=share.of,
        share=_rounded(share.value),
        low=_rounded(low),
        high=_rounded(high),
    )


def _rounded(value: float | None, digits: int = SHARE_DIGITS) -> float | None:
    return None if value is None else round(value, digits)
