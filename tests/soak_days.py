"""Lead the soak's floor through the days, as the conductor of the long run does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from bench.soak.cast import Case, cast_of, taken_up
from bench.soak.checks import Evidence, Judgement, judge, send_line
from bench.soak.conductor import QUIET_TICKS, TICK, TICKS_TO_COUNT, Step, answers_in, steps_of
from bench.soak.providers import Trap
from chalicelib.domain import orders
from chalicelib.domain.access import Principal
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.resolutions import resolution_of
from chalicelib.domain.result_groups import Dimension
from chalicelib.services.ports.notices import SendStatus
from chalicelib.services.survey_results import ResultsQuestion, SurveyResults
from tests.soak_floor import Fuse, Killed, SoakFloor

OPERATOR = Principal(name="soak", scopes=frozenset({"operator"}))
HOURS_DOWN_SECONDS = 3600.0


@dataclass(slots=True)
class Soak:
    """A run in memory: it is killed at the calls that `fuse_at` names, and at messages as `kills` says."""

    requests: int
    day: date
    kills: int = 3
    fuse_at: list[int] = field(default_factory=list)
    killed_at: dict[int, float] = field(default_factory=dict)
    cases: list[Case] = field(init=False)
    floor: SoakFloor = field(init=False)

    def __post_init__(self) -> None:
        self.cases = cast_of(self.requests, self.day)
        self.floor = SoakFloor(Fuse(sorted(self.fuse_at)))

    def run(self) -> Judgement:
        """Go through all the days, and judge."""
        self._begin()
        for step in steps_of(self.day, self.kills):
            self._take(step)
        for _ in range(TICKS_TO_COUNT):
            self._tick()
        return self.judgement()

    def judgement(self) -> Judgement:
        city, taken = self.floor.catalogue.current(), self.floor.providers.taken
        return judge(self.cases, city, self.evidence(), taken, self.killed_at)

    def evidence(self) -> Evidence:
        floor = self.floor
        results = SurveyResults(results=floor.results, catalogue=floor.catalogue, clock=floor.clock)
        by_secretariat = frozenset({Dimension.SECRETARIAT})
        question = ResultsQuestion(since=self.day, until=self.day, group_by=by_secretariat)
        report = results.report(question, OPERATOR)
        sends = [one for one in floor.sends.kept.values() if one.kind and one.status is not SendStatus.FAILED]
        return Evidence(
            resolved=frozenset(
                one.protocol for one in self.cases if resolution_of(floor.stored(one.protocol), 1)
            ),
            surveys={protocol: one for (protocol, generation), one in self._surveys() if generation == 1},
            called=frozenset((one.protocol, str(one.kind)) for one in floor.post.callbacks.tasks.values()),
            sends=frozenset(map(send_line, sends)),
            unmarked=frozenset(send_line(one) for one in sends if one.status is SendStatus.CLAIMED),
            total=report.total.tally,
            tallies={group.key[Dimension.SECRETARIAT]: group.tally for group in report.groups},
        )

    def _surveys(self) -> Any:
        return self.floor.surveys.kept.items()

    def _begin(self) -> None:
        chosen = Preferences(opted_out=frozenset({MessageKind.SURVEY}), changed_at=self.floor.clock.now())
        for case in self.cases:
            request = taken_up(case, self.day, self.floor.catalogue.current())
            self.floor.requests.add(request)
            if case.citizen.opted_out:
                self.floor.post.preferences.keep(case.citizen.keys, chosen)
        self.floor.requests.stream.clear()

    def _take(self, step: Step) -> None:
        self.floor.clock.time = max(step.at, self.floor.clock.time)
        if step.down is not None:
            self.floor.providers.go_down(step.down, HOURS_DOWN_SECONDS, 5)
        if step.kill_at is not None:
            self.floor.providers.trap = Trap(kind=step.kill_at, after=3, spring=self._kill)
        for command in step.commands:
            _DUTIES[command["do"]](self, command)
        self._drain()
        if step.down is not None:
            self._tick()
            self.floor.providers.go_down(step.down, 0)
        self._settle()
        for command in step.then:
            _DUTIES[command["do"]](self, command)
        self._settle()
        self.floor.providers.trap = None

    def _settle(self) -> None:
        quiet = 0
        while quiet < QUIET_TICKS:
            before = (len(self.floor.providers.taken), sum(map(len, self._kept())))
            self._tick()
            after = (len(self.floor.providers.taken), sum(map(len, self._kept())))
            quiet = 0 if before != after or self.floor.is_busy else quiet + 1

    def _kept(self) -> tuple[Any, ...]:
        return self.floor.sends.kept, self.floor.surveys.kept, self.floor.requests.stream

    def _tick(self) -> None:
        self.floor.clock.time += TICK
        self._live(self.floor.tick)
        self._drain()

    def _drain(self) -> None:
        while self._live(self.floor.work):
            pass

    def _live(self, do: Callable[[], Any]) -> Any:
        """Do something again until no kill comes between."""
        while True:
            try:
                return do()
            except Killed:
                self._note_kill()

    def _kill(self) -> None:
        raise Killed

    def _note_kill(self) -> None:
        self.killed_at[self.floor.providers.life] = time.monotonic()
        self.floor.providers.life += 1

    def _resolve(self, command: Mapping[str, Any]) -> None:
        for case in self.cases:
            if case.part == command["part"]:
                self.floor.order(case.protocol, orders.Resolve(answer="Serviço concluído."))

    def _contest(self, command: Mapping[str, Any]) -> None:
        for case in self.cases:
            if case.part == command["part"] and case.contests:
                self.floor.order(case.protocol, orders.Contest(reason="Ninguém veio."))

    def _answer(self, command: Mapping[str, Any]) -> None:
        for token, done in answers_in(self.floor.providers.taken, self.cases):
            self._live(partial(self.floor.answer, token, done))


_DUTIES: Mapping[str, Callable[[Soak, Mapping[str, Any]], None]] = {
    "resolve": Soak._resolve,
    "contest": Soak._contest,
    "answer": Soak._answer,
}
