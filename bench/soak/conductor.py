"""Lead a run: tell the process what to do at what time of the simulated days, kill it, start it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bench.soak.cast import SLICES, Case, local
from bench.soak.checks import Evidence
from bench.soak.counting import KEPT_EVERY_SECONDS, counted_in
from bench.soak.providers import Message, Providers, Trap
from bench.soak.stage import Stage
from chalicelib.domain.calendars import Calendar
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.surveys import Done
from chalicelib.domain.told_hours import morning_after
from infra.packaging.package import ROOT

TICK = timedelta(minutes=5)
SEEN_SECONDS = 1.2
"""Functions look at the clock's switch once a second."""
DOWN_SECONDS, RETRY_AFTER_SECONDS = 25.0, 5
QUIET_TICKS = 2
TICKS_TO_COUNT = 4
KILLED_IN = (
    (2, MessageKind.RESOLVED), (8, MessageKind.SURVEY), (9, MessageKind.SURVEY),
    (11, MessageKind.SURVEY_REMINDER), (3, MessageKind.RESOLVED), (5, MessageKind.SURVEY),
    (7, MessageKind.RESOLVED),
)  # fmt: skip
"""In which step the process is killed, and at a message of which kind; as many of them as are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What happens at a time: commands, then everything that follows from them and from the time."""

    name: str
    at: datetime
    commands: tuple[dict[str, Any], ...] = ()
    then: tuple[dict[str, Any], ...] = ()
    down: Medium | None = None
    kill_at: MessageKind | None = None


