"""Open requests over HTTP: what the citizen leaves with, what is refused, what a repeat answers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.http import Centre, an_intake


def test_an_intake_answers_protocol_code_secretariat_and_due_date(centre: Centre) -> None:
    answer = centre.post("/v1/requests", an_intake())
    assert answer.status == 201
    opened = answer.json
    assert len(opened["protocol"]) == 13
    assert len(opened["access_code"]) == 6
    assert opened["secretariat"]["code"] == "DMLU"
    assert opened["status"] == "queued"
    assert opened["due_at"] > opened["opened_at"]
    assert answer.headers["location"].endswith(opened["protocol"])


def test_an_intake_is_one_write_and_no_read(centre: Centre) -> None:
    centre.post("/v1/requests", an_intake())
    assert (centre.requests.writes, centre.requests.reads) == (1, 0)


def test_a_repeated_intake_answers_the_first_result(centre: Centre) -> None:
    first = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    centre.clock.advance(minutes=5)
    second = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    assert second.status == 201
    assert second.json == first.json
    assert second.headers["idempotent-replay"] == "true"
    assert centre.requests.writes == 1


def test_a_repeat_after_midnight_still_answers_the_first_result(centre: Centre) -> None:
    centre.clock.time = centre.clock.time.replace(hour=2, minute=55)  # 23:55 in Porto Alegre
    first = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    centre.clock.advance(minutes=20)
    assert centre.post("/v1/requests", an_intake(), idempotency_key="same").json == first.json
    assert centre.requests.writes == 1


def test_a_repeat_is_answered_as_opened_even_when_the_request_went_on(centre: Centre) -> None:
    first = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    centre.order(first.json["protocol"], "accept", key="DMLU")
    assert centre.post("/v1/requests", an_intake(), idempotency_key="same").json == first.json


def test_the_same_key_with_another_body_is_refused(centre: Centre) -> None:
    centre.post("/v1/requests", an_intake(), idempotency_key="same")
    answer = centre.post("/v1/requests", an_intake(description="Outra coisa"), idempotency_key="same")
    assert (answer.status, answer.json["type"]) == (422, "urn:central156:problem:idempotency-key-reused")


def test_the_same_key_of_another_owner_opens_another_request(centre: Centre) -> None:
    first = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    other = centre.post("/v1/requests", an_intake(channel="phone"), key="attendant", idempotency_key="same")
    assert other.status == 201
    assert other.json["protocol"] != first.json["protocol"]


def test_an_answer_lost_on_the_way_is_safe_to_repeat(centre: Centre) -> None:
    centre.requests.loses_answers = 1
    lost = centre.post("/v1/requests", an_intake(), idempotency_key="same")
    assert (lost.status, lost.headers["retry-after"]) == (503, "2")
    assert centre.post("/v1/requests", an_intake(), idempotency_key="same").status == 201
    assert centre.requests.writes == 1


def test_every_fault_is_named_at_once_and_nothing_is_written(centre: Centre) -> None:
    answer = centre.post(
        "/v1/requests",
        an_intake(
            service="dumping",
            description="x" * 4_001,
            attributes={"material": "gold", "colour": "red"},
            place={"lat": -23.55, "lon": -46.63, "neighbourhood": "Moema"},
            reporter={"name": "Maria", "cpf": "529.982.247-26", "phone": "99876-5432", "email": "maria@"},
            photos=["none.jpg.0000"],
            language="xx",
            channel="phone",
            urgency="emergency",
            priority=1,
        ),
    )
    assert answer.status == 400
    assert answer.reasons() == {
        "priority": "unknown_field",
        "reporter.cpf": "invalid_cpf",
        "reporter.phone": "area_code_missing",
        "reporter.email": "invalid_email",
        "description": "too_long",
        "language": "not_in_list",
        "attributes.colour": "unknown_attribute",
        "attributes.material": "not_in_list",
        "place.neighbourhood": "unknown_neighbourhood",
        "place": "outside_the_city",
        "photos.0": "unknown_media",
        "channel": "channel_not_yours",
        "urgency": "attendants_only",
    }
    assert centre.requests.writes == 0


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"service": None}, "service", "required"),
        ({"service": 7}, "service", "wrong_type"),
        ({"service": "nothing"}, "service", "unknown_service"),
        ({"attributes": {}}, "attributes.material", "required"),
        ({"attributes": "rubble"}, "attributes", "wrong_type"),
        ({"place": None}, "place", "required"),
        ({"place": {"lat": "south"}}, "place.lat", "wrong_type"),
        ({"place": {"lat": -30.03}}, "place.lon", "required"),
        ({"place": {"lat": 99, "lon": 0}}, "place", "not_a_position"),
        ({"place": {"street": "Rua"}}, "place.street", "unknown_field"),
        ({"kind": "wish"}, "kind", "not_in_list"),
        ({"reporter": "Maria"}, "reporter", "wrong_type"),
    ],
)
def test_a_wrong_field_is_named(centre: Centre, change: dict[str, Any], field: str, reason: str) -> None:
    answer = centre.post("/v1/requests", an_intake(**change))
    assert answer.status == 400
    assert answer.reasons()[field] == reason


def test_a_report_about_agents_is_sent_to_the_ombudsman(centre: Centre) -> None:
    answer = centre.post("/v1/requests", an_intake(kind="report"))
    assert (answer.status, answer.json["type"]) == (422, "urn:central156:problem:report-goes-to-ombudsman")
    assert "Ouvidoria" in answer.json["detail"]
    assert centre.requests.writes == 0


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"text"', b"\xff", b"null", b"[" * 60_000])
def test_a_body_that_is_not_an_object_is_refused(centre: Centre, raw: bytes) -> None:
    answer = centre.call("POST", "/v1/requests", raw=raw, key="web", idempotency_key="k")
    assert (answer.status, answer.json["type"]) == (400, "urn:central156:problem:malformed-body")


def test_another_content_type_is_refused(centre: Centre) -> None:
    answer = centre.post("/v1/requests", an_intake(), content_type="application/xml")
    assert answer.status == 415
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_over_the_limit_is_refused(centre: Centre) -> None:
    answer = centre.post("/v1/requests", an_intake(description="x" * 70_000))
    assert (answer.status, answer.json["most_bytes"]) == (413, 65_536)


def test_an_intake_without_idempotency_key_is_refused(centre: Centre) -> None:
    answer = centre.call("POST", "/v1/requests", an_intake(), key="web")
    assert answer.status == 400
    assert answer.reasons() == {"Idempotency-Key": "required"}


def test_an_anonymous_intake_keeps_no_person(centre: Centre) -> None:
    protocol = centre.opened(reporter=None)
    stored = centre.requests.items[protocol]
    assert "person_key" not in stored
    assert centre.get(f"/v1/requests/{protocol}", key="attendant").json.get("reporter", {}) == {}


def test_problems_speak_english_to_who_asks_for_it(centre: Centre) -> None:
    answer = centre.post("/v1/requests", an_intake(service="nothing"), accept_language="en-GB,en;q=0.9")
    assert answer.json["title"] == "Invalid input"
    assert answer.headers["content-language"] == "en"


def test_a_table_that_fails_is_answered_with_503_and_retry_after(centre: Centre) -> None:
    centre.requests.is_down = True
    answer = centre.post("/v1/requests", an_intake())
    assert answer.status == 503
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("answers", "reasons"),
    [
        ({"burning": "talvez"}, {"screening": "wrong_type"}),
        ({"burning": True}, {"screening.burning": "unknown_question"}),
    ],
)
def test_an_answer_about_danger_is_a_yes_or_a_no_to_what_was_asked(
    centre: Centre, answers: dict[str, object], reasons: dict[str, str]
) -> None:
    assert centre.post("/v1/requests", an_intake(screening=answers)).reasons() == reasons


def test_a_request_may_say_whose_result_it_contests(centre: Centre) -> None:
    first = centre.opened()

    answer = centre.post("/v1/requests", an_intake(contests=first))

    assert answer.status == 201
    assert centre.get(f"/v1/requests/{answer.json['protocol']}", key="DMLU").json["contests"] == first


@pytest.mark.parametrize(
    ("protocol", "reason"),
    [
        ("2632799999990", "wrong_check_digit"),
        ("a neighbour's", "not_a_protocol"),
        ("26.327.9999999-1", "unknown_protocol"),
    ],
)
def test_a_result_that_is_contested_must_be_known(centre: Centre, protocol: str, reason: str) -> None:
    answer = centre.post("/v1/requests", an_intake(contests=protocol))

    assert answer.status == 400
    assert [(one["field"], one["reason"]) for one in answer.json["errors"]] == [("contests", reason)]
    assert centre.requests.writes == 0


def test_a_place_just_outside_the_city_goes_to_triage(centre: Centre) -> None:
    border = centre.post("/v1/requests", an_intake(place={"lat": -30.0148, "lon": -51.2280}))
    assert (border.status, border.json["status"], border.json["provisional"]) == (201, "triage", True)
    beyond = centre.post("/v1/requests", an_intake(place={"lat": -30.0100, "lon": -51.2280}))
    assert beyond.reasons() == {"place": "outside_the_city"}


def test_an_attendant_may_raise_the_urgency_with_a_reason(centre: Centre) -> None:
    body = an_intake(channel="phone", urgency="urgent")
    refused = centre.post("/v1/requests", body, key="attendant")
    assert refused.reasons() == {"urgency_reason": "required"}
    body["urgency_reason"] = "Criança em risco"
    assert centre.post("/v1/requests", body, key="attendant").status == 201
