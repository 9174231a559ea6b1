"""Look over HTTP at what is late, escalated, swept, stuck, and at who does not fetch his work."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring_delivery, wiring_timers
from chalicelib.api.routes import all_routes
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.timers import TIMER_SHARDS
from chalicelib.services.ports.oversight import Polling
from chalicelib.services.ports.timers import Look, Outcome, ShardPaged, Stuck
from tests.fakes import NOW
from tests.http import Centre
from tests.oversight_desk import OversightDesk, a_late_line, a_protocol, an_escalation

OPERATIONS = "/v1/operations"
ESCALATIONS, SWEEPS, STUCK = f"{OPERATIONS}/escalations", f"{OPERATIONS}/sweeps", f"{OPERATIONS}/stuck"
ACCESS = {
    ("GET", "/v1/late"): set(),
    ("GET", ESCALATIONS): {"operator", "attendant", "reviewer", "direction", "ombudsman"},
    ("GET", SWEEPS): {"operator", "direction"},
    ("GET", f"{OPERATIONS}/integrations"): {"operator", "direction"},
    ("GET", STUCK): {"operator"},
    ("POST", f"{STUCK}/{{protocol}}/retry"): {"operator"},
}


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def desk(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> OversightDesk:
    """Put oversight over fakes behind the application, around the same clock."""
    desk = OversightDesk(clock=centre.clock)
    monkeypatch.setattr(wiring_timers, "oversight", partial(_given, desk.oversight))
    monkeypatch.setattr(wiring_delivery, "integrations", partial(_given, desk.integrations))
    return desk


def test_each_route_is_open_to_whom_it_is_for() -> None:
    access = {(route.method, route.path): route.access for route in all_routes()}
    assert {name: {grant.value for grant in access[name].grants} for name in ACCESS} == ACCESS
    assert [name for name in ACCESS if access[name].public] == [("GET", "/v1/late")]


def test_anybody_reads_the_late_list_and_sees_what_is_late_and_no_more(
    centre: Centre, desk: OversightDesk
) -> None:
    due = NOW - timedelta(days=40)
    desk.late.put(a_late_line(1, due))
    assert centre.get("/v1/late").json == {
        "items": [
            {
                "protocol": a_protocol(1),
                "protocol_display": display_protocol(a_protocol(1)),
                "service": {"code": "dumping", "name": "Descarte irregular"},
                "secretariat": {"code": "DMLU", "name": "Departamento Municipal de Limpeza Urbana"},
                "neighbourhood": "Centro Histórico",
                "opened_at": "2026-10-08T14:30:00Z",
                "due_at": "2026-10-15T14:30:00Z",
                "days_late": 40,
            }
        ],
        "next": None,
    }


def test_the_late_list_speaks_the_readers_language(centre: Centre, desk: OversightDesk) -> None:
    desk.late.put(a_late_line(1, NOW - timedelta(days=40), neighbourhood=None))
    (line,) = centre.get("/v1/late", accept_language="en").json["items"]
    assert (line["service"]["name"], line["neighbourhood"]) == ("Dumping", None)


def test_the_late_list_is_read_page_by_page(centre: Centre, desk: OversightDesk) -> None:
    for number in range(1, 6):
        desk.late.put(a_late_line(number, NOW - timedelta(days=number)))
    seen, cursor = [], ""
    while True:
        page = centre.get(f"/v1/late?limit=2{cursor}").json
        seen += [line["days_late"] for line in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [5, 4, 3, 2, 1]


def test_an_operator_sees_escalations_with_levels_and_posts(centre: Centre, desk: OversightDesk) -> None:
    desk.log.note([an_escalation(1, minutes_ago=5)])
    answer = centre.get(ESCALATIONS, key="operator").json
    assert answer == {
        "items": [
            {
                "at": "2026-11-24T14:25:00Z",
                "protocol": a_protocol(1),
                "protocol_display": display_protocol(a_protocol(1)),
                "seq": 3,
                "level": "level_1",
                "skipped": ["notice"],
                "secretariat": {"code": "DMLU", "name": "Departamento Municipal de Limpeza Urbana"},
                "unit": "dmlu-centro",
                "service": {"code": "dumping", "name": "Descarte irregular"},
                "urgency": "normal",
                "due_at": "2026-11-23T14:30:00Z",
                "to": ["DMLU/focal_point", "DMLU/head"],
            }
        ],
        "next": None,
        "resume_since": "2026-11-24T14:15:00Z",
    }


@pytest.mark.parametrize("key", ["operator", "attendant", "reviewer", "direction", "ombudsman"])
def test_the_people_of_the_centre_watch_escalations(centre: Centre, desk: OversightDesk, key: str) -> None:
    assert centre.get(ESCALATIONS, key=key).status == 200


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("level=level_2,level_3", [1, 2]),
        ("secretariat=SMGOV", [2]),
        ("service=noise,other", [3]),
        ("level=level_2&secretariat=SMGOV", []),
        ("since=2026-11-24T14:29:00Z", [3]),
        ("limit=2", [1, 2]),
    ],
)
def test_escalations_are_filtered(
    centre: Centre, desk: OversightDesk, query: str, numbers: list[int]
) -> None:
    desk.log.note([
        an_escalation(1, minutes_ago=3, level=EscalationLevel.LEVEL_2),
        an_escalation(2, minutes_ago=2, level=EscalationLevel.LEVEL_3, secretariat="SMGOV"),
        an_escalation(3, minutes_ago=1, service="noise"),
    ])  # fmt: skip
    answer = centre.get(f"{ESCALATIONS}?{query}", key="operator")
    assert [line["protocol"] for line in answer.json["items"]] == [a_protocol(n) for n in numbers]


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("level=4", {"level": "not_in_list"}),
        ("since=yesterday&limit=x", {"since": "not_a_datetime", "limit": "wrong_type"}),
        ("since=2027-11-24T13:30:00Z&limit=101", {"since": "in_the_future", "limit": "out_of_range"}),
        ("since=2020-11-24T13:30:00Z", {"since": "out_of_range"}),
        ("cursor=x", {"cursor": "malformed"}),
    ],
)
def test_every_wrong_question_about_escalations_is_named(
    centre: Centre, desk: OversightDesk, query: str, reasons: dict[str, str]
) -> None:
    assert centre.get(f"{ESCALATIONS}?{query}", key="operator").reasons() == reasons


@pytest.mark.parametrize("path", ["/v1/late", SWEEPS])
def test_every_wrong_question_about_a_list_is_named(centre: Centre, desk: OversightDesk, path: str) -> None:
    assert centre.get(f"{path}?limit=0", key="operator").reasons() == {"limit": "out_of_range"}
    assert centre.get(f"{path}?limit=x", key="operator").reasons() == {"limit": "wrong_type"}
    assert centre.get(f"{path}?cursor=x", key="operator").reasons() == {"cursor": "invalid_cursor"}


def swept(desk: OversightDesk, run: str, outcomes: list[Outcome], eligible: int) -> None:
    desk.sweeps.begin(run, NOW)
    oldest = NOW - timedelta(minutes=7)
    desk.sweeps.handed_out(run, 1, [a_protocol(number) for number in range(eligible)])
    for shard in range(TIMER_SHARDS):
        desk.sweeps.shard_paged(run, ShardPaged(shard=shard, oldest_at=oldest if shard == 1 else None))
    for number, outcome in enumerate(outcomes):
        desk.sweeps.record(run, a_protocol(number), outcome)


@pytest.mark.parametrize(("eligible", "adds_up"), [(4, True), (5, False)])
def test_an_operator_sees_whether_a_sweep_adds_up(
    centre: Centre, desk: OversightDesk, eligible: int, adds_up: bool
) -> None:
    swept(desk, "run-1", [Outcome.ACTED, Outcome.ACTED, Outcome.ALREADY, Outcome.FAILED], eligible)
    (run,) = centre.get(SWEEPS, key="direction").json["items"]
    assert run == {
        "run": "run-1",
        "started_at": "2026-11-24T14:30:00Z",
        "closed_at": None,
        "shards": TIMER_SHARDS,
        "eligible": eligible,
        "acted": 2,
        "already": 1,
        "failed": 1,
        "adds_up": adds_up,
        "oldest_due_at": "2026-11-24T14:23:00Z",
    }


def test_the_newest_sweep_comes_first(centre: Centre, desk: OversightDesk) -> None:
    for run in ("run-1", "run-2", "run-3"):
        swept(desk, run, [], 0)
    first = centre.get(f"{SWEEPS}?limit=2", key="operator").json
    last = centre.get(f"{SWEEPS}?limit=2&cursor={first['next']}", key="operator").json
    assert [run["run"] for run in first["items"] + last["items"]] == ["run-3", "run-2", "run-1"]


def test_an_operator_sees_which_secretariat_does_not_poll(centre: Centre, desk: OversightDesk) -> None:
    desk.depths.depths["DMLU"] = (12, 0)
    desk.pollings.polled("DMLU", NOW - timedelta(hours=2))
    idle = Polling(secretariat="DMLU", idle_since=NOW - timedelta(hours=1), alarmed_at=NOW)
    desk.pollings.watch(idle)
    items = centre.get(f"{OPERATIONS}/integrations", key="operator").json["items"]
    assert {item["secretariat"]["code"] for item in items} == {"DMLU", "SMGOV"}
    assert next(item for item in items if item["secretariat"]["code"] == "DMLU") == {
        "secretariat": {"code": "DMLU", "name": "Departamento Municipal de Limpeza Urbana"},
        "waiting": 12,
        "in_flight": 0,
        "polled_at": "2026-11-24T12:30:00Z",
        "idle_since": "2026-11-24T13:30:00Z",
        "alarmed_at": "2026-11-24T14:30:00Z",
    }


def test_an_operator_retries_what_is_stuck(centre: Centre, desk: OversightDesk) -> None:
    protocol = a_protocol(1)
    desk.stuck.put(Stuck(protocol=protocol, reason="timeline_full", at=NOW))
    (item,) = centre.get(STUCK, key="operator").json["items"]
    assert (item["protocol"], item["reason"], item["at"]) == (
        protocol,
        "timeline_full",
        "2026-11-24T14:30:00Z",
    )
    answer = centre.post(f"{STUCK}/{protocol}/retry", key="operator")
    assert (answer.status, answer.json) == (202, {"protocol": protocol})
    assert desk.looks.looks == [Look(protocol=protocol)]
    assert [one.by for one in desk.audit.interventions] == ["operator"]
    assert centre.get(STUCK, key="operator").json["items"] == []


def test_what_is_not_stuck_cannot_be_retried(centre: Centre, desk: OversightDesk) -> None:
    assert centre.post(f"{STUCK}/{a_protocol(1)}/retry", key="operator").status == 404
    assert centre.post(f"{STUCK}/123/retry", key="operator").status == 400


def test_a_table_that_does_not_answer_may_be_asked_again(centre: Centre, desk: OversightDesk) -> None:
    desk.late.is_down = desk.depths.is_down = True
    assert centre.get("/v1/late").status == 503
    assert centre.get(f"{OPERATIONS}/integrations", key="operator").status == 503
