"""What was accepted reaches its secretariat, whatever stops, dies or restarts in between."""

import time
from typing import Any

from infra.local.records import RunRecord
from tests.deployed import RunningSystem

ARRIVAL_SECONDS = 60
SECRETARIAT = "DMLU"
CALICA: dict[str, Any] = {
    "channel": "web",
    "service": "coleta-de-calica",
    "description": "Caliça na calçada há vários dias.",
    "place": {"lat": -30.0305, "lon": -51.2300, "address": "Rua da Praia, 100"},
}


def open_requests(system: RunningSystem, count: int) -> set[str]:
    answers = [system.call("POST", "/v1/requests", "web", CALICA) for _ in range(count)]
    assert [status for status, _ in answers] == [201] * count, answers
    return {answer["protocol"] for _, answer in answers}


def receive_until(system: RunningSystem, expected: set[tuple[str, int]]) -> dict[str, list[int]]:
    """Receive and acknowledge until all `(protocol, seq)` came; return each protocol's seqs as they came."""
    queue = f"/v1/secretariats/{SECRETARIAT}/queue"
    arrived: dict[str, list[int]] = {}
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        _, answer = system.call("POST", f"{queue}/receive", SECRETARIAT, {"max": 10, "wait": 1})
        for message in answer["messages"]:
            data = message["message"]["data"]
            arrived.setdefault(data["protocol"], []).append(data["seq"])
        if answer["messages"]:
            receipts = [message["receipt"] for message in answer["messages"]]
            system.call("POST", f"{queue}/ack", SECRETARIAT, {"receipts": receipts})
        elif expected <= {(protocol, seq) for protocol, seqs in arrived.items() for seq in seqs}:
            break
    return arrived


def first(protocols: set[str]) -> set[tuple[str, int]]:
    return {(protocol, 1) for protocol in protocols}


def test_changes_in_flight_at_a_clean_stop_are_delivered_once(private_system: RunningSystem) -> None:
    opened = open_requests(private_system, 5)

    private_system.restart()

    arrived = receive_until(private_system, first(opened))
    assert arrived == {protocol: [1] for protocol in opened}


def test_changes_in_flight_at_a_hasty_stop_are_not_lost(private_system: RunningSystem) -> None:
    opened = open_requests(private_system, 5)

    private_system.restart_undrained()
    opened |= open_requests(private_system, 2)

    arrived = receive_until(private_system, first(opened))
    assert arrived.keys() == opened


def test_a_relay_killed_midway_loses_nothing_and_keeps_the_order(private_system: RunningSystem) -> None:
    opened = open_requests(private_system, 3)
    assert private_system.kill_function("relay")
    for protocol in opened:
        command = f"/v1/requests/{protocol}/accept"
        status, answer = private_system.call("POST", command, SECRETARIAT, {}, {"If-Match": '"1"'})
        assert status == 200, answer
    private_system.kill_function("relay")

    arrived = receive_until(private_system, {(protocol, seq) for protocol in opened for seq in (1, 2)})

    assert arrived.keys() == opened
    assert all(seqs == sorted(seqs) and set(seqs) == {1, 2} for seqs in arrived.values())


def test_a_clean_stop_leaves_nothing_to_relay_again(private_system: RunningSystem) -> None:
    open_requests(private_system, 2)

    assert private_system.local.drain()
    record = RunRecord.read(private_system.local.directory / "run.json")

    assert record is not None
    assert record.unrelayed_since is None
