"""The main job, packaged and deployed: a request in by HTTP, worked on by its secretariat, answered."""

from __future__ import annotations

import http.client
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from tests.deployed import RunningSystem

A_REQUEST = {
    "service": "descarte-irregular-coleta",
    "description": "Entulho e um sofá na esquina, há três dias.",
    "place": {"lat": -30.0331, "lon": -51.2300, "address": "Rua da Praia, 1560", "neighbourhood": "Centro"},
    "attributes": {"material": ["rubble", "furniture"]},
    "reporter": {"name": "Marcada Maria", "phone": "(51) 99876-5432"},
}
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
ARRIVAL_SECONDS = 30


def test_a_citizens_request_reaches_its_secretariat_and_comes_back_answered(system: RunningSystem) -> None:
    status, opened = system.call("POST", "/v1/requests", "web", A_REQUEST)
    assert (status, opened["secretariat"]["code"]) == (201, "DMLU")
    protocol = opened["protocol"]

    held = received(system, "DMLU", protocol)
    told = held["message"]["data"]
    assert told["due_at"] == opened["due_at"]
    assert told["description"] == A_REQUEST["description"]
    assert "Marcada" not in str(held)
    assert "99876" not in str(held)
    acknowledge(system, "DMLU", held["receipt"])

    assert order(system, protocol, "accept", {}, "DMLU")["status"] == "in_progress"
    photo = uploaded(system, "DMLU")
    answer = {"answer": "Entulho recolhido pela equipe da manhã.", "photos": [photo]}
    assert order(system, protocol, "resolve", answer, "DMLU")["status"] == "resolved"

    public = system.call("GET", f"/v1/requests/{protocol}", "web")[1]
    assert (public["status_name"], public["open"]) == ("resolvida", False)
    mine = system.call(
        "GET", f"/v1/requests/{protocol}", "web", headers={"X-Access-Code": opened["access_code"]}
    )[1]
    assert mine["resolution"] == {
        "at": mine["resolution"]["at"],
        "reason": "done",
        "answer": answer["answer"],
        "photos": [photo],
    }


def test_a_returned_request_moves_to_the_right_secretariat_and_the_first_one_is_told(
    system: RunningSystem,
) -> None:
    service = system.call("GET", "/v1/services/limpeza-de-bueiro", "web")[1]
    assert service["secretariat"]["code"] == "DMAE"
    protocol = system.call("POST", "/v1/requests", "web", A_REQUEST)[1]["protocol"]
    acknowledge(system, "DMLU", received(system, "DMLU", protocol)["receipt"])
    returned = order(system, protocol, "return", {"reason": "É um bueiro entupido."}, "DMLU")
    assert returned["status"] == "triage"
    classified = order(
        system, protocol, "classify", {"reason": "Bueiro", "service": "limpeza-de-bueiro"}, "attendant"
    )
    assert (classified["status"], classified["secretariat"]["code"]) == ("queued", "DMAE")
    told = received(system, "DMAE", protocol)["message"]
    assert told["data"]["service"]["code"] == "limpeza-de-bueiro"
    withdrawn = received(system, "DMLU", protocol)["message"]
    assert withdrawn["type"].endswith("withdrawn.v1")


def test_uploads_of_another_type_or_size_are_refused_by_the_bucket(system: RunningSystem) -> None:
    ticket = system.call("POST", "/v1/uploads", "web", {"content_type": "image/jpeg", "size_bytes": 10})[1]
    assert upload(ticket, JPEG) >= 400


def test_a_repeated_intake_answers_the_same_protocol(system: RunningSystem) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first = system.call("POST", "/v1/requests", "app", A_REQUEST, headers)
    again = system.call("POST", "/v1/requests", "app", A_REQUEST, headers)
    assert first == again


def test_the_api_describes_itself_and_answers_problems(system: RunningSystem) -> None:
    assert system.call("GET", "/v1/openapi.json", "web")[1]["openapi"] == "3.1.0"
    status, problem = system.call("POST", "/v1/requests", "web", {"service": "nada", "colour": "red"})
    assert status == 400
    assert {fault["field"] for fault in problem["errors"]} >= {"service", "colour"}


def test_an_unknown_address_is_answered_with_a_problem(system: RunningSystem) -> None:
    status, problem = system.call("GET", "/v1/nothing/here", "web")
    assert (status, problem["type"]) == (404, "urn:central156:problem:not-found")


def received(system: RunningSystem, secretariat: str, protocol: str) -> dict[str, Any]:
    """Receive until a message about the request arrives; acknowledge the others."""
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        path = f"/v1/secretariats/{secretariat}/queue/receive"
        answer = system.call("POST", path, secretariat, {"max": 10, "wait": 2})[1]
        mine: dict[str, Any] | None = None
        for held in answer["messages"]:
            if held["message"]["data"]["protocol"] == protocol and mine is None:
                mine = held
            else:
                acknowledge(system, secretariat, held["receipt"])
        if mine:
            return mine
    raise AssertionError(f"{protocol} never arrived at {secretariat}")


def acknowledge(system: RunningSystem, secretariat: str, receipt: str) -> None:
    path = f"/v1/secretariats/{secretariat}/queue/ack"
    assert system.call("POST", path, secretariat, {"receipts": [receipt]})[0] == 200


def order(system: RunningSystem, protocol: str, command: str, body: Any, key: str) -> dict[str, Any]:
    version = system.call("GET", f"/v1/requests/{protocol}", "attendant")[1]["version"]
    path = f"/v1/requests/{protocol}/{command}"
    status, answer = system.call("POST", path, key, body, {"If-Match": f'"{version}"'})
    assert status == 200, answer
    return answer


def uploaded(system: RunningSystem, key: str) -> str:
    body = {"content_type": "image/jpeg", "size_bytes": len(JPEG)}
    status, ticket = system.call("POST", "/v1/uploads", key, body)
    assert status == 201, ticket
    assert upload(ticket, JPEG) in (200, 201, 204)
    return str(ticket["media_id"])


def upload(ticket: dict[str, Any], content: bytes) -> int:
    """Send the form that a browser would send; the file comes last."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in ticket["fields"].items()
    ]
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.jpg"\r\n\r\n'
    body = b"".join([*parts, file.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
    address = urlsplit(ticket["url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    connection.request("POST", address.path or "/", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status
