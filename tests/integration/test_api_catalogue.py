"""Serve the catalogue over HTTP: services with their questions, topics, organs in force."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.domain.catalogue import ScreeningQuestion, Urgency
from tests.city import a_catalogue
from tests.fakes import FakeCatalogue
from tests.http import Centre
from tests.unit.broken_city import service


def test_services_are_listed_with_term_and_executor(centre: Centre) -> None:
    listed = {one["code"]: one for one in centre.get("/v1/services").json["items"]}
    assert listed["dumping"]["secretariat"]["code"] == "DMLU"
    assert listed["shelter"]["secretariat"]["code"] == "SMGOV"  # FASC is extinct; its successor executes
    assert "secretariat" not in listed["other"]


def test_a_service_tells_its_questions(centre: Centre) -> None:
    shown = centre.get("/v1/services/dumping").json
    material = next(one for one in shown["attributes"] if one["code"] == "material")
    assert material["required"] is True
    assert {choice["key"] for choice in material["choices"]} >= {"rubble", "asbestos"}


def test_a_service_asks_about_danger_and_says_whom_to_call_first(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = ScreeningQuestion(
        code="burning",
        names={"pt-BR": "Pega fogo?", "en": "Is it on fire?"},
        urgency=Urgency.EMERGENCY,
        numbers=("193", "118"),
    )
    catalogue = FakeCatalogue(service(screening=(question,))(a_catalogue()))
    monkeypatch.setattr(wiring, "catalogue", lambda: catalogue)

    (asked,) = centre.get("/v1/services/dumping").json["screening"]

    assert asked == {
        "code": "burning",
        "question": "Pega fogo?",
        "urgency": "emergency",
        "numbers": ["193", "118"],
        "call_first": "Ligue primeiro: 193 (Bombeiros), 118.",
    }


def test_an_unknown_service_is_not_found(centre: Centre) -> None:
    answer = centre.get("/v1/services/nothing")
    assert (answer.status, answer.json["what"]) == (404, "service")


def test_topics_are_listed_for_contacts(centre: Centre) -> None:
    assert [one["code"] for one in centre.get("/v1/topics").json["items"]] == ["iptu"]


def test_neighbourhoods_are_listed_with_their_regions(centre: Centre) -> None:
    first = centre.get("/v1/neighbourhoods").json["items"][0]
    assert first == {"code": "centro", "name": "Centro Histórico", "region": 1, "region_name": "Centro"}


def test_organs_in_force_are_listed_with_what_they_execute(centre: Centre) -> None:
    listed = {one["code"]: one for one in centre.get("/v1/secretariats").json["items"]}
    assert "FASC" not in listed
    assert set(listed["SMGOV"]["services"]) >= {"shelter", "noise", "other"}


def test_health_names_the_catalogue_that_is_read(centre: Centre) -> None:
    assert centre.get("/v1/health").json == {"status": "ok", "catalogue": "v1"}
