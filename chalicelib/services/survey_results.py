"""Answer how satisfied citizens are and how many resolutions were false; the public sees no small groups."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.domain.access import CENTRE, Grant, Principal
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.result_groups import (
    Dimension,
    ResultGroup,
    Screen,
    Wanted,
    by_every_dimension,
    groups,
    total,
)
from chalicelib.domain.suppression import hide_nothing, hide_small
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.survey_results import SurveyResultStore

MOST_DAYS = 366
ONE_DAY, IF_LEFT_OUT = timedelta(days=1), timedelta(days=30)
MOST_GROUPS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsQuestion:
    """What is asked for; without an end it is today, without a beginning the thirty days up to the end."""

    since: date | None = None
    until: date | None = None
    group_by: frozenset[Dimension] = frozenset()
    filters: Mapping[Dimension, Set[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsReport:
    """The results of a period: all of them together, and by groups if any were asked for."""

    since: date
    until: date
    total: ResultGroup
    groups: tuple[ResultGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyResults:
    """The results of surveys, as they were counted last."""

    results: SurveyResultStore
    catalogue: CatalogueSource
    clock: Clock

    def report(
        self, question: ResultsQuestion, reader: Principal | None, found: Sequence[Fault] = ()
    ) -> ResultsReport:
        """Report the results of the resolutions of a period; to the public, of the whole months it touches.

        Of two periods that differ by a day the public could subtract one from the other, and see that day.

        Raises:
            InvalidInput: the period is reversed or too long, or there are too many groups to show.
        """
        wanted = self._wanted(question)
        if faults := [*found, *_period_faults(wanted)]:
            raise InvalidInput(*faults)
        screen = _screen_for(reader)
        if screen is hide_small:
            wanted = _of_whole_months(wanted)
        finest = by_every_dimension(self.results.between(wanted.since, wanted.until))
        divided = groups(finest, wanted, screen)
        if len(divided) > MOST_GROUPS:
            raise InvalidInput(Fault(path="group_by", reason="too_many", facts={"most": MOST_GROUPS}))
        return ResultsReport(
            since=wanted.since, until=wanted.until, total=total(finest, wanted, screen), groups=divided
        )

    def _wanted(self, question: ResultsQuestion) -> Wanted:
        today = calendar_of(self.catalogue.current()).local_day(self.clock.now())
        until = question.until or max(today, question.since or today)
        since = question.since or until - min(IF_LEFT_OUT - ONE_DAY, until - date.min)
        filters = {dimension: values for dimension, values in question.filters.items() if values}
        return Wanted(since=since, until=until, group_by=question.group_by, filters=filters)


def _screen_for(reader: Principal | None) -> Screen:
    is_of_the_centre = reader is not None and reader.has(*CENTRE, Grant.OPERATOR)
    return hide_nothing if is_of_the_centre else hide_small


def _of_whole_months(wanted: Wanted) -> Wanted:
    last = monthrange(wanted.until.year, wanted.until.month)[1]
    return replace(wanted, since=wanted.since.replace(day=1), until=wanted.until.replace(day=last))


def _period_faults(wanted: Wanted) -> Iterator[Fault]:
    if wanted.until < wanted.since:
        yield Fault(path="until", reason="before_its_beginning")
    elif (wanted.until - wanted.since).days >= MOST_DAYS:
        yield Fault(path="until", reason="out_of_range", facts={"most_days": MOST_DAYS})
