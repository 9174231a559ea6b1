"""`python -m infra sweeps`: what the last sweep runs found due, and what came of it."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from infra.centres import OPERATOR, BaseUrlOption, OperatorKeyOption, centre_of
from infra.consumer import Refused, Unreachable, forever
from infra.moments import city_time

Run = Mapping[str, Any]

PATH = "/v1/operations/sweeps"
ASK_EVERY_SECONDS = 5.0
COUNTS = ("eligible", "acted", "already", "failed")
COLUMNS = ("began", "state", "took", "shards", *COUNTS, "adds up", "oldest due")


def table_of(runs: Iterable[Run]) -> Table:
    """Show sweep runs in the order given; one that is closed and does not add up stands out."""
    table = Table(title="sweeps")
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in ("shards", *COUNTS) else "left", no_wrap=True)
    for run in runs:
        wrong = run["closed_at"] is not None and not run["adds_up"]
        table.add_row(*_cells(run), style="red" if wrong else None)
    return table


def watch(
    fetch: Callable[[], Sequence[Run]],
    show: Callable[[Sequence[Run]], None],
    interrupted: Callable[[Exception, float], None],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Show the runs, again and again; an API that does not answer is asked ever later."""

    def step() -> None:
        show(fetch())
        pause(ASK_EVERY_SECONDS)

    forever(step, interrupted)


def sweeps(
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many of the last runs.")] = 12,
    watching: Annotated[bool, typer.Option("--watch", help="Refresh until Ctrl-C.")] = False,
    key: OperatorKeyOption = None,
    base_url: BaseUrlOption = None,
) -> None:
    """Show the last sweep runs: what was due, acted on, done already or failed, and whether it adds up."""
    centre = centre_of(OPERATOR, key, base_url)

    def fetch() -> list[Run]:
        items: list[Run] = centre.call("GET", PATH, query={"limit": str(limit)})["items"]
        return items

    try:
        if watching:
            _watch_on_terminal(fetch)
        else:
            Console().print(table_of(fetch()))
    except KeyboardInterrupt:
        return
    except (Refused, Unreachable) as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None


def _watch_on_terminal(fetch: Callable[[], Sequence[Run]]) -> None:
    with Live(table_of(()), refresh_per_second=1) as live:
        watch(
            fetch,
            lambda runs: live.update(table_of(runs)),
            lambda error, pause: live.console.print(f"{error}; trying again in {pause:.0f} s"),
        )


def _cells(run: Run) -> list[str]:
    closed, oldest = run["closed_at"], run["oldest_due_at"]
    return [
        city_time(run["started_at"]),
        "open" if closed is None else "closed",
        "" if closed is None else _took(run["started_at"], closed),
        *(str(run[name]) for name in ("shards", *COUNTS)),
        "yes" if run["adds_up"] else "not yet" if closed is None else "NO",
        "" if oldest is None else city_time(oldest),
    ]


def _took(began: str, ended: str) -> str:
    seconds = (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
