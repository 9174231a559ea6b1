"""What the store of survey results must do, on the fake, on moto and on ministack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.survey_results import DynamoSurveyResults
from chalicelib.adapters.dynamo.surveys import DynamoSurveys
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.survey_results import Cell, CountedResolution, DayResults, Tally
from chalicelib.domain.surveys import SurveyRecord, SurveyStatus
from chalicelib.domain.verdicts import Verdict, VerdictKind
from chalicelib.services.ports.survey_results import Mark, SurveyResultStore
from chalicelib.services.survey_counting import (
    SLOT,
    SURVEYS_AT_ONCE,
    WRITTEN_WITHIN,
    CountedSurveys,
    SurveyCounting,
)
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fake_survey_results import FakeSurveyResults
from tests.fakes import NOW, FakeClock
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)
FIRST_SLOT = NOW.replace(minute=30, second=0, microsecond=0)
CELL = Cell(secretariat="DMLU", service="dumping", channel=Channel.WEB)
OTHER = Cell(secretariat="SMGOV", service="noise", channel=Channel.PHONE)


@dataclass(frozen=True, slots=True)
class Stored:
    """The store of one engine, and what breaks the calls of a real one."""

    results: SurveyResultStore
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stored(request: pytest.FixtureRequest) -> Iterator[Stored]:
    if request.param == "fake":
        yield Stored(FakeSurveyResults())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "operations", "contacts"):
        yield Stored(DynamoSurveyResults(), proxy)


def a_resolution(number: int = 1, **changes: Any) -> CountedResolution:
    resolution = CountedResolution(
        protocol=compose_protocol(TODAY, number), generation=1, day=TODAY, cell=CELL
    )
    return dataclasses.replace(resolution, **changes)


def a_mark(minutes: int = 0, day: date = TODAY) -> Mark:
    return Mark(slot=FIRST_SLOT + timedelta(minutes=minutes), day=day)


def test_what_counts_of_a_resolution_is_read_back_whole(stored: Stored) -> None:
    verdict = Verdict(kind=VerdictKind.CONTESTED, generation=1, is_false=True, at=NOW)
    resolution = a_resolution(is_contested=True, verdict=verdict)

    stored.results.note(resolution, 7)

    assert list(stored.results.resolutions_of(TODAY)) == [resolution]
    assert list(stored.results.resolutions_of(YESTERDAY)) == []


def test_the_newest_version_of_a_resolution_stays(stored: Stored) -> None:
    contested = a_resolution(is_contested=True)
    for resolution, version in ((a_resolution(), 3), (contested, 4), (a_resolution(), 3), (contested, 4)):
        stored.results.note(resolution, version)

    assert list(stored.results.resolutions_of(TODAY)) == [contested]


def test_all_resolutions_of_a_day_are_read(stored: Stored) -> None:
    lines = [a_resolution(number, generation=1 + number % 2) for number in range(40)]
    for line in lines:
        stored.results.note(line, 1)

    assert sorted(one.protocol for one in stored.results.resolutions_of(TODAY)) == sorted(
        line.protocol for line in lines
    )


def test_marks_are_listed_from_the_oldest_slot_up_to_a_moment(stored: Stored) -> None:
    stored.results.mark({a_mark(5), a_mark(0), a_mark(10)})
    stored.results.mark({a_mark(0), a_mark(0, YESTERDAY)})

    assert list(stored.results.marks(FIRST_SLOT + timedelta(minutes=9), limit=10)) == [
        a_mark(0, YESTERDAY),
        a_mark(0),
        a_mark(5),
    ]
    assert list(stored.results.marks(FIRST_SLOT, limit=1)) == [a_mark(0, YESTERDAY)]
    assert list(stored.results.marks(FIRST_SLOT - timedelta(minutes=1), limit=10)) == []


def test_marks_are_taken_off_one_by_one(stored: Stored) -> None:
    stored.results.mark({a_mark(0), a_mark(5)})

    for _ in range(2):
        stored.results.unmark([a_mark(0)])

    assert list(stored.results.marks(NOW + timedelta(days=1), limit=10)) == [a_mark(5)]


def test_days_are_read_in_order_and_those_never_counted_are_left_out(stored: Stored) -> None:
    cells = {CELL: Tally(counts={"resolved": 3, "sent": 2}), OTHER: Tally(counts={"resolved": 1})}
    stored.results.keep(TODAY, cells, NOW)
    stored.results.keep(YESTERDAY, {}, NOW)
    stored.results.keep(TODAY + timedelta(days=1), cells, NOW)

    assert list(stored.results.between(YESTERDAY - timedelta(days=9), TODAY)) == [
        DayResults(day=YESTERDAY, cells={}),
        DayResults(day=TODAY, cells=cells),
    ]


def test_the_count_that_began_last_stays(stored: Stored) -> None:
    first, second = ({CELL: Tally(counts={"resolved": count})} for count in (1, 2))
    stored.results.keep(TODAY, first, NOW)
    stored.results.keep(TODAY, second, NOW + timedelta(seconds=1))
    stored.results.keep(TODAY, first, NOW)

    assert list(stored.results.between(TODAY, TODAY)) == [DayResults(day=TODAY, cells=second)]


@pytest.mark.parametrize("stored", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stored: Stored) -> None:
    assert stored.proxy
    for call in (
        lambda: stored.results.mark([a_mark()]),
        lambda: stored.results.note(a_resolution(), 1),
        lambda: list(stored.results.between(YESTERDAY, TODAY)),
    ):
        stored.proxy.fail(*[Fault.SERVER_ERROR] * 3)
        with pytest.raises(Unavailable):
            call()


@pytest.mark.parametrize("stored", ["moto"], indirect=True)
def test_a_busy_day_stays_small(stored: Stored) -> None:
    """A thousand groups of a day fit with room to spare into an item, which may have 400 KB."""
    cells = {
        Cell(secretariat=f"S{number % 15}", service=f"service-{number}", channel=Channel.WEB): Tally(
            counts={"resolved": number, "sent": number, "answered": 5, "overall.5": 5, "done.yes": 5}
        )
        for number in range(1, 1_001)
    }

    stored.results.keep(TODAY, cells, NOW)

    (day,) = stored.results.between(TODAY, TODAY)
    assert day.cells == cells


@pytest.mark.parametrize("stored", REAL_ENGINES, indirect=True)
def test_a_day_is_counted_from_what_the_tables_hold(stored: Stored) -> None:
    clock = FakeClock()
    surveys = CountedSurveys(store=DynamoSurveys(), results=stored.results, clock=clock)
    counting = SurveyCounting(results=stored.results, surveys=surveys)
    for number in range(SURVEYS_AT_ONCE + 3):
        stored.results.note(a_resolution(number), 1)
        surveys.open(a_survey(number, SurveyStatus.SENT if number % 2 else SurveyStatus.UNKNOWN))
    clock.time += SLOT + WRITTEN_WITHIN

    assert [counting.count_marked(clock.time) for _ in range(2)] == [[TODAY], []]

    ((tally,),) = (day.cells.values() for day in stored.results.between(TODAY, TODAY))
    assert tally == Tally(counts={"resolved": 103, "sent": 51, "unknown": 52})
    assert tally.adds_up


def a_survey(number: int, status: SurveyStatus) -> SurveyRecord:
    return SurveyRecord(
        protocol=compose_protocol(TODAY, number),
        generation=1,
        channel=CELL.channel,
        service=CELL.service,
        secretariat=CELL.secretariat,
        resolved_at=NOW,
        day=TODAY,
        at=NOW,
        status=status,
    )
