"""Deadlines watched over by the deployed system while its clock is put forward.

The tests share a system and its clock, which only goes forward; each looks only at its own requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.opening import calendar_of
from chalicelib.domain.working_time import next_working_instant
from infra.catalogue_source import load_city
from infra.clock import local_time
from infra.seeding import CITY
from tests.deployed import RunningSystem
from tests.eventually import eventually
from tests.watched_city import WatchedCity

A_WHILE, A_MINUTE, A_RECOUNT = 30.0, 60.0, 75.0
"""Seconds; dates are counted anew 45 s after a calamity was declared."""
NAME, PHONE, EMAIL, WORD = "Marcada Xexeu", "998765432", "marcada.xexeu@example.net", "quizumba"
DUMPED: dict[str, Any] = {
    "service": "descarte-irregular-coleta",
    "description": f"Entulho na calçada, uma {WORD}.",
    "place": {"lat": -30.0331, "lon": -51.2300, "address": "Rua da Praia, 1560", "neighbourhood": "Centro"},
    "attributes": {"material": ["rubble"]},
    "reporter": {"name": NAME, "phone": f"(51) {PHONE}", "email": EMAIL},
}
TREE = DUMPED | {"service": "poda-ou-remocao-de-arvore", "attributes": {"work": "removal"}}
EMERGENCY = DUMPED | {
    "service": "queda-de-vegetacao",
    "attributes": {"blocks": "road"},
    "screening": {"hurt_or_trapped": True},
}
URGENT_TREE = TREE | {"channel": "phone", "urgency": "emergency", "urgency_reason": "Vai cair na escola."}
FIRST_ON_CALL, SECOND_ON_CALL = "+5551900000118", "+5551900000119"
FOCAL_POINT = "ponto-focal.dmlu@example.org"
ACT = "Decreto 22.647/2026"
A_QUARTER, TO_LEVEL_3 = timedelta(minutes=16), timedelta(days=25)


@dataclass(frozen=True, kw_only=True)
class Flooded:
    """Requests that were open when a calamity was declared, and the jobs that this queued."""

    tree: dict[str, Any]
    emergency: dict[str, Any]
    jobs: list[str]


@pytest.fixture(scope="module")
def city(private_system: RunningSystem) -> WatchedCity:
    return WatchedCity(private_system)


@pytest.fixture(scope="module", autouse=True)
def flooded(city: WatchedCity) -> Flooded:
    """Declare a calamity before all else: its recount comes while the other tests run.

    Both requests are accepted: nothing else makes the system look at them for months, or for a day.
    """
    tree, emergency = city.open_request(TREE), city.open_request(URGENT_TREE, "attendant")
    for opened in (tree, emergency):
        city.accept(opened["protocol"], "SMSUrb")
    last_day = (local_time(city.target) + timedelta(days=60)).date().isoformat()
    city.declare({"code": "enchente", "act": ACT, "last_day": last_day, "services": [TREE["service"]]})
    return Flooded(tree=tree, emergency=emergency, jobs=city.queued_for("page"))


def test_an_emergency_pushes_one_person_on_call_after_the_other_until_somebody_accepts(
    city: WatchedCity,
) -> None:
    opened = city.open_request(EMERGENCY)
    call = f"URGENTE 156 {opened['protocol_display']}"

    assert eventually(lambda: city.outbox.numbers_told(call), A_WHILE) == [FIRST_ON_CALL]
    city.go_forward(A_QUARTER)
    assert eventually(lambda: city.outbox.numbers_told(call)[1:], A_WHILE) == [SECOND_ON_CALL]
    city.accept(opened["protocol"], "SMSUrb")
    city.go_forward(A_QUARTER)
    city.settle(A_WHILE)

    assert city.outbox.numbers_told(call) == [FIRST_ON_CALL, SECOND_ON_CALL]


def test_a_late_request_escalates_within_a_minute_and_everybody_sees_it(city: WatchedCity) -> None:
    opened = city.open_request(DUMPED)
    protocol, due_at = opened["protocol"], datetime.fromisoformat(opened["due_at"])

    city.go_to(due_at + timedelta(minutes=1))

    assert eventually(lambda: city.levels_of(protocol), A_MINUTE) == ["level_1"]
    assert eventually(lambda: city.escalations_received("DMLU", protocol), A_WHILE) == ["level_1"]
    assert datetime.fromisoformat(city.request(protocol)["forecast_at"]) > due_at
    city.settle(A_WHILE)
    assert next(run["adds_up"] for run in city.sweeps() if run["acted"])


def test_a_request_of_level_3_is_on_the_public_list_and_once_a_day_in_the_focal_points_digest(
    city: WatchedCity,
) -> None:
    opened = city.open_request(DUMPED)
    protocol, shown = opened["protocol"], opened["protocol_display"]
    due_at = datetime.fromisoformat(opened["due_at"])
    city.go_to(due_at + timedelta(minutes=1))
    assert eventually(lambda: city.levels_of(protocol), A_MINUTE) == ["level_1"]

    city.go_to(morning_after(due_at + TO_LEVEL_3))
    late = eventually(lambda: city.late(protocol), A_MINUTE)
    assert late is not None
    assert (late["secretariat"]["code"], marks_in(late)) == ("DMLU", [])
    assert len(eventually(lambda: city.outbox.mails_to(FOCAL_POINT, shown), A_WHILE)) == 1
    city.go_forward(timedelta(minutes=10))
    city.settle(A_WHILE)

    assert len(city.outbox.mails_to(FOCAL_POINT, shown)) == 1


def test_a_request_that_cannot_be_read_does_not_stop_the_others(city: WatchedCity) -> None:
    unreadable, sound = (city.open_request(DUMPED) for _ in range(2))
    city.make_unreadable(unreadable["protocol"])

    city.go_to(datetime.fromisoformat(sound["due_at"]) + timedelta(minutes=1))

    assert eventually(lambda: city.levels_of(sound["protocol"]), A_MINUTE) == ["level_1"]
    assert city.levels_of(unreadable["protocol"]) == []
    assert eventually(lambda: [line for line in city.log_lines() if "message failed" in line], A_WHILE)


def test_a_calamity_moves_dates_and_names_its_act_but_never_moves_an_emergencys(
    city: WatchedCity, flooded: Flooded
) -> None:
    protocol, emergency = flooded.tree["protocol"], flooded.emergency["protocol"]

    [moved] = eventually(lambda: city.redated(protocol), A_RECOUNT)

    assert moved["facts"]["because"] == [ACT]
    assert city.request(protocol)["due_at"] > flooded.tree["due_at"]
    assert city.redated(emergency) == []
    assert city.request(emergency)["due_at"] == flooded.emergency["due_at"]


def test_who_asked_and_what_they_wrote_is_in_no_log_and_in_no_internal_queue(
    city: WatchedCity, flooded: Flooded
) -> None:
    with city.asleep("notify"):
        protocol = city.open_request(EMERGENCY)["protocol"]
        notices = eventually(
            lambda: [body for body in city.queued_for("notify") if protocol in body], A_WHILE
        )
    looks = eventually(lambda: [body for body in city.queued_for("attend") if protocol in body], A_WHILE)
    lines = city.log_lines()

    assert all([flooded.jobs, looks, notices, any(protocol in line for line in lines)])
    assert marks_in([*flooded.jobs, *looks, *notices, *city.given_up(), *lines]) == []


def morning_after(moment: datetime) -> datetime:
    return next_working_instant(calendar_of(load_city(CITY)), moment) + timedelta(minutes=10)


def marks_in(shown: object) -> list[str]:
    return [mark for mark in (NAME, PHONE, EMAIL, WORD) if mark in str(shown)]
