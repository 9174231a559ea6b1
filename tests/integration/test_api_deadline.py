"""Explain a due date over HTTP: to anybody, but for confidential requests."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.holidays import DayRule, Level
from chalicelib.services.reading import Reading
from tests.builders import a_catalogue
from tests.fakes import FakeAttempts, FakeCatalogue, an_identity
from tests.http import Centre, an_intake


def put_in_force(centre: Centre, patch: pytest.MonkeyPatch, calendar: CalendarRules) -> None:
    """Publish the small city with another calendar."""
    catalogue = FakeCatalogue(a_catalogue(calendar=calendar))
    reading = Reading(
        requests=centre.requests,
        index=centre.requests,
        contacts=centre.contacts,
        catalogue=catalogue,
        identity=an_identity(),
        attempts=FakeAttempts(clock=centre.clock),
        clock=centre.clock,
    )
    patch.setattr(wiring, "reading", partial(_given, reading))


def _given(service: Any) -> Any:
    return service


def test_anybody_may_ask_why_a_request_is_due_when_it_is(centre: Centre) -> None:
    protocol = centre.opened()

    answer = centre.get(f"/v1/requests/{protocol}/deadline")

    assert answer.status == 200
    counted = answer.json["resolution"]
    assert counted["due_at"] == centre.get(f"/v1/requests/{protocol}").json["due_at"]
    assert (counted["term"]["amount"], counted["term"]["unit"]) == (5, "working_days")
    assert counted["days"][0]["kind_name"] == "abertura"
    assert sum(day["counted"] for day in counted["days"]) == 5
    assert "recounted_due_at" not in counted
    assert "rework" not in answer.json


def test_a_holiday_is_named_with_its_law_in_the_language_asked_for(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = centre.opened()
    days = centre.get(f"/v1/requests/{protocol}/deadline").json["resolution"]["days"]
    third = date.fromisoformat(next(day["day"] for day in days if day["count"] == 3))
    feast = DayRule(
        code="festa",
        names={"pt-BR": "Festa", "en": "Feast"},
        law="Lei 1",
        level=Level.MUNICIPAL,
        day=f"{third:%m-%d}",
    )
    put_in_force(centre, monkeypatch, CalendarRules(holidays=(feast,)))

    counted = centre.get(f"/v1/requests/{protocol}/deadline", accept_language="en").json["resolution"]

    assert {
        "day": third.isoformat(),
        "kind": "holiday",
        "kind_name": "holiday",
        "counted": False,
        "count": 2,
        "name": "Feast",
        "law": "Lei 1",
    } in counted["days"]
    assert counted["recounted_due_at"] > counted["due_at"]


def test_a_confidential_request_is_explained_only_to_who_may_see_more(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake(service="noise", attributes={})).json
    path = f"/v1/requests/{opened['protocol']}/deadline"

    assert centre.get(path).status == 403
    assert centre.get(path, key="DMLU").status == 403
    assert centre.get(path, x_access_code=opened["access_code"]).status == 200
    assert centre.get(path, key="attendant").status == 200


def test_a_reopened_request_explains_its_rework_too(centre: Centre) -> None:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    resolve = {"answer": "Recolhido", "team_record": _team(centre)}
    assert centre.order(protocol, "resolve", resolve, key="DMLU").status == 200
    centre.clock.advance(hours=30)
    assert centre.order(protocol, "reopen", {"reason": "Não foi feito"}, key="reviewer").status == 200

    explained = centre.get(f"/v1/requests/{protocol}/deadline").json

    shown = centre.get(f"/v1/requests/{protocol}").json
    assert explained["rework"]["due_at"] == shown["rework_due_at"]
    assert "recounted_due_at" not in explained["rework"]
    assert explained["rework"]["term"]["amount"] == 1
    assert explained["resolution"]["due_at"] == shown["due_at"]


def test_an_unknown_protocol_has_no_deadline(centre: Centre) -> None:
    assert centre.get("/v1/requests/123/deadline").json["type"].endswith("protocol-malformed")


def _team(centre: Centre) -> dict[str, Any]:
    now = centre.clock.now().isoformat()
    return {"team": "Equipe 4", "at": now, "lat": -30.0310, "lon": -51.2280}


def test_the_answer_holds_nothing_of_the_reporter(centre: Centre) -> None:
    protocol = centre.opened()

    answer = centre.get(f"/v1/requests/{protocol}/deadline")

    assert not any(word in answer.text for word in ("Maria", "Praia", "99123"))


def test_dates_survive_a_catalogue_that_no_longer_has_the_service(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = centre.opened()
    before = centre.get(f"/v1/requests/{protocol}/deadline").json
    catalogue = dataclasses.replace(a_catalogue(), services={})
    reading = dataclasses.replace(wiring.reading(), catalogue=FakeCatalogue(catalogue))
    monkeypatch.setattr(wiring, "reading", partial(_given, reading))

    assert centre.get(f"/v1/requests/{protocol}/deadline").json == before