@dataclass(slots=True, kw_only=True)
class Conductor:
    """Leads one process after the other; `killed_at` says when each ended, `say` shows how far it is.

    `calls` are those of AWS that were made, by service and operation, before anything was judged.
    """

    stage: Stage
    providers: Providers
    directory: Path
    cases: Sequence[Case]
    kills: int
    say: Callable[[str], None]
    killed_at: dict[int, float] = field(default_factory=dict)
    ticks: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)
    _now: datetime | None = None
    _process: subprocess.Popen[bytes] | None = None
    _replies: Any = None

    def run(self, day: date) -> Evidence:
        """Go through all the days and read what they came to."""
        self._command({"do": "prepare"}, at=local(day, 6, 30))
        for step in steps_of(day, self.kills):
            self._take(step)
        for _ in range(TICKS_TO_COUNT):
            self._tick()
        time.sleep(2 * KEPT_EVERY_SECONDS)
        self.calls = counted_in(self.directory)
        self._command({"do": "look"})
        return msgspec.msgpack.decode((self.directory / "evidence").read_bytes(), type=Evidence)

    def stop(self) -> None:
        """End the process that runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _take(self, step: Step) -> None:
        self._set_time(max(step.at, self._now or step.at))
        if step.down is not None:
            wait = RETRY_AFTER_SECONDS if step.down is Medium.SMS else None
            self.providers.go_down(step.down, DOWN_SECONDS, wait)
        if step.kill_at is not None:
            after = max(2, len(self.cases) // 50)
            self.providers.trap = Trap(kind=step.kill_at, after=after, spring=self._kill)
        for command in step.commands:
            self._command(command)
        self._settle()
        for command in step.then:
            self._command(self._with_answers(command))
        if step.then:
            self._settle()
        self.providers.trap = None
        seconds = time.monotonic() - self.began
        self.say(f"{seconds:7.0f} s  {step.name}: {len(self.providers.taken):,} messages taken")

    def _settle(self) -> None:
        """Let five minutes pass again and again, until nothing follows from it any more."""
        quiet = 0
        while quiet < QUIET_TICKS:
            quiet = 0 if self._tick() else quiet + 1

    def _tick(self) -> int:
        assert self._now is not None  # noqa: S101
        self._set_time(self._now + TICK)
        self.ticks += 1
        return int(self._command({"do": "tick"}).get("handled", 0))

    def _set_time(self, moment: datetime) -> None:
        self._now = moment
        self.stage.set_time(moment)
        time.sleep(SEEN_SECONDS)

    def _command(self, command: dict[str, Any], at: datetime | None = None) -> dict[str, Any]:
        """Give a command; to the next process, if this one is killed before it answers."""
        if at is not None:
            self._set_time(at)
        while True:
            process = self._running()
            line = b""
            try:
                assert process.stdin is not None  # noqa: S101
                process.stdin.write(msgspec.json.encode(command) + b"\n")
                process.stdin.flush()
                line = self._replies.readline()
            except BrokenPipeError:
                pass
            if line:
                answer: dict[str, Any] = msgspec.json.decode(line)
                return answer
            self._bury(process)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            ours, theirs = os.pipe()
            log = (self.directory / "worker.log").open("ab")
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "bench.soak.worker", str(self.directory), str(theirs)],
                cwd=ROOT,
                env={"PATH": os.defpath, **self.stage.environment},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(theirs,),
            )
            os.close(theirs)
            self._replies = os.fdopen(ours, "rb")
        return self._process

    def _bury(self, process: subprocess.Popen[bytes]) -> None:
        """See to it that the process ended by our hand, and let the next one come."""
        code = process.wait()
        if code != -signal.SIGKILL:
            log = (self.directory / "worker.log").read_text()[-3000:]
            raise RuntimeError(f"the process ended by itself ({code}):\n{log}")
        self.providers.life += 1
        self.say(f"{time.monotonic() - self.began:7.0f} s  killed and started again")
        self._replies.close()
        self._process = None

    def _kill(self) -> None:
        if self._process is not None:
            self.killed_at[self.providers.life] = time.monotonic()
            self._process.kill()
            self._process.wait()

    def _with_answers(self, command: dict[str, Any]) -> dict[str, Any]:
        """Let those answer who would, by the links that came to them."""
        if command["do"] != "answer":
            return command
        return {**command, "answers": answers_in(self.providers.taken, self.cases)}


def answers_in(taken: Sequence[Message], cases: Sequence[Case]) -> list[tuple[str, Done]]:
    """Give the links by which citizens answer, and what they say of whether it was done."""
    wanted = {case.protocol: case.answer for case in cases if case.answer is not None}
    tokens = {one.protocol: one.token for one in taken if one.kind == MessageKind.SURVEY}
    return [(tokens[protocol], done) for protocol, done in wanted.items() if protocol in tokens]


def steps_of(day: date, kills: int) -> list[Step]:
    """Lay down the days: five parts are resolved in the course of one, and asked about in the next."""
    one = timedelta(days=1)
    calling = morning_after(Calendar(timezone="America/Sao_Paulo"), local(day, 12), 1)
    contests = [({"do": "contest", "part": part},) for part in range(SLICES)]
    resolves = [({"do": "resolve", "part": part},) for part in range(SLICES)]
    steps = [
        Step(name="resolved before eight", at=local(day, 7), commands=resolves[0]),
        Step(name="told at eight", at=local(day, 8, 5), then=contests[0]),
        Step(name="resolved at half past nine", at=local(day, 9, 30), commands=resolves[1], then=contests[1]),
        Step(
            name="resolved at noon, text messages down",
            at=local(day, 12),
            commands=resolves[2],
            then=contests[2],
            down=Medium.SMS,
        ),
        Step(name="resolved in the afternoon", at=local(day, 15, 30), commands=resolves[3], then=contests[3]),
        Step(name="asked in the evening", at=local(day, 18, 5)),
        Step(name="resolved in the night", at=local(day, 20, 30), commands=resolves[4]),
        Step(name="told in the morning", at=local(day + one, 8, 5), then=contests[4]),
        Step(name="asked whoever telephoned", at=calling + TICK),
        Step(
            name="asked on the web, e-mail down",
            at=max(local(day + one, 17, 30), calling + 2 * TICK),
            down=Medium.EMAIL,
        ),
        Step(name="asked the rest, answers", at=local(day + 2 * one, 8, 5), then=({"do": "answer"},)),
        Step(name="reminded", at=local(day + 8 * one, 10, 5)),
    ]
    return _with_kills(steps, kills)


def _with_kills(steps: Sequence[Step], kills: int) -> list[Step]:
    """Spread the kills over the steps, the most telling first."""
    chosen = dict(KILLED_IN[:kills])
    return [replace(step, kill_at=chosen.get(number)) for number, step in enumerate(steps)]
