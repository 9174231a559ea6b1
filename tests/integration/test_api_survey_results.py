"""Ask over HTTP how satisfied citizens are, as the public and as the centre."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring_surveys
from chalicelib.api.routes import all_routes
from chalicelib.domain.people import Channel
from chalicelib.domain.survey_results import Cell, Tally
from chalicelib.services.survey_results import SurveyResults
from tests.builders import a_catalogue
from tests.fake_survey_results import FakeSurveyResults
from tests.fakes import NOW, FakeCatalogue
from tests.http import Centre

RESULTS = "/v1/surveys/results"
TODAY = date(2026, 11, 24)
THREE_RATES = ("contested", "confirmed_false", "audited_false")


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def results(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> FakeSurveyResults:
    """Put results over fakes behind the application."""
    kept = FakeSurveyResults()
    service = SurveyResults(results=kept, catalogue=FakeCatalogue(a_catalogue()), clock=centre.clock)
    monkeypatch.setattr(wiring_surveys, "survey_results", partial(_given, service))
    return kept


def a_cell(secretariat: str = "DMLU", service: str = "dumping", channel: Channel = Channel.WEB) -> Cell:
    return Cell(secretariat=secretariat, service=service, channel=channel)


def some(resolved: int, answered: int, overall: int = 5, **more: int) -> Tally:
    counts = {
        "resolved": resolved,
        "sent": resolved,
        "answered": answered,
        f"overall.{overall}": answered,
        "done.yes": answered,
        **more,
    }
    return Tally(counts={name: count for name, count in counts.items() if count})


def keep(results: FakeSurveyResults, cells: Mapping[Cell, Tally], day: date = TODAY) -> None:
    results.keep(day, cells, NOW)


def test_results_are_open_to_everybody() -> None:
    (route,) = (one for one in all_routes() if one.path == RESULTS)

    assert route.access.public


def test_the_whole_report_of_a_period(centre: Centre, results: FakeSurveyResults) -> None:
    counts = {
        "resolved": 20,
        "sent": 14,
        "unknown": 1,
        "not_sent.fatigue": 2,
        "not_sent.anonymous": 1,
        "pending": 2,
        "answered": 10,
        "overall.5": 6,
        "overall.4": 2,
        "overall.1": 2,
        "done.yes": 7,
        "done.partly": 2,
        "done.no": 1,
        "contested": 2,
        "judged.contested": 1,
        "false.contested": 1,
        "judged.audited": 2,
    }
    keep(results, {a_cell(): Tally(counts=counts)})

    answer = centre.get(RESULTS)

    assert answer.status == 200
    assert answer.json == {
        "since": "2026-10-01",
        "until": "2026-11-30",
        "total": {
            "secretariat": None,
            "service": None,
            "channel": None,
            "month": None,
            "hidden": False,
            "surveys": {
                "resolved": 20,
                "sent": 14,
                "unknown": 1,
                "not_sent": {"anonymous": 1, "fatigue": 2},
                "pending": 2,
                "adds_up": True,
            },
            "false_resolutions": {
                "contested": a_share(2, 20, 0.1, 0.0279, 0.301),
                "confirmed_false": a_share(1, 1, 1.0, 0.2065, 1.0),
                "audited_false": a_share(0, 2, 0.0, 0.0, 0.6576),
            },
            "answers": {
                "answered": 10,
                "response_rate": 0.7143,
                "distribution": {"1": 2, "2": 0, "3": 0, "4": 2, "5": 6},
                "mean": 4.0,
                "satisfied": a_share(8, 10, 0.8, 0.4902, 0.9433),
                "done": {
                    "yes": a_share(7, 10, 0.7, 0.3968, 0.8922),
                    "partly": a_share(2, 10, 0.2, 0.0567, 0.5098),
                    "no": a_share(1, 10, 0.1, 0.0179, 0.4042),
                },
            },
        },
        "groups": [],
    }


def a_share(count: int, of: int, share: float, low: float, high: float) -> dict[str, Any]:
    return {"count": count, "of": of, "share": share, "low": low, "high": high}


def test_results_are_divided_by_whatever_is_asked_for(centre: Centre, results: FakeSurveyResults) -> None:
    october = TODAY.replace(month=10)
    keep(results, {a_cell(): some(10, 6), a_cell("SMGOV", "noise", Channel.PHONE): some(20, 8, 1)})
    keep(results, {a_cell(): some(30, 7)}, october)

    groups = centre.get(f"{RESULTS}?since=2026-10-01&group_by=month,secretariat").json["groups"]

    assert [
        (one["secretariat"]["code"], one["month"], one["service"], one["answers"]["answered"])
        for one in groups
    ] == [("DMLU", "2026-10", None, 7), ("DMLU", "2026-11", None, 6), ("SMGOV", "2026-11", None, 8)]


def test_groups_bear_names_in_the_readers_language(centre: Centre, results: FakeSurveyResults) -> None:
    keep(results, {a_cell(): some(10, 6)})

    (group,) = centre.get(f"{RESULTS}?group_by=service,channel", accept_language="en").json["groups"]

    assert (group["service"], group["channel"]) == ({"code": "dumping", "name": "Dumping"}, "web")


def test_filters_choose_what_counts(centre: Centre, results: FakeSurveyResults) -> None:
    cells = [a_cell(channel=channel) for channel in (Channel.WEB, Channel.APP, Channel.SMS)]
    keep(results, dict(zip(cells, (some(10, 6), some(20, 7), some(40, 8)), strict=True)))

    total = centre.get(f"{RESULTS}?channel=web,app&secretariat=DMLU").json["total"]

    assert total["surveys"]["resolved"] == 30


def test_the_public_sees_neither_small_groups_nor_what_would_give_them_away(
    centre: Centre, results: FakeSurveyResults
) -> None:
    cells = (a_cell(), a_cell("SMGOV", "noise"), a_cell("DMAE", "leak"))
    keep(results, dict(zip(cells, (some(40, 30), some(9, 8), some(30, 3)), strict=True)))

    answer = centre.get(f"{RESULTS}?group_by=secretariat").json

    shown = {
        one["secretariat"]["code"]: one["answers"] and one["answers"]["answered"] for one in answer["groups"]
    }
    assert shown == {"DMAE": None, "DMLU": 30, "SMGOV": None}
    assert [one["hidden"] for one in answer["groups"]] == [True, False, True]
    assert [one["surveys"]["resolved"] for one in answer["groups"]] == [30, 40, 9]
    assert answer["total"]["answers"]["answered"] == 41


def test_below_five_resolutions_the_public_sees_no_counts_and_no_rates(
    centre: Centre, results: FakeSurveyResults
) -> None:
    keep(results, {a_cell(): some(4, 4)})

    total = centre.get(RESULTS).json["total"]

    assert (total["hidden"], total["surveys"], total["false_resolutions"], total["answers"]) == (
        True,
        None,
        None,
        None,
    )


@pytest.mark.parametrize("asked", ["secretariat=SMGOV", "secretariat=DMAE,DMLU", "secretariat=DMLU,SMGOV"])
def test_a_filter_shows_the_public_nothing_that_was_hidden(
    centre: Centre, results: FakeSurveyResults, asked: str
) -> None:
    cells = (a_cell(), a_cell("SMGOV", "noise"), a_cell("DMAE", "leak"))
    keep(results, dict(zip(cells, (some(40, 30), some(9, 8), some(30, 3)), strict=True)))

    assert centre.get(f"{RESULTS}?{asked}").json["total"]["answers"] is None


@pytest.mark.parametrize("key", ["attendant", "reviewer", "direction", "ombudsman", "operator"])
def test_the_people_of_the_centre_see_all_groups(
    centre: Centre, results: FakeSurveyResults, key: str
) -> None:
    keep(results, {a_cell(): some(3, 1), a_cell("SMGOV", "noise"): some(1, 0)})

    answer = centre.get(f"{RESULTS}?group_by=secretariat", key=key).json

    assert [one["surveys"]["resolved"] for one in answer["groups"]] == [3, 1]
    assert [one["answers"]["mean"] for one in answer["groups"]] == [5.0, None]
    assert not any(one["hidden"] for one in (answer["total"], *answer["groups"]))


@pytest.mark.parametrize("key", ["web", "DMLU"])
def test_channels_and_secretariats_see_what_the_public_sees(
    centre: Centre, results: FakeSurveyResults, key: str
) -> None:
    keep(results, {a_cell(): some(4, 4)})

    assert centre.get(RESULTS, key=key).json["total"]["hidden"]


def test_of_nothing_there_are_no_shares(centre: Centre, results: FakeSurveyResults) -> None:
    total = centre.get(RESULTS, key="direction").json["total"]

    assert total["surveys"]["adds_up"]
    assert [total["false_resolutions"][name] for name in THREE_RATES] == [
        {"count": 0, "of": 0, "share": None, "low": None, "high": None}
    ] * 3


def test_a_report_that_does_not_add_up_says_so(centre: Centre, results: FakeSurveyResults) -> None:
    keep(results, {a_cell(): some(9, 6, unknown=1)})

    assert centre.get(RESULTS).json["total"]["surveys"]["adds_up"] is False


def test_a_period_has_both_its_days_and_the_longest_is_a_year(
    centre: Centre, results: FakeSurveyResults
) -> None:
    since = TODAY - timedelta(days=365)
    for day in (since - timedelta(days=1), since, TODAY):
        keep(results, {a_cell(): some(10, 5)}, day)

    answer = centre.get(f"{RESULTS}?since={since}&until={TODAY}", key="direction").json

    assert answer["total"]["surveys"]["resolved"] == 20


def test_the_public_reads_whole_months_so_that_no_day_can_be_subtracted(
    centre: Centre, results: FakeSurveyResults
) -> None:
    for day in (date(2026, 10, 31), date(2026, 11, 1), TODAY, date(2026, 11, 30), date(2026, 12, 1)):
        keep(results, {a_cell(): some(10, 5)}, day)

    answer = centre.get(f"{RESULTS}?since={TODAY}&until={TODAY}").json

    assert (answer["since"], answer["until"]) == ("2026-11-01", "2026-11-30")
    assert answer["total"]["surveys"]["resolved"] == 30


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("since=yesterday", {"since": "not_a_date"}),
        ("since=2026-02-30", {"since": "not_a_date"}),
        ("since=20261101&until=x", {"since": "not_a_date", "until": "not_a_date"}),
        ("since=2026-11-02&until=2026-11-01", {"until": "before_its_beginning"}),
        ("since=2025-11-23&until=2026-11-24", {"until": "out_of_range"}),
        ("group_by=neighbourhood", {"group_by": "not_in_list"}),
        ("channel=pigeon", {"channel": "not_in_list"}),
        ("since=x&channel=pigeon", {"since": "not_a_date", "channel": "not_in_list"}),
    ],
)
def test_what_cannot_be_answered_is_refused_with_every_reason(
    centre: Centre, results: FakeSurveyResults, query: str, reasons: dict[str, str]
) -> None:
    answer = centre.get(f"{RESULTS}?{query}")

    assert (answer.status, answer.reasons()) == (400, reasons)


def test_more_groups_than_can_be_shown_are_refused(centre: Centre, results: FakeSurveyResults) -> None:
    keep(results, {a_cell(service=f"service-{number}"): some(9, 9) for number in range(1_001)})

    answer = centre.get(f"{RESULTS}?group_by=service")

    assert (answer.status, answer.reasons()) == (400, {"group_by": "too_many"})


def test_the_earliest_day_is_no_trouble(centre: Centre, results: FakeSurveyResults) -> None:
    answer = centre.get(f"{RESULTS}?until=0001-01-02")

    assert (answer.status, answer.json["since"]) == (200, "0001-01-01")
