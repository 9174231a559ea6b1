"""`python -m infra escalations`: watch escalations as they happen."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from infra.centres import OPERATOR, BaseUrlOption, OperatorKeyOption, centre_of
from infra.consumer import Centre, Refused, Unreachable, forever
from infra.moments import city_time, moment_of

Line = Mapping[str, Any]

PATH = "/v1/operations/escalations"
PER_PAGE = "100"
ASK_EVERY_SECONDS = 3.0
SHOWN = 40
COLUMNS = ("time", "protocol", "level", "secretariat", "service", "due", "to")
FIXED = ("time", "protocol", "level", "secretariat", "due")


@dataclass(slots=True, kw_only=True)
class Feed:
    """The escalations from `since` on, each given once however often it is asked.

    Readings overlap, so that one which became visible late is not missed; a reading covers all that can
    come again, so only the last one need be remembered.
    """

    centre: Centre
    since: str
    wanted: Mapping[str, str] = field(default_factory=dict)
    _known: frozenset[tuple[str, int]] = frozenset()

    def fresh(self) -> list[Line]:
        """Return what happened since the last reading, in order."""
        read, resume_since = self._read()
        names = [(line["protocol"], line["seq"]) for line in read]
        found = [line for line, name in zip(read, names, strict=True) if name not in self._known]
        self._known, self.since = frozenset(names), resume_since
        return found

    def _read(self) -> tuple[list[Line], str]:
        lines: list[Line] = []
        query: dict[str, str] | None = {"since": self.since, "limit": PER_PAGE, **self.wanted}
        while query:
            page = self.centre.call("GET", PATH, query=query)
            lines += page["items"]
            further = {"cursor": page["next"], "limit": PER_PAGE, **self.wanted}
            query = further if page["next"] else None
        return lines, page["resume_since"]


@dataclass(slots=True)
class Board:
    """The newest escalations, and how many there were."""

    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=SHOWN))
    count: int = 0
    said: str = ""

    def add(self, lines: Iterable[Line]) -> None:
        """Put escalations on top, the last on top of all."""
        for line in lines:
            self.lines.appendleft(line)
            self.count += 1
        self.said = "Ctrl-C stops"

    def tell_interruption(self, error: Exception, pause_seconds: float) -> None:
        """Say that the API does not answer."""
        self.said = f"{error}; trying again in {pause_seconds:.0f} s"

    def __rich__(self) -> Group:
        table = table_of(self.lines)
        table.title = f"{self.count} escalations" if self.count else "no escalations yet"
        return Group(table, self.said)


def table_of(lines: Iterable[Line]) -> Table:
    """Show escalations in the order given: what is about one request stands in one cell."""
    table = Table(expand=True, show_lines=True)
    for name in ("time", "request", "level", "to"):
        table.add_column(name, no_wrap=name == "time", ratio=None if name == "time" else 1)
    for line in lines:
        when, protocol, level, secretariat, service, due, to = cells(line)
        request = f"{protocol}\n{secretariat}: {service}\ndue {due}"
        table.add_row(when, request, level.replace(" + ", "\n+ "), to.replace(", ", "\n"))
    return table


def cells(line: Line) -> Iterator[str]:
    """Write an escalation as the cells of a row; levels that came with it stand behind its own."""
    yield city_time(line["at"])
    yield line["protocol_display"]
    yield " + ".join((line["level"], *line["skipped"]))
    yield line["secretariat"]["code"]
    yield line["service"]["name"]
    yield city_time(line["due_at"])
    yield ", ".join(line["to"])


def follow(
    fresh: Callable[[], Sequence[Line]],
    show: Callable[[Sequence[Line]], None],
    interrupted: Callable[[Exception, float], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Show what is fresh, again and again; an API that does not answer is asked ever later."""

    def step() -> None:
        show(fresh())
        pause(ASK_EVERY_SECONDS)

    forever(step, interrupted)


def escalations(
    once: Annotated[bool, typer.Option("--once", help="Show what there is and stop.")] = False,
    since: Annotated[
        str, typer.Option(help="A moment (2026-11-24T10:00:00-03:00) or how long ago: 30m, 2h, 3d.")
    ] = "24h",
    level: Annotated[str | None, typer.Option(help="Only these, such as level_2,level_3.")] = None,
    secretariat: Annotated[str | None, typer.Option(help="Only theirs, such as DMLU,EPTC.")] = None,
    service: Annotated[str | None, typer.Option(help="Only of these services, by code.")] = None,
    key: OperatorKeyOption = None,
    base_url: BaseUrlOption = None,
) -> None:
    """Watch escalations as they happen: when, what, how far up, and to whom."""
    asked = {"level": level, "secretariat": secretariat, "service": service}
    feed = Feed(
        centre=centre_of(OPERATOR, key, base_url),
        since=moment_of(since, datetime.now(UTC)).isoformat(),
        wanted={name: value for name, value in asked.items() if value},
    )
    try:
        _once(feed) if once else _live(feed)
    except KeyboardInterrupt:
        return
    except (Refused, Unreachable) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None


def _once(feed: Feed) -> None:
    Console().print(table_of(feed.fresh()))


def _live(feed: Feed) -> None:
    """Keep a board on a terminal; anywhere else write a line per escalation, for other programs to read."""
    console, board = Console(), Board()
    if not console.is_terminal:
        follow(feed.fresh, _write, lambda error, pause: typer.echo(str(error), err=True))
        return
    with Live(board, console=console, refresh_per_second=4):
        follow(feed.fresh, board.add, board.tell_interruption)


def _write(lines: Iterable[Line]) -> None:
    for line in lines:
        typer.echo("\t".join(cells(line)))
