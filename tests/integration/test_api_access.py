"""Ask for a key where one is needed, and refuse those that are wrong, old or somebody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.api.routes import all_routes
from chalicelib.domain.access import Grant
from chalicelib.domain.errors import InvalidInput, Unauthenticated
from chalicelib.services.credentials import Credentials
from tests.http import SCOPES, Centre, an_intake

GUARDED = [route for route in all_routes() if not route.access.public]


def a_path(path: str) -> str:
    return (
        path.replace("{protocol}", "2600100000000")
        .replace("{code}", "DMLU")
        .replace("{command}", "accept")
        .replace("{message_id}", "1")
        .replace("{media_id}", "1")
        .replace("{name}", "request.opened.v1")
    )


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_a_guarded_route_asks_for_a_key(centre: Centre, route: object) -> None:
    path, method = a_path(route.path), route.method  # type: ignore[attr-defined]
    missing = centre.call(method, path, {} if method == "POST" else None)
    assert (missing.status, missing.headers["www-authenticate"]) == (401, "Bearer")
    wrong = centre.call(method, path, {} if method == "POST" else None, key="c156_000000000000_wrong")
    assert wrong.status == 401


@pytest.mark.parametrize("route", GUARDED, ids=lambda route: f"{route.method} {route.path}")
def test_a_guarded_route_refuses_keys_without_its_grants(centre: Centre, route: object) -> None:
    path, method, access = a_path(route.path), route.method, route.access  # type: ignore[attr-defined]
    for name, scopes in SCOPES.items():
        grants = {Grant(scope.partition(":")[0]) for scope in scopes}
        if not grants & access.grants:
            answer = centre.call(method, path, {} if method == "POST" else None, key=name)
            assert answer.status == 403, name


def test_an_expired_and_a_revoked_key_are_refused_and_say_so(centre: Centre) -> None:
    credentials = Credentials(keys=centre.keys, clock=centre.clock, randomness=centre.randomness)
    expires_at = centre.clock.now() + timedelta(days=1)
    _, token = credentials.issue("app", ["channel:app"], expires_at=expires_at)
    assert centre.post("/v1/requests", an_intake(), key=token).status == 201
    centre.clock.advance(days=1)
    assert centre.post("/v1/requests", an_intake(), key=token).json["reason"] == "expired"
    other, token = credentials.issue("app", ["channel:app"])
    credentials.revoke(other.key_id)
    assert centre.post("/v1/requests", an_intake(), key=token).json["reason"] == "revoked"


def test_a_rotated_key_and_its_successor_both_work_for_a_week(centre: Centre) -> None:
    credentials = Credentials(keys=centre.keys, clock=centre.clock, randomness=centre.randomness)
    old, old_token = credentials.issue("app", ["channel:app"])
    _, new_token = credentials.rotate(old.key_id)
    assert centre.post("/v1/requests", an_intake(), key=old_token).status == 201
    centre.clock.advance(days=7)
    assert centre.post("/v1/requests", an_intake(), key=old_token).status == 401
    assert centre.post("/v1/requests", an_intake(), key=new_token).status == 201


def test_only_the_digest_of_a_secret_is_kept(centre: Centre) -> None:
    secret = centre.tokens["web"].rpartition("_")[2]
    assert not any(secret in repr(key) for key in centre.keys.all())


@pytest.mark.parametrize("header", ["Basic dXNlcg==", "Bearer", "Bearer c156__", "c156_x_y"])
def test_a_malformed_authorization_is_refused(centre: Centre, header: str) -> None:
    assert centre.call("GET", "/v1/requests/2600100000000", authorization=header).status == 401


def test_a_key_that_ended_has_no_successor(centre: Centre) -> None:
    credentials = Credentials(keys=centre.keys, clock=centre.clock, randomness=centre.randomness)
    key, _ = credentials.issue("app", ["channel:app"])
    credentials.revoke(key.key_id)
    with pytest.raises(Unauthenticated):
        credentials.rotate(key.key_id)


def test_a_key_needs_an_owner_and_real_scopes(centre: Centre) -> None:
    credentials = Credentials(keys=centre.keys, clock=centre.clock, randomness=centre.randomness)
    with pytest.raises(InvalidInput) as refused:
        credentials.issue(" ", ["channel:fax"])
    assert {fault.path for fault in refused.value.faults} == {"owner", "scopes"}
