"""Citizens act over HTTP with the access code of their protocol; the protocol alone allows nothing."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.domain.protocols import Protocol
from tests.fakes import an_identity
from tests.http import Centre
from tests.integration.test_api_casework import an_uploaded_photo

IDENTITY = {"identity_check": "CPF e nome da mãe"}


def code_of(protocol: str) -> str:
    return an_identity().access_code(Protocol(protocol))


def act(centre: Centre, protocol: str, command: str, body: Any = None, **headers: Any) -> Any:
    headers.setdefault("x_access_code", code_of(protocol))
    path = f"/v1/citizen/requests/{protocol}/{command}"
    sent = {name: value for name, value in headers.items() if value is not None}
    return centre.post(path, body or {}, key=None, **sent)


def resolved(centre: Centre) -> str:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    answer = {"answer": "Entulho recolhido", "photos": [an_uploaded_photo(centre)]}
    assert centre.order(protocol, "resolve", answer, key="DMLU").status == 200
    return protocol


def asked(centre: Centre) -> str:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    assert centre.order(protocol, "ask", {"question": "Qual o número?"}, key="DMLU").status == 200
    return protocol


def test_a_citizen_confirms_with_his_code(centre: Centre) -> None:
    answer = act(centre, resolved(centre), "confirm", {"note": "Ficou bom"})

    assert (answer.status, answer.json["status"], answer.json["view"]) == (200, "closed", "citizen")


def test_a_citizen_contests_with_a_photo_and_the_secretariat_reads_why(centre: Centre) -> None:
    protocol = resolved(centre)
    photo = an_uploaded_photo(centre)

    answer = act(centre, protocol, "contest", {"reason": "Continua lá", "photos": [photo]})

    assert (answer.status, answer.json["status"]) == (200, "queued")
    assert "Continua lá" in centre.get(f"/v1/requests/{protocol}", key="DMLU").text


def test_a_citizen_answers_comments_and_cancels(centre: Centre) -> None:
    protocol = asked(centre)

    assert act(centre, protocol, "answer", {"answer": "É o 12"}).json["status"] == "in_progress"
    assert act(centre, protocol, "comment", {"comment": "Tem cachorro"}).status == 200
    assert act(centre, protocol, "cancel", {"reason": "Já não precisa"}).json["status"] == "cancelled"
    seen = centre.get(f"/v1/requests/{protocol}", x_access_code=code_of(protocol)).json["timeline"]
    assert [one["texts"] for one in seen[-3:]] == [
        {"answer": "É o 12"},
        {"comment": "Tem cachorro"},
        {"reason": "Já não precisa"},
    ]


@pytest.mark.parametrize("command", ["confirm", "contest", "answer", "cancel", "revive", "comment"])
@pytest.mark.parametrize("proof", [None, "000000", "12345", "código"])
def test_without_the_right_code_nobody_acts_for_the_citizen(
    centre: Centre, command: str, proof: str | None
) -> None:
    protocol = resolved(centre)
    before = dict(centre.requests.items[protocol])
    texts = {
        "confirm": {},
        "contest": {"reason": "x"},
        "cancel": {"reason": "x"},
        "comment": {"comment": "x"},
    }

    answer = act(centre, protocol, command, texts.get(command, {"answer": "x"}), x_access_code=proof)

    assert answer.status == 403
    assert centre.requests.items[protocol] == before


def test_the_code_of_another_request_proves_nothing(centre: Centre) -> None:
    protocol = resolved(centre)

    assert act(centre, protocol, "confirm", x_access_code=code_of(centre.opened())).status == 403


def test_codes_cannot_be_tried_out(centre: Centre) -> None:
    protocol = resolved(centre)
    for _ in range(10):
        assert act(centre, protocol, "confirm", x_access_code="x").status == 403

    locked = act(centre, protocol, "confirm")

    assert locked.status == 429
    assert int(locked.headers["retry-after"]) > 0


def test_the_same_command_sent_twice_is_carried_out_once(centre: Centre) -> None:
    protocol = resolved(centre)
    body = {"reason": "Continua lá"}

    first = act(centre, protocol, "contest", body, idempotency_key="mine")
    again = act(centre, protocol, "contest", body, idempotency_key="mine")

    assert (first.status, again.status) == (200, 200)
    assert first.json["version"] == again.json["version"]
    other = act(centre, protocol, "contest", {"reason": "Outra"}, idempotency_key="mine")
    assert other.status == 422


def test_a_repeated_command_without_the_code_tells_nothing(centre: Centre) -> None:
    protocol = resolved(centre)
    act(centre, protocol, "contest", {"reason": "Continua lá"}, idempotency_key="mine")

    again = act(
        centre, protocol, "contest", {"reason": "Continua lá"}, idempotency_key="mine", x_access_code=None
    )

    assert again.status == 403


def test_after_ten_working_days_it_is_too_late(centre: Centre) -> None:
    protocol = resolved(centre)
    centre.clock.advance(days=16)

    answer = act(centre, protocol, "contest", {"reason": "Continua lá"})

    assert (answer.status, answer.json["type"]) == (409, "urn:central156:problem:contest-too-late")


def test_what_a_status_does_not_allow_says_so(centre: Centre) -> None:
    answer = act(centre, centre.opened(), "confirm")

    assert (answer.status, answer.json["request_status"]) == (409, "queued")


@pytest.mark.parametrize(
    ("command", "body", "reasons"),
    [
        ("contest", {}, {"reason": "required"}),
        ("contest", {"reason": " "}, {"reason": "required"}),
        ("contest", {"reason": "x", "photos": ["inventada"]}, {"photos.0": "unknown_media"}),
        ("comment", {"comment": "x" * 2_001}, {"comment": "too_long"}),
        ("comment", {"comment": "x", "public": False}, {"public": "unknown_field"}),
        ("cancel", {"reason": "x", "identity_check": "y"}, {"identity_check": "unknown_field"}),
    ],
)
def test_every_wrong_field_is_named(
    centre: Centre, command: str, body: dict[str, Any], reasons: dict[str, str]
) -> None:
    answer = act(centre, resolved(centre), command, body)

    assert (answer.status, answer.reasons()) == (400, reasons)


@pytest.mark.parametrize(
    ("command", "body"),
    [("confirm", {}), ("contest", {"reason": "Continua lá"})],
)
def test_an_attendant_acts_for_the_citizen_and_says_how_he_knew_him(
    centre: Centre, command: str, body: dict[str, Any]
) -> None:
    protocol = resolved(centre)

    refused = centre.order(protocol, command, body, key="attendant")
    done = centre.order(protocol, command, body | IDENTITY, key="attendant")

    assert refused.reasons() == {"identity_check": "required"}
    assert done.status == 200
    entry = centre.get(f"/v1/requests/{protocol}", key="attendant").json["timeline"][-1]
    assert entry["texts"]["identity_check"] == IDENTITY["identity_check"]
    assert (
        IDENTITY["identity_check"]
        not in centre.get(f"/v1/requests/{protocol}", x_access_code=code_of(protocol)).text
    )


@pytest.mark.parametrize("key", ["DMLU", "reviewer", "direction", "operator", "web"])
def test_nobody_else_of_the_administration_confirms_for_the_citizen(centre: Centre, key: str) -> None:
    assert centre.order(resolved(centre), "confirm", IDENTITY, key=key).status == 403
