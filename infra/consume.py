"""`python -m infra consume --secretariat DMLU`: watch the reference consumer at work."""

from collections import Counter, deque
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from chalicelib.domain.protocols import Protocol, display_protocol
from infra.centres import BaseUrlOption, centre_of
from infra.consumer import Centre, Consumer, Event, Memory, Refused, Unreachable, forever
from infra.environment import LOCAL_DIRECTORY
from infra.moments import city_time

SHOWN = 15
COLUMNS = ("time", "protocol", "decision", "service", "neighbourhood", "due", "urgency")
WENT_ON = ("stale-version", "transition-not-allowed", "not-allowed")


@dataclass(slots=True)
class Board:
    """The newest messages and what became of all of them."""

    secretariat: str
    rows: deque[tuple[str, ...]] = field(default_factory=lambda: deque(maxlen=SHOWN))
    counts: Counter[str] = field(default_factory=Counter)
    line: str = "catching up"

    def show(self, event: Event) -> None:
        """Add a message on top."""
        data = event["data"]
        place = (data.get("place") or {}).get("neighbourhood") or {}
        self.rows.appendleft((
            city_time(event["time"]),
            display_protocol(Protocol(event["subject"])),
            f"{data['seq']} {data['happened']['type']}"
            + (f" → {data['now_with']}" if "now_with" in data else ""),
            (data.get("service") or {}).get("name", ""),
            place.get("name", ""),
            city_time(data["due_at"]) if "due_at" in data else "",
            data.get("urgency", ""),
        ))  # fmt: skip
        self.counts["messages"] += 1

    def tell_failure(self, event: Event, error: Exception) -> None:
        """Count a message that could not be handled and say why."""
        self.counts["given back"] += 1
        self.line = f"{event['id']}: {error}"

    def tell_interruption(self, error: Exception, pause_seconds: float) -> None:
        """Say that the API does not answer."""
        self.line = f"{error}; trying again in {pause_seconds:.0f} s"

    def __rich__(self) -> Group:
        table = Table(expand=True)
        for name in COLUMNS:
            table.add_column(name, no_wrap=True, ratio=None if name in ("time", "protocol", "due") else 1)
        table.title = f"{self.secretariat}: " + (
            " · ".join(f"{count} {what}" for what, count in sorted(self.counts.items())) or "nothing yet"
        )
        for row in self.rows:
            table.add_row(*row)
        return Group(table, self.line)


def consume(
    secretariat: Annotated[str, typer.Option(help="Its acronym, such as DMLU.")],
    accept: Annotated[bool, typer.Option("--accept", help="Accept every request that arrives.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is waiting any more.")] = False,
    key: Annotated[str | None, typer.Option(help="The secretariat's key; the demo key, if left out.")] = None,
    base_url: BaseUrlOption = None,
) -> None:
    """Receive a secretariat's messages over HTTP and show them as they come."""
    console, board = Console(), Board(secretariat)
    centre = centre_of(secretariat, key, base_url)

    def handle(event: Event) -> None:
        if accept and event["data"].get("status") == "queued":
            _accept(centre, event, board)
        board.show(event)

    memory = Memory.open(LOCAL_DIRECTORY / f"consumer-{secretariat.lower()}.json", datetime.now(UTC))
    consumer = Consumer(
        centre=centre, secretariat=secretariat, memory=memory, handle=handle, failed=board.tell_failure
    )
    view = Live(board, console=console, refresh_per_second=4) if console.is_terminal else nullcontext()
    try:
        with view:
            _run(consumer, board, once=once)
    except KeyboardInterrupt:
        memory.save()
    except (Refused, Unreachable) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    if not console.is_terminal:
        console.print(board)


def _run(consumer: Consumer, board: Board, *, once: bool) -> None:
    if once:
        while consumer.step(wait_seconds=0):
            pass
        board.line = "nothing is waiting any more"
        return

    def step() -> None:
        consumer.step()
        board.line = "waiting for messages; Ctrl-C stops"

    forever(step, board.tell_interruption)


def _accept(centre: Centre, event: Event, board: Board) -> None:
    """Accept the version that the message tells of; if it went on meanwhile, a later message says so."""
    headers = {"Idempotency_Key": event["id"], "If_Match": f'"{event["data"]["seq"]}"'}
    try:
        centre.call("POST", f"/v1/requests/{event['subject']}/accept", {}, **headers)
        board.counts["accepted"] += 1
    except Refused as refusal:
        if refusal.kind not in WENT_ON:
            raise
