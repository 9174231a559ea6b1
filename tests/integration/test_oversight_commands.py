"""Watch escalations and sweeps as the operator's commands do, against the application's own routes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import typer
from rich.console import Console, RenderableType

from chalicelib import wiring_timers
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import display_protocol
from infra import sweeps
from infra.consumer import Unreachable
from infra.escalations import Board, Feed, Line, follow, table_of
from infra.moments import moment_of
from tests.fakes import NOW
from tests.http import Centre
from tests.in_process import InProcess
from tests.oversight_desk import OversightDesk, a_protocol, an_escalation

SINCE = (NOW - timedelta(hours=24)).isoformat()


def _given(service: Any) -> Any:
    return service


@dataclass(slots=True)
class Panel:
    """An operator's terminal, and what there is to see."""

    desk: OversightDesk
    api: InProcess

    def feed(self, **wanted: str) -> Feed:
        return Feed(centre=self.api, since=SINCE, wanted=wanted)


@pytest.fixture
def panel(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Panel:
    desk = OversightDesk(clock=centre.clock)
    monkeypatch.setattr(wiring_timers, "oversight", partial(_given, desk.oversight))
    return Panel(desk, InProcess(base_url="", key="operator", centre=centre))


def written(shown: RenderableType) -> str:
    """Write it as on a wide terminal."""
    console = Console(file=io.StringIO(), width=200)
    console.print(shown)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def protocols(lines: Sequence[Line]) -> list[str]:
    return [line["protocol"] for line in lines]


def test_every_escalation_is_seen_once_also_one_that_became_visible_late(panel: Panel) -> None:
    feed, log = panel.feed(), panel.desk.log
    log.note([an_escalation(n, minutes_ago=10 + n) for n in range(1, 150)])
    assert protocols(feed.fresh()) == [a_protocol(n) for n in range(149, 0, -1)]
    assert feed.fresh() == []
    log.note([an_escalation(200, minutes_ago=9), an_escalation(201, minutes_ago=0)])
    panel.desk.clock.advance(minutes=1)
    assert protocols(feed.fresh()) == [a_protocol(200), a_protocol(201)]
    panel.desk.clock.advance(minutes=20)
    assert feed.fresh() == []


def test_a_feed_keeps_its_filters_on_every_page(panel: Panel) -> None:
    panel.desk.log.note([
        an_escalation(n, minutes_ago=n, secretariat="SMGOV" if n % 2 else "DMLU") for n in range(250)
    ])  # fmt: skip
    lines = panel.feed(secretariat="SMGOV", level="level_1,level_2").fresh()
    assert len(lines) == 125
    assert {line["secretariat"]["code"] for line in lines} == {"SMGOV"}


def test_a_row_tells_when_what_how_far_and_to_whom(panel: Panel) -> None:
    panel.desk.log.note([an_escalation(1, level=EscalationLevel.LEVEL_2)])
    text = written(table_of(panel.feed().fresh()))
    for cell in (
        "24/11 11:30",
        display_protocol(a_protocol(1)),
        "level_2",
        "+ notice",
        "DMLU: Descarte irregular",
        "due 23/11 11:30",
        "DMLU/focal_point",
        "DMLU/head",
    ):
        assert cell in text


def test_the_board_shows_the_newest_on_top_and_says_when_nobody_answers(panel: Panel) -> None:
    board, pauses = Board(), list[float]()
    panel.desk.log.note([an_escalation(n, minutes_ago=60 - n) for n in (1, 2)])

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(panel.feed().fresh, board.add, board.tell_interruption, pause)
    assert protocols(board.lines) == [a_protocol(2), a_protocol(1)]
    assert "2 escalations" in written(board)
    board.tell_interruption(Unreachable("503"), 4)
    assert "503; trying again in 4 s" in written(board)


def test_a_board_without_escalations_says_so() -> None:
    assert "no escalations yet" in written(Board())


def test_a_viewer_goes_on_after_the_api_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers = Answers([Unreachable("503"), [{"n": 1}], Unreachable("503"), [{"n": 2}]])
    with pytest.raises(KeyboardInterrupt):
        follow(answers.next, answers.seen.extend, answers.note, lambda seconds: None)
    assert answers.seen == [{"n": 1}, {"n": 2}]
    assert answers.interruptions == 2


@dataclass(slots=True)
class Answers:
    """A source that gives what it was told to, then is interrupted by its operator."""

    answers: list[Any]
    seen: list[Line] = field(default_factory=list)
    interruptions: int = 0

    def next(self) -> Sequence[Line]:
        if not self.answers:
            raise KeyboardInterrupt
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        lines: Sequence[Line] = answer
        return lines

    def note(self, error: Exception, pause: float) -> None:
        self.interruptions += 1


def a_run(**changes: Any) -> dict[str, Any]:
    run = {
        "started_at": "2026-11-24T14:30:00Z",
        "closed_at": "2026-11-24T14:30:42Z",
        "shards": 16,
        "eligible": 40,
        "acted": 31,
        "already": 9,
        "failed": 0,
        "adds_up": True,
        "oldest_due_at": "2026-11-24T14:23:00Z",
    }
    return run | changes


@pytest.mark.parametrize(
    ("run", "cells"),
    [
        (a_run(), ("24/11 11:30", "closed", "42 s", "16", "40", "31", "9", "yes", "24/11 11:23")),
        (a_run(closed_at=None, acted=2, adds_up=False), ("open", "not yet")),
        (a_run(closed_at="2026-11-24T15:31:00Z", failed=1, adds_up=False), ("61 min", "NO")),
        (a_run(oldest_due_at=None, eligible=0), ("yes",)),
    ],
)
def test_a_run_is_shown_with_what_came_of_it(run: dict[str, Any], cells: tuple[str, ...]) -> None:
    text = written(sweeps.table_of([run]))
    assert [cell for cell in cells if cell not in text] == []


def test_sweeps_are_shown_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    shown: list[Sequence[Line]] = []
    answers = Answers([[a_run()], Unreachable("503"), [a_run(), a_run()]])
    with pytest.raises(KeyboardInterrupt):
        sweeps.watch(answers.next, shown.append, answers.note, lambda seconds: None)
    assert [len(runs) for runs in shown] == [1, 2]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2h", NOW - timedelta(hours=2)),
        ("3d", NOW - timedelta(days=3)),
        ("2026-11-24T10:00:00-03:00", datetime(2026, 11, 24, 13, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_operators_write_it(text: str, moment: datetime) -> None:
    assert moment_of(text, NOW) == moment


@pytest.mark.parametrize("text", ["yesterday", "2", "2026-11-24T10:00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        moment_of(text, NOW)
