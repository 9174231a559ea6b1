"""Show requests: how much a stranger, the citizen, a secretariat and the centre see of them."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.protocols import Protocol, compose_protocol
from tests.fakes import an_identity
from tests.http import Centre, an_intake

MARKED = ("Maria da Silva", "99123", "Entulho na calçada", "Rua da Praia")


def test_a_stranger_sees_the_public_status_and_nothing_personal(centre: Centre) -> None:
    protocol = centre.opened()
    answer = centre.get(f"/v1/requests/{protocol}")
    assert answer.status == 200
    assert answer.json["status_name"] == "encaminhada à secretaria"
    assert answer.json["place"] == {"neighbourhood": "centro", "region": 1, "suggested": True}
    assert not any(marked in answer.text for marked in MARKED)
    assert "timeline" not in answer.json


def test_separators_in_a_dictated_protocol_do_not_count(centre: Centre) -> None:
    protocol = centre.opened()
    written = f"{protocol[:2]}.{protocol[2:5]}.{protocol[5:12]}-{protocol[12]}"
    assert centre.get(f"/v1/requests/{written}").json["protocol"] == protocol


def test_the_access_code_shows_the_citizen_his_own_words(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake()).json
    path = f"/v1/requests/{opened['protocol']}"
    answer = centre.get(path, x_access_code=opened["access_code"]).json
    assert answer["view"] == "citizen"
    assert answer["description"] == "Entulho na calçada há três dias"
    assert answer["place"]["address"] == "Rua da Praia, 156"
    assert "reporter" not in answer


def test_a_wrong_access_code_is_refused_and_the_eleventh_is_not_even_checked(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake()).json
    path, code = f"/v1/requests/{opened['protocol']}", opened["access_code"]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert {centre.get(path, x_access_code=wrong).status for _ in range(10)} == {403}
    locked = centre.get(path, x_access_code=code)
    assert locked.status == 429
    assert int(locked.headers["retry-after"]) > 0
    centre.clock.advance(hours=1, seconds=1)
    assert centre.get(path, x_access_code=code).status == 200


def test_a_wrong_check_digit_is_told_apart_from_an_unknown_protocol(centre: Centre) -> None:
    protocol = centre.opened()
    mistyped = protocol[:-1] + str((int(protocol[-1]) + 1) % 10)
    assert centre.get(f"/v1/requests/{mistyped}").json["type"].endswith("protocol-check-digit-wrong")
    unknown = centre.get(f"/v1/requests/{compose_protocol(date(2026, 1, 1), 1)}")
    assert (unknown.status, unknown.json["type"]) == (404, "urn:central156:problem:not-found")
    assert centre.get("/v1/requests/123").json["type"].endswith("protocol-malformed")


def test_the_secretariat_sees_the_reporter_and_internal_comments(centre: Centre) -> None:
    protocol = centre.opened()
    centre.order(protocol, "comment", {"comment": "Equipe sem caminhão hoje"}, key="DMLU")
    seen = centre.get(f"/v1/requests/{protocol}", key="DMLU").json
    assert seen["reporter"] == {"name": "Maria da Silva", "phone": "+5551991234567"}
    assert seen["timeline"][1]["texts"] == {"comment": "Equipe sem caminhão hoje"}
    assert seen["version"] == 2


def test_the_citizen_does_not_see_internal_comments(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake()).json
    protocol = opened["protocol"]
    centre.order(protocol, "comment", {"comment": "interno"}, key="DMLU")
    centre.order(protocol, "comment", {"comment": "Vamos amanhã", "public": True}, key="DMLU")
    seen = centre.get(f"/v1/requests/{protocol}", x_access_code=opened["access_code"])
    assert "Vamos amanhã" in seen.text
    assert "interno" not in seen.text


def test_another_secretariat_sees_only_the_public_status(centre: Centre) -> None:
    protocol = centre.opened()
    assert centre.get(f"/v1/requests/{protocol}", key="SMGOV").json["view"] == "public"


def test_a_confidential_request_shows_its_reporter_to_the_centre_alone(centre: Centre) -> None:
    protocol = centre.opened(service="noise", attributes={})
    assert "Maria" not in centre.get(f"/v1/requests/{protocol}", key="DMLU").text
    assert "place" not in centre.get(f"/v1/requests/{protocol}").json
    assert (
        centre.get(f"/v1/requests/{protocol}", key="attendant").json["reporter"]["name"] == "Maria da Silva"
    )


def test_erased_texts_say_that_they_were_erased(centre: Centre) -> None:
    protocol = centre.opened()
    answer = centre.order(protocol, "erase", {"legal_basis": "LGPD art. 18 VI"}, key="ombudsman")
    assert answer.status == 200, answer.text
    seen = centre.get(f"/v1/requests/{protocol}", key="attendant")
    assert seen.json["description"] == "[apagado]"
    assert not any(marked in seen.text for marked in MARKED)


def test_nearby_lists_open_requests_of_the_same_service_by_distance(centre: Centre) -> None:
    near = centre.opened(place={"lat": -30.0315, "lon": -51.2280})
    here = centre.opened()
    centre.opened(place={"lat": -30.0400, "lon": -51.2280})
    answer = centre.get("/v1/requests/nearby?service=dumping&lat=-30.0310&lon=-51.2280", key="web")
    assert [one["protocol"] for one in answer.json["items"]] == [here, near]
    assert [one["distance_m"] for one in answer.json["items"]] == [0, 56]


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("service=dumping&lon=1", {"lat": "required"}),
        ("lat=-30&lon=-51", {"service": "unknown_service"}),
        ("lat=nan&lon=east", {"lat": "out_of_range", "lon": "wrong_type", "service": "unknown_service"}),
        ("lat=1e999&lon=181&service=dumping", {"lat": "out_of_range", "lon": "out_of_range"}),
    ],
)
def test_nearby_names_every_wrong_parameter_at_once(
    centre: Centre, query: str, reasons: dict[str, str]
) -> None:
    assert centre.get(f"/v1/requests/nearby?{query}", key="web").reasons() == reasons


def test_a_person_is_found_across_channels(centre: Centre) -> None:
    by_phone = centre.opened(reporter={"name": "Maria", "phone": "(51) 9123-4567"})
    again = centre.opened(reporter={"phone": "+55 51 99123-4567"})
    found = centre.post("/v1/people/requests", {"phone": "51 99123 4567"}, key="attendant").json["items"]
    assert {one["protocol"] for one in found} == {by_phone, again}


def test_access_codes_of_two_requests_differ() -> None:
    identity = an_identity()
    codes = {identity.access_code(Protocol(f"26328{number:08d}")) for number in range(50)}
    assert len(codes) == 50
