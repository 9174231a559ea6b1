"""Record contacts, follow requests and allow uploads over HTTP."""

from __future__ import annotations

import pytest

from tests.http import Centre


def test_a_contact_that_opens_no_request_is_recorded_once(centre: Centre) -> None:
    body = {"channel": "phone", "topic": "iptu", "duration_seconds": 95, "reporter": {"phone": "51991234567"}}
    first = centre.post("/v1/contacts", body, key="attendant", idempotency_key="call-1")
    again = centre.post("/v1/contacts", body, key="attendant", idempotency_key="call-1")
    assert (first.status, again.status) == (201, 201)
    assert first.json["contact_id"] == again.json["contact_id"]
    assert first.json["secretariat"] == "DMLU"


def test_the_key_of_a_contact_cannot_serve_for_another_one(centre: Centre) -> None:
    body = {"channel": "phone", "topic": "iptu"}
    centre.post("/v1/contacts", body, key="attendant", idempotency_key="call-1")
    other = centre.post("/v1/contacts", body | {"note": "x"}, key="attendant", idempotency_key="call-1")
    assert other.status == 422


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"topic": None}, {"topic": "required"}),
        ({"topic": "nothing"}, {"topic": "unknown_topic"}),
        ({"channel": "web"}, {"channel": "channel_not_yours"}),
        ({"channel": "pigeon"}, {"channel": "not_in_list"}),
        ({"duration_seconds": -1}, {"duration_seconds": "out_of_range"}),
        ({"started_at": "2027-01-01T00:00:00Z"}, {"started_at": "in_the_future"}),
        ({"reporter": {"cpf": "1"}}, {"reporter.cpf": "invalid_cpf"}),
    ],
)
def test_a_wrong_contact_names_its_fields(
    centre: Centre, change: dict[str, object], reasons: dict[str, str]
) -> None:
    body = {"channel": "phone", "topic": "iptu"} | change
    answer = centre.post("/v1/contacts", body, key="attendant")
    assert answer.status == 400
    assert answer.reasons().items() >= reasons.items()


def test_a_thousand_followers_touch_the_request_not_even_once(centre: Centre) -> None:
    protocol = centre.opened()
    statuses = {
        centre.post(f"/v1/requests/{protocol}/followers", {"reporter": {"phone": f"5199{n:07d}"}}).status
        for n in range(1_000)
    }
    assert statuses == {201}
    assert centre.requests.items[protocol]["version"] == 1
    assert centre.get(f"/v1/requests/{protocol}", key="DMLU").json["followers"] == 1_000


def test_following_twice_is_following_once(centre: Centre) -> None:
    protocol = centre.opened()
    me = {"reporter": {"phone": "(51) 98888-7777"}}
    assert centre.post(f"/v1/requests/{protocol}/followers", me).json["already"] is False
    again = centre.post(f"/v1/requests/{protocol}/followers", me)
    assert (again.status, again.json["already"]) == (200, True)


def test_a_closed_request_cannot_be_followed(centre: Centre) -> None:
    protocol = centre.opened()
    centre.order(protocol, "cancel", {"reason": "Já recolheram", "identity_check": "CPF"}, key="attendant")
    assert centre.post(f"/v1/requests/{protocol}/followers", {}).status == 409


def test_an_upload_is_bound_to_its_type_and_size(centre: Centre) -> None:
    answer = centre.post("/v1/uploads", {"content_type": "image/jpeg", "size_bytes": 5_000})
    assert answer.status == 201
    assert answer.json["fields"]["Content-Type"] == "image/jpeg"
    assert answer.json["most_bytes"] == 5_000


def test_an_upload_of_another_type_or_size_is_refused(centre: Centre) -> None:
    answer = centre.post("/v1/uploads", {"content_type": "text/html", "size_bytes": 50_000_000})
    assert answer.reasons() == {"content_type": "not_in_list", "size_bytes": "out_of_range"}


def test_an_allowed_photo_can_be_quoted_in_an_intake(centre: Centre) -> None:
    media_id = centre.post("/v1/uploads", {"content_type": "image/png", "size_bytes": 9}).json["media_id"]
    protocol = centre.opened(photos=[media_id])
    assert centre.get(f"/v1/requests/{protocol}", key="DMLU").json["photos"] == [media_id]


def test_a_contact_names_a_mistyped_protocol_beside_its_other_faults(centre: Centre) -> None:
    body = {"channel": "web", "protocol": "123", "reporter": {"name": "x" * 121}}
    answer = centre.post("/v1/contacts", body, key="attendant")
    assert answer.reasons() == {
        "protocol": "not_a_protocol",
        "channel": "channel_not_yours",
        "reporter.name": "too_long",
    }
