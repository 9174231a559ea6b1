"""Count surveys and resolutions by the day over fakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.domain import orders
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolution_of
from chalicelib.domain.survey_results import Cell, Tally, count_day, counted_resolutions
from chalicelib.domain.surveys import Answers, Done, SurveyRecord, SurveyStatus
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.delivery import Change
from chalicelib.services.survey_counting import (
    SLOT,
    WRITTEN_WITHIN,
    CountedSurveys,
    SurveyCounting,
    SurveyProjection,
)
from tests.builders import PHOTO, a_catalogue, a_request, ordered
from tests.fake_survey_results import FakeSurveyResults
from tests.fake_surveys import FakeSurveys
from tests.fakes import NOW, FakeCatalogue, FakeClock

CITY = FakeCatalogue(a_catalogue())
REVIEWER = Actor(role=Role.REVIEWER, name="rita")
EVER = (date(2020, 1, 1), date(2030, 1, 1))


@dataclass(slots=True)
class Bureau:
    """The counting over fakes."""

    clock: FakeClock = field(default_factory=FakeClock)
    kept: FakeSurveys = field(default_factory=FakeSurveys)
    results: FakeSurveyResults = field(default_factory=FakeSurveyResults)

    @property
    def surveys(self) -> CountedSurveys:
        return CountedSurveys(store=self.kept, results=self.results, clock=self.clock)

    @property
    def counting(self) -> SurveyCounting:
        return SurveyCounting(results=self.results, surveys=self.surveys)

    def sees(self, request: ServiceRequest, before: int = 0) -> None:
        projection = SurveyProjection(results=self.results, catalogue=CITY, clock=self.clock)
        projection.follow([Change(before=before, request=request)])

    def count(self) -> list[date]:
        """Let the marks ripen, and count."""
        self.clock.time += SLOT + WRITTEN_WITHIN
        return self.counting.count_marked(self.clock.time)

    def count_all(self) -> dict[date, dict[Cell, Tally]]:
        while self.count():
            pass
        return self.counted()

    def counted(self) -> dict[date, dict[Cell, Tally]]:
        return {one.day: dict(one.cells) for one in self.results.between(*EVER)}

    def total(self) -> Tally:
        tallies = (tally for day in self.results.between(*EVER) for tally in day.cells.values())
        return sum(tallies, Tally())


def resolved(days_later: int = 0, number: int | None = None) -> ServiceRequest:
    accepted = a_request(Status.IN_PROGRESS, number=number)
    at = accepted.updated_at + timedelta(days=days_later)
    return ordered(accepted, orders.Resolve(answer="Recolhido", photos=(PHOTO,)), at=at)


def contested(request: ServiceRequest) -> ServiceRequest:
    return ordered(request, orders.Contest(reason="Não veio ninguém"))


def judged(request: ServiceRequest) -> ServiceRequest:
    return ordered(request, orders.Judge(is_false=True), by=REVIEWER)


def a_survey(request: ServiceRequest) -> SurveyRecord:
    given = resolution_of(request, 1)
    assert given is not None
    return SurveyRecord(
        protocol=request.protocol,
        generation=1,
        channel=request.state.channel,
        service=given.service,
        secretariat=given.secretariat,
        resolved_at=given.at,
        day=calendar_of(CITY.current()).local_day(given.at),
        at=NOW,
        status=SurveyStatus.DUE,
    )


def answered(record: SurveyRecord, overall: int = 5) -> SurveyRecord:
    answers = Answers(overall=overall, done=Done.YES)
    return replace(record, status=SurveyStatus.ANSWERED, answers=answers, answered_at=NOW)


def counted_directly(
    requests: Iterable[ServiceRequest], surveys: Iterable[SurveyRecord]
) -> dict[date, dict[Cell, Tally]]:
    """Count from the requests and surveys themselves."""
    lines = [one for request in requests for one in counted_resolutions(request, calendar_of(CITY.current()))]
    records = list(surveys)
    days = {one.day for one in lines} | {one.day for one in records}
    return {
        day: count_day([one for one in lines if one.day == day], [one for one in records if one.day == day])
        for day in days
    }
