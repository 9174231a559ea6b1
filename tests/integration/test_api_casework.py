"""Carry out orders over HTTP: from acceptance to a resolution with evidence, and what is refused."""

from __future__ import annotations

import pytest

from chalicelib.domain.protocols import Protocol
from tests.fakes import an_identity
from tests.http import Centre, an_intake


def an_uploaded_photo(centre: Centre) -> str:
    body = {"content_type": "image/jpeg", "size_bytes": 120_000}
    media_id = str(centre.post("/v1/uploads", body, key="DMLU").json["media_id"])
    centre.media.uploaded.add(media_id)
    return media_id


def test_a_request_is_accepted_scheduled_and_resolved_with_a_photo(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake()).json
    protocol = opened["protocol"]
    assert centre.order(protocol, "accept", key="DMLU").json["status"] == "in_progress"
    visit = {"visit_at": "2026-11-26T12:00:00Z", "note": "Equipe pela manhã"}
    assert centre.order(protocol, "schedule", visit, key="DMLU").json["status"] == "scheduled"
    answer = {"answer": "Entulho recolhido", "photos": [an_uploaded_photo(centre)]}
    resolved = centre.order(protocol, "resolve", answer, key="DMLU")
    assert (resolved.status, resolved.json["status"]) == (200, "resolved")
    public = centre.get(f"/v1/requests/{protocol}").json
    assert (public["status_name"], public["open"]) == ("resolvida", False)
    mine = centre.get(f"/v1/requests/{protocol}", x_access_code=opened["access_code"]).json
    assert mine["resolution"]["answer"] == "Entulho recolhido"


def test_two_clerks_on_one_version_one_wins_and_the_other_gets_the_fresh_one(centre: Centre) -> None:
    protocol = centre.opened()
    seen = '"1"'
    assert centre.order(protocol, "accept", key="DMLU", if_match=seen).status == 200
    late = centre.order(protocol, "return", {"reason": "Não é aqui"}, key="DMLU", if_match=seen)
    assert (late.status, late.json["version"]) == (409, 2)
    assert late.json["current"]["status"] == "in_progress"


def test_a_repeated_order_is_carried_out_once(centre: Centre) -> None:
    protocol = centre.opened()
    first = centre.order(protocol, "accept", key="DMLU", idempotency_key="one", if_match='"1"')
    again = centre.order(protocol, "accept", key="DMLU", idempotency_key="one", if_match='"1"')
    assert (first.status, again.status) == (200, 200)
    assert again.headers["etag"] == '"2"'


def test_an_order_must_say_which_version_it_means(centre: Centre) -> None:
    protocol = centre.opened()
    assert centre.post(f"/v1/requests/{protocol}/accept", {}, key="DMLU").status == 428
    for tag in ("latest", "*", '"1", "2"', '"-1"', "9" * 5_000, "\u0661"):
        answer = centre.order(protocol, "accept", key="DMLU", if_match=tag)
        assert answer.reasons() == {"If-Match": "malformed"}


@pytest.mark.parametrize(
    ("command", "body", "reasons"),
    [
        ("return", {}, {"reason": "required"}),
        ("return", {"reason": " "}, {"reason": "required"}),
        ("return", {"reason": "x", "proposed": "NADA"}, {"proposed": "unknown_secretariat"}),
        (
            "return",
            {"reason": " ", "proposed": "NADA"},
            {"reason": "required", "proposed": "unknown_secretariat"},
        ),
        (
            "comment",
            {"comment": "x" * 2_001, "private": 1},
            {"private": "unknown_field", "comment": "too_long"},
        ),
        ("forward", {"unit": "nenhuma"}, {"unit": "unknown_unit"}),
        ("external-number", {"number": ""}, {"number": "required"}),
    ],
)
def test_a_wrong_order_names_its_fields(
    centre: Centre, command: str, body: dict[str, object], reasons: dict[str, str]
) -> None:
    protocol = centre.opened()
    answer = centre.order(protocol, command, body, key="DMLU")
    assert answer.status == 400, answer.text
    assert answer.reasons() == reasons
    assert centre.requests.items[protocol]["version"] == 1


def test_a_resolution_without_evidence_is_refused(centre: Centre) -> None:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    answer = centre.order(protocol, "resolve", {"answer": "Feito"}, key="DMLU")
    assert (answer.status, answer.json["rule"]) == (422, "photo_or_team_record")


def test_evidence_that_was_never_uploaded_is_refused(centre: Centre) -> None:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    body = {"content_type": "image/jpeg", "size_bytes": 120_000}
    allowed = centre.post("/v1/uploads", body, key="DMLU").json["media_id"]
    order = {"answer": "Feito", "photos": [allowed, "inventada.jpg.0123456789abcdef"]}
    assert centre.order(protocol, "resolve", order, key="DMLU").reasons() == {"photos.1": "unknown_media"}
    order["photos"] = [allowed]
    assert centre.order(protocol, "resolve", order, key="DMLU").reasons() == {"photos.0": "not_uploaded"}


