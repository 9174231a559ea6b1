"""Feed the workers of the sweep with events in the shapes that AWS sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import attend, notify, page, tick
from chalicelib import wiring, wiring_delivery, wiring_messages, wiring_surveys, wiring_timers, workers
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.observability import logger
from chalicelib.services.attendance import Looked
from chalicelib.services.notices import Notified
from chalicelib.services.ports.notices import Audience, DecisionNotice, DigestNotice, Notice
from chalicelib.services.ports.oversight import Polling
from chalicelib.services.ports.timers import Look, Outcome, RecountJob, ShardJob, SweepReport
from chalicelib.services.sweep import Paged
from tests.fakes import NOW, FakeClock

EVENTS = Path(__file__).parents[2] / "events"
RUN = "2026-11-24T14:30Z"
FIRST, SECOND = Protocol("2632715600015"), Protocol("2632715600031")

Logged = list[tuple[str, dict[str, Any]]]


@dataclass
class Office:
    """The services behind the workers; `broken` names what fails, `asked` what they were asked for."""

    asked: list[Any] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    reports: list[SweepReport] = field(default_factory=list)
    silent: list[Polling] = field(default_factory=list)
    paged: Paged = field(default_factory=lambda: Paged(handed_out=3, waited=timedelta(minutes=4)))
    looked: Looked = field(default_factory=lambda: Looked(outcome=Outcome.ACTED))
    notified: Notified = field(default_factory=Notified)

    def begin(self) -> str:
        self._do("begin")
        return RUN

    def close_finished(self) -> list[SweepReport]:
        self._do("close_finished")
        return self.reports

    def check(self, now: datetime) -> list[Polling]:
        self._do("check")
        return self.silent

    def release_deferred(self, now: datetime) -> int:
        self._do("release_deferred")
        return 0

    def start(self, now: datetime) -> list[DigestNotice]:
        self._do("start")
        return []

    def count_marked(self, now: datetime) -> list[date]:
        self._do("count_marked")
        return [now.date()]

    def page(self, job: ShardJob | RecountJob) -> Paged:
        self._do(job)
        return self.paged

    def look(self, look: Look, *, is_last_try: bool) -> Looked:
        self._do((look, is_last_try), look.protocol)
        return self.looked

    def notify(self, notice: Notice) -> Notified:
        self._do(notice)
        return self.notified

    def _do(self, what: Any, name: str = "") -> None:
        self.asked.append(what)
        if {name, what if isinstance(what, str) else type(what).__name__} & self.broken:
            raise Unavailable


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    for name in ("sweep", "digests", "waiting_notices", "notices", "pager", "attendance"):
        monkeypatch.setattr(wiring_timers, name, lambda: office)
    monkeypatch.setattr(wiring_messages, "notifying", lambda: office)
    monkeypatch.setattr(wiring_delivery, "integrations", lambda: office)
    monkeypatch.setattr(wiring_surveys, "survey_counting", lambda: office)
    monkeypatch.setattr(wiring, "clock", FakeClock)
    return office


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Logged:
    """Collect what is logged as an error."""
    found: Logged = []
    monkeypatch.setattr(logger, "error", lambda said, extra: found.append((said, extra)))
    return found


def event(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return found


def message_id(name: str, index: int) -> dict[str, str]:
    return {"itemIdentifier": event(name)["Records"][index]["messageId"]}


def test_the_schedule_begins_a_sweep_and_does_all_that_a_tick_is_for(office: Office) -> None:
    tick(event("sweep_schedule"), None)

    assert office.asked == [
        "begin",
        "check",
        "release_deferred",
        "start",
        "close_finished",
        "count_marked",
    ]


def test_a_step_of_the_tick_that_fails_is_raised_after_the_others(office: Office) -> None:
    office.broken = {"check"}

    with pytest.raises(Unavailable):
        tick(event("sweep_schedule"), None)

    assert office.asked[-2:] == ["close_finished", "count_marked"]


def test_operators_hear_of_a_run_that_does_not_add_up(office: Office, alarms: Logged) -> None:
    office.reports = [SweepReport(run=RUN, started_at=NOW)]  # without any shard

    workers.tick()

    assert [said for said, _ in alarms] == ["sweep does not add up"]
    assert alarms[0][1]["run"] == RUN


def test_operators_hear_once_of_a_secretariat_that_does_not_poll(office: Office, alarms: Logged) -> None:
    office.silent = [Polling(secretariat="DMLU", idle_since=NOW)]

    workers.tick()

    assert alarms == [("secretariat does not poll", {"secretariat": "DMLU", "idle_since": NOW})]


def test_jobs_of_both_kinds_are_paged(office: Office) -> None:
    answer = page(event("jobs_queue"), None)

    assert answer == {"batchItemFailures": []}
    assert office.asked == [
        ShardJob(run=RUN, shard=7),
        RecountJob(secretariat="DMLU", cause="calendar"),
    ]


def test_operators_hear_of_timers_that_waited_too_long(office: Office, alarms: Logged) -> None:
    office.paged = Paged(handed_out=3, waited=timedelta(minutes=16))

    workers.page_jobs(event("jobs_queue")["Records"][:1])

    waited = {"run": RUN, "shard": 7, "handed_out": 3, "waited_seconds": 960.0}
    assert alarms == [("due timers wait", waited)]


def test_requests_are_looked_at_and_the_last_try_is_known(office: Office) -> None:
    answer = attend(event("looks_queue"), None)

    assert answer == {"batchItemFailures": []}
    assert office.asked == [
        (Look(protocol=FIRST, run=RUN), False),
        (Look(protocol=SECOND), True),
    ]


def test_only_what_failed_comes_back_from_the_queue(office: Office) -> None:
    office.broken = {FIRST}

    answer = attend(event("looks_queue"), None)

    assert answer == {"batchItemFailures": [message_id("looks_queue", 0)]}
    assert len(office.asked) == 2


def test_operators_hear_of_a_breach_of_the_laws_term(office: Office, alarms: Logged) -> None:
    office.looked = Looked(outcome=Outcome.ACTED, levels=(EscalationLevel.LEGAL_BREACH,))

    attend(event("looks_queue"), None)

    assert {said for said, _ in alarms} == {"legal deadline breached"}


def test_operators_hear_of_a_look_that_failed_at_its_last_try(office: Office, alarms: Logged) -> None:
    office.broken = {FIRST, SECOND}

    attend(event("looks_queue"), None)

    assert [alarm for alarm in alarms if alarm[0] == "look failed for good"] == [
        ("look failed for good", {"protocol": SECOND, "run": None})
    ]


def test_decisions_are_told_and_digests_sent(office: Office) -> None:
    answer = notify(event("notices_queue"), None)

    assert answer == {"batchItemFailures": []}
    assert office.asked == [
        DecisionNotice(protocol=FIRST, seq=2, audience=Audience.CITIZEN),
        DigestNotice(person="dmlu-head", day=date(2026, 11, 24)),
    ]


def test_operators_hear_of_an_alert_that_reached_nobody(office: Office, alarms: Logged) -> None:
    office.notified = Notified(reached_nobody=True)

    workers.tell_people(event("notices_queue")["Records"][:1])

    assert alarms == [("nobody to tell", {"protocol": FIRST, "seq": 2, "audience": "citizen"})]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"protocol": 7}', "Falta água na Rua da Praia"])
@pytest.mark.parametrize(
    ("work", "name"),
    [
        (workers.page_jobs, "jobs_queue"),
        (workers.attend_requests, "looks_queue"),
        (workers.tell_people, "notices_queue"),
    ],
)
def test_an_unreadable_message_fails_alone_and_is_not_quoted(
    office: Office, monkeypatch: pytest.MonkeyPatch, work: Callable[..., Any], name: str, body: str
) -> None:
    logged: list[Any] = []
    monkeypatch.setattr(logger, "exception", lambda said, extra: logged.append((said, extra)))
    unreadable, readable = event(name)["Records"]

    answer = work([unreadable | {"body": body}, readable])

    assert answer == {"batchItemFailures": [message_id(name, 0)]}
    facts = {"message_id": unreadable["messageId"], "receives": 1}
    assert logged == [("message failed", facts)]
    assert len(office.asked) == 1
