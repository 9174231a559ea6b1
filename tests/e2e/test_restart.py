"""What was accepted reaches its secretariat, whatever stops, dies or restarts in between.

The tests share a system, the first one while it is fresh; each looks only at its own requests.
"""

import time
from collections.abc import Iterable
from typing import Any

from tests.deployed import RunningSystem
from tests.engine_outbox import EngineOutbox
from tests.eventually import eventually

ARRIVAL_SECONDS = 60
SECRETARIAT = "DMLU"
CALICA: dict[str, Any] = {
    "channel": "web",
    "service": "coleta-de-calica",
    "description": "Caliça na calçada há vários dias.",
    "place": {"lat": -30.0305, "lon": -51.2300, "address": "Rua da Praia, 100"},
}
EMERGENCY = CALICA | {
    "service": "queda-de-vegetacao",
    "attributes": {"blocks": "road"},
    "screening": {"hurt_or_trapped": True},
}
FIRST_ON_CALL = "+5551900000118"
Arrivals = dict[str, list[int]]


def open_requests(system: RunningSystem, count: int) -> list[str]:
    answers = [system.call("POST", "/v1/requests", "web", CALICA) for _ in range(count)]
    assert [status for status, _ in answers] == [201] * count, answers
    return [answer["protocol"] for _, answer in answers]


def accept(system: RunningSystem, protocols: Iterable[str]) -> None:
    for protocol in protocols:
        command = f"/v1/requests/{protocol}/accept"
        status, answer = system.call("POST", command, SECRETARIAT, {}, {"If-Match": '"1"'})
        assert status == 200, answer


def receive_until(system: RunningSystem, expected: Arrivals) -> Arrivals:
    """Receive and acknowledge until all seqs of all protocols came; return how those protocols' seqs came."""
    queue = f"/v1/secretariats/{SECRETARIAT}/queue"
    arrived: Arrivals = {protocol: [] for protocol in expected}
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < deadline:
        status, answer = system.call("POST", f"{queue}/receive", SECRETARIAT, {"max": 10, "wait": 1})
        assert status == 200, answer
        for message in answer["messages"]:
            data = message["message"]["data"]
            arrived.setdefault(data["protocol"], []).append(data["seq"])
        if answer["messages"]:
            receipts = [message["receipt"] for message in answer["messages"]]
            system.call("POST", f"{queue}/ack", SECRETARIAT, {"receipts": receipts})
        elif all(set(arrived[protocol]) >= set(seqs) for protocol, seqs in expected.items()):
            break
    return {protocol: arrived[protocol] for protocol in expected}


def without_repetitions(arrived: Arrivals) -> Arrivals:
    """Keep what a consumer heeds: a message that comes again is known by its seq."""
    return {protocol: list(dict.fromkeys(seqs)) for protocol, seqs in arrived.items()}


def test_a_relay_killed_midway_loses_nothing_and_keeps_the_order(private_system: RunningSystem) -> None:
    opened = open_requests(private_system, 3)
    assert private_system.kill_function("relay")
    accept(private_system, opened)
    private_system.kill_function("relay")

    expected = {protocol: [1, 2] for protocol in opened}
    assert without_repetitions(receive_until(private_system, expected)) == expected


def test_changes_before_and_after_a_clean_stop_are_delivered_once(private_system: RunningSystem) -> None:
    opened = open_requests(private_system, 5)

    assert private_system.local.drain()
    private_system.stop()
    assert private_system.unrelayed_since() is None
    private_system.start()
    later = open_requests(private_system, 2)

    expected = {protocol: [1] for protocol in [*opened, *later]}
    assert receive_until(private_system, expected) == expected


def test_changes_in_flight_at_a_hasty_stop_survive_even_a_power_cut_in_the_next_run(
    private_system: RunningSystem,
) -> None:
    opened = open_requests(private_system, 5)
    accept(private_system, opened[:2])

    private_system.stop()
    left = private_system.unrelayed_since()
    private_system.start()
    private_system.local.crash()
    assert left is not None
    assert private_system.unrelayed_since() == left
    private_system.start()
    later = open_requests(private_system, 2)

    expected = {protocol: [1, 2] if protocol in opened[:2] else [1] for protocol in [*opened, *later]}
    assert without_repetitions(receive_until(private_system, expected)) == expected


def test_an_emergency_opened_just_before_a_hasty_stop_calls_somebody_after_the_restart(
    private_system: RunningSystem,
) -> None:
    shown = open_emergency(private_system)

    private_system.stop()
    private_system.start()

    assert set(eventually(lambda: called(private_system, shown), ARRIVAL_SECONDS)) == {FIRST_ON_CALL}


def test_a_clean_stop_first_calls_whom_an_emergency_is_to_call(private_system: RunningSystem) -> None:
    shown = open_emergency(private_system)

    assert private_system.local.drain()

    assert called(private_system, shown) == [FIRST_ON_CALL]


def open_emergency(system: RunningSystem) -> str:
    status, answer = system.call("POST", "/v1/requests", "web", EMERGENCY)
    assert status == 201, answer
    return str(answer["protocol_display"])


def called(system: RunningSystem, shown: str) -> list[str]:
    return EngineOutbox(engine_url=system.endpoints.engine_url).numbers_told(f"URGENTE 156 {shown}")
