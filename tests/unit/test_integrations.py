from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.services.integrations import Integrations, Polls
from chalicelib.services.ports.oversight import Polling
from tests.builders import a_catalogue
from tests.fakes import NOW, FakeCatalogue, FakeClock, FakePollings, FakeQueueDepths


@dataclass(slots=True)
class CountedPollings(FakePollings):
    """Pollings that count what is written."""

    writes: int = 0

    def polled(self, secretariat: str, at: datetime) -> None:
        self.writes += 1
        FakePollings.polled(self, secretariat, at)

    def watch(self, polling: Polling) -> None:
        self.writes += 1
        FakePollings.watch(self, polling)


@dataclass(slots=True)
class SomeSilent(FakeQueueDepths):
    """Queues of which some do not answer."""

    silent: set[str] = field(default_factory=set)

    def waiting(self, secretariat: str) -> tuple[int, int] | None:
        if secretariat in self.silent:
            raise Unavailable
        return FakeQueueDepths.waiting(self, secretariat)


@dataclass(slots=True)
class Watch:
    """The poll watch over fakes; DMLU and SMGOV are in force, FASC no more."""

    clock: FakeClock = field(default_factory=FakeClock)
    pollings: CountedPollings = field(default_factory=CountedPollings)
    depths: SomeSilent = field(default_factory=SomeSilent)

    @property
    def integrations(self) -> Integrations:
        return Integrations(
            catalogue=FakeCatalogue(a_catalogue()),
            pollings=self.pollings,
            depths=self.depths,
            clock=self.clock,
        )

    def check_after(self, minutes: int = 0) -> list[str]:
        """Check some minutes later and tell who is alarmed."""
        self.clock.advance(minutes=minutes)
        return [polling.secretariat for polling in self.integrations.check(self.clock.now())]


@pytest.mark.parametrize(("minutes", "alarmed"), [(29, []), (30, ["DMLU"])])
def test_work_that_waits_unattended_for_half_an_hour_is_alarmed(minutes: int, alarmed: list[str]) -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (3, 0)
    assert watch.check_after() == []
    assert watch.check_after(minutes) == alarmed


def test_an_outage_is_alarmed_once_however_long_it_lasts_and_whatever_arrives_meanwhile() -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (1, 0)
    alarms = []
    for hour in range(24):
        watch.depths.depths["DMLU"] = (1 + hour, 0)
        alarms += watch.check_after(60)
    assert alarms == ["DMLU"]


@pytest.mark.parametrize("served", [(0, 0), (5, 1), (0, 3)])
def test_a_queue_that_is_served_again_can_be_alarmed_again(served: tuple[int, int]) -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (1, 0)
    watch.check_after()
    assert watch.check_after(30) == ["DMLU"]
    watch.depths.depths["DMLU"] = served
    assert watch.check_after(5) == []
    watch.depths.depths["DMLU"] = (1, 0)
    assert watch.check_after(5) == []
    assert watch.check_after(29) == []
    assert watch.check_after(1) == ["DMLU"]


def test_a_secretariat_that_polls_over_http_is_not_alarmed_though_its_work_waits() -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (1, 0)
    alarms = []
    for _ in range(12):
        watch.pollings.polled("DMLU", watch.clock.now())
        alarms += watch.check_after(5)
    assert alarms == []


def test_a_poll_before_the_work_came_ends_nothing() -> None:
    watch = Watch()
    watch.pollings.polled("DMLU", NOW - timedelta(minutes=1))
    watch.depths.depths["DMLU"] = (1, 0)
    watch.check_after()
    assert watch.check_after(30) == ["DMLU"]


def test_a_poll_ends_an_alarmed_outage() -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (1, 0)
    watch.check_after()
    watch.check_after(30)
    watch.pollings.polled("DMLU", watch.clock.now())
    watch.check_after(5)
    assert watch.pollings.kept["DMLU"].alarmed_at is None


def test_each_secretariat_has_its_own_outage() -> None:
    watch = Watch()
    watch.depths.depths |= {"DMLU": (1, 0), "SMGOV": (1, 0)}
    watch.check_after()
    assert sorted(watch.check_after(30)) == ["DMLU", "SMGOV"]


def test_an_extinct_secretariat_is_not_watched() -> None:
    watch = Watch()
    watch.depths.depths["FASC"] = (1, 0)
    watch.check_after()
    assert watch.check_after(60) == []


def test_only_what_changed_is_written() -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (1, 0)
    for _ in range(10):
        watch.check_after(5)
    assert watch.pollings.writes == 2


def test_a_queue_that_does_not_answer_keeps_no_other_from_being_looked_at() -> None:
    watch = Watch()
    watch.depths.depths |= {"DMLU": (1, 0), "SMGOV": (1, 0)}
    watch.check_after()
    watch.depths.silent.add("SMGOV")
    assert watch.check_after(30) == ["DMLU"]
    watch.depths.silent.clear()
    assert watch.check_after(5) == ["SMGOV"]


def test_all_secretariats_in_force_are_shown_with_what_waits_for_them() -> None:
    watch = Watch()
    watch.depths.depths["DMLU"] = (4, 2)
    watch.pollings.polled("DMLU", NOW)
    shown = {one.polling.secretariat: one for one in watch.integrations.show()}
    assert shown.keys() == {"DMLU", "SMGOV"}
    assert (shown["DMLU"].waiting, shown["DMLU"].in_flight, shown["DMLU"].polling.polled_at) == (4, 2, NOW)
    assert (shown["SMGOV"].waiting, shown["SMGOV"].polling.polled_at) == (0, None)


def test_a_poll_is_noted_at_most_once_in_five_minutes_per_secretariat() -> None:
    watch = Watch()
    polls = Polls(pollings=watch.pollings, clock=watch.clock)
    for _ in range(31):
        polls.polled("DMLU")
        watch.clock.advance(seconds=10)
    polls.polled("SMGOV")
    assert watch.pollings.writes == 3
    assert watch.pollings.kept["DMLU"].polled_at == NOW + timedelta(minutes=5)


def test_a_poll_that_cannot_be_noted_is_noted_by_the_next() -> None:
    watch = Watch()
    polls = Polls(pollings=watch.pollings, clock=watch.clock)
    watch.pollings.is_down = True
    polls.polled("DMLU")
    watch.pollings.is_down = False
    watch.clock.advance(seconds=10)
    polls.polled("DMLU")
    assert watch.pollings.kept["DMLU"].polled_at == NOW + timedelta(seconds=10)