def test_a_photo_is_fetched_by_those_who_see_the_request_and_by_nobody_else(centre: Centre) -> None:
    photo = an_uploaded_photo(centre)
    protocol = centre.opened(photos=[photo])
    path = f"/v1/requests/{protocol}/photos/{photo}"
    fetched = centre.get(path, key="DMLU")
    assert (fetched.status, fetched.headers["location"]) == (303, f"https://media.example/{photo}")
    assert centre.get(path, key="SMGOV").status == 403
    assert centre.get(path).status == 403
    code = an_identity().access_code(Protocol(protocol))
    assert centre.get(path, x_access_code=code).status == 303
    assert centre.get(f"{path}0", key="DMLU").status == 404


def test_a_secretariat_changes_only_its_own(centre: Centre) -> None:
    protocol = centre.opened()
    assert centre.order(protocol, "accept", key="SMGOV").status == 403
    assert centre.order(protocol, "accept", key="attendant").status == 403


def test_a_status_that_does_not_allow_the_order_says_so(centre: Centre) -> None:
    protocol = centre.opened()
    answer = centre.order(protocol, "resolve", {"answer": "Feito"}, key="DMLU")
    assert answer.status == 409
    assert answer.json["request_status"] == "queued"


def test_an_attendant_classifies_and_the_date_counts_from_the_opening(centre: Centre) -> None:
    protocol = centre.opened()
    before = centre.get(f"/v1/requests/{protocol}").json
    centre.clock.advance(days=2)
    order = {"reason": "É barulho", "service": "noise"}
    after = centre.order(protocol, "classify", order, key="attendant").json
    assert after["service"]["code"] == "noise"
    assert after["opened_at"] == before["opened_at"]


def test_the_reporter_of_a_duplicate_follows_the_request_it_joins(centre: Centre) -> None:
    first, second = centre.opened(reporter=None), centre.opened()
    merged = centre.order(second, "merge", {"into": first}, key="attendant")
    assert (merged.status, merged.json["duplicate_of"]) == (200, first)
    assert centre.get(f"/v1/requests/{first}", key="attendant").json["followers"] == 1


def test_a_merge_into_a_later_request_or_one_that_is_over_is_refused(centre: Centre) -> None:
    first = centre.opened()
    centre.clock.advance(minutes=1)
    second = centre.opened()
    later = centre.order(first, "merge", {"into": second}, key="attendant")
    assert later.reasons() == {"into": "is_later"}
    centre.order(first, "cancel", {"reason": "Já não precisa", "identity_check": "CPF"}, key="attendant")
    over = centre.order(second, "merge", {"into": first}, key="attendant")
    assert over.reasons() == {"into": "is_closed"}
    assert centre.get(f"/v1/requests/{first}", key="attendant").json["followers"] == 0


@pytest.mark.parametrize(
    ("into", "reason"),
    [("123", "not_a_protocol"), ("2632800000001", "wrong_check_digit")],
)
def test_a_merge_into_nothing_is_refused(centre: Centre, into: str, reason: str) -> None:
    protocol = centre.opened()
    answer = centre.order(protocol, "merge", {"into": into}, key="attendant")
    assert answer.status == 400
    assert answer.reasons()["into"] in (reason, "unknown_protocol")


def test_an_unknown_command_is_not_found(centre: Centre) -> None:
    protocol = centre.opened()
    assert centre.order(protocol, "explode", key="DMLU").status == 404
    assert centre.order(protocol, "escalate", key="DMLU").status == 404


def test_work_is_listed_by_due_date_with_filters_and_cursor(centre: Centre) -> None:
    protocols = [centre.opened() for _ in range(3)]
    centre.order(protocols[1], "accept", key="DMLU")
    centre.order(protocols[1], "external-number", {"number": "23.0.000084813-1"}, key="DMLU")
    first = centre.get("/v1/secretariats/DMLU/requests?limit=2", key="DMLU").json
    rest = centre.get(f"/v1/secretariats/DMLU/requests?limit=2&cursor={first['next']}", key="DMLU").json
    assert {one["protocol"] for one in first["items"] + rest["items"]} == set(protocols)
    accepted = centre.get("/v1/secretariats/DMLU/requests?status=in_progress", key="DMLU").json
    assert [one["protocol"] for one in accepted["items"]] == [protocols[1]]
    found = centre.get("/v1/secretariats/DMLU/requests?external_number=23.0.000084813-1", key="DMLU").json
    assert [one["protocol"] for one in found["items"]] == [protocols[1]]


def test_work_of_another_secretariat_is_not_listed(centre: Centre) -> None:
    assert centre.get("/v1/secretariats/DMLU/requests", key="SMGOV").status == 403
    assert centre.get("/v1/secretariats/NADA/requests", key="attendant").status == 404


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("limit=0", {"limit": "out_of_range"}),
        ("limit=ten", {"limit": "wrong_type"}),
        ("limit=" + "9" * 5_000, {"limit": "wrong_type"}),
        ("status=lost", {"status": "not_in_list"}),
        (
            "status=lost&urgency=x&limit=0",
            {"status": "not_in_list", "urgency": "not_in_list", "limit": "out_of_range"},
        ),
    ],
)
def test_every_wrong_filter_is_named(centre: Centre, query: str, reasons: dict[str, str]) -> None:
    answer = centre.get(f"/v1/secretariats/DMLU/requests?{query}", key="DMLU")
    assert (answer.status, answer.reasons()) == (400, reasons)
