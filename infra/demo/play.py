"""Send the demo's calls, let secretariats return what is not theirs, and show what arrived where."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from infra.catalogue import CityOption
from infra.catalogue_source import load_city
from infra.demo.client import Client
from infra.demo.script import DemoCall, demo_calls
from infra.environment import LOCAL_DIRECTORY
from infra.local.records import Endpoints

SEED = 156
ARRIVAL_SECONDS = 60
POLL_SECONDS = 0.5


@dataclass(slots=True)
class Outcome:
    """What became of the calls so far."""

    sent_to: dict[str, str] = field(default_factory=dict)
    arrived_at: dict[str, str] = field(default_factory=dict)
    misrouted: dict[str, str] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    returned_to: Counter[str] = field(default_factory=Counter)
    triage: int = 0


def demo(
    count: Annotated[int, typer.Option(help="How many requests to replay.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed replays the same requests.")] = SEED,
    city: CityOption = "porto_alegre",
) -> None:
    """Replay realistic requests through the HTTP intake and show them arrive."""
    endpoints = Endpoints.read(LOCAL_DIRECTORY / "endpoints.json")
    if endpoints is None:
        typer.secho("nothing runs here yet: start it with `make run`", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    console, client, outcome = Console(highlight=False, soft_wrap=True), Client(endpoints), Outcome()
    calls = list(demo_calls(load_city(city), count, random.Random(seed)))  # noqa: S311 - a demo, not a secret
    started, began_at = time.monotonic(), datetime.now(UTC)
    with Progress(console=console, transient=True) as progress:
        sending = progress.add_task("opening requests", total=len(calls))
        for call in calls:
            _send(client, call, outcome)
            progress.advance(sending)
        arriving = progress.add_task("arriving at the secretariats", total=len(outcome.sent_to))
        for arrived in _arrivals(client, outcome, began_at):
            progress.update(arriving, completed=arrived)
        for protocol, belongs_to in outcome.misrouted.items():
            _return(client, protocol, belongs_to, outcome)
    _report(console, outcome, time.monotonic() - started)
    if len(outcome.arrived_at) < len(outcome.sent_to):
        raise typer.Exit(1)


def _send(client: Client, call: DemoCall, outcome: Outcome) -> None:
    status, answer = client.post("/v1/requests", call.body, call.key, idempotency_key=str(uuid.uuid4()))
    if status != 201:
        outcome.refusals[_refusal(answer)] += 1
        return
    secretariat = answer["secretariat"]
    outcome.sent_to[answer["protocol"]] = secretariat["code"]
    outcome.names[secretariat["code"]] = secretariat["name"]
    outcome.triage += answer["status"] == "triage"
    if call.belongs_to is not None:
        outcome.misrouted[answer["protocol"]] = call.belongs_to


def _refusal(answer: dict[str, Any]) -> str:
    faults = [f"{fault['field']}: {fault['message']}" for fault in answer.get("errors", [])]
    return ", ".join(faults) or str(answer["title"])


def _arrivals(client: Client, outcome: Outcome, since: datetime) -> Iterator[int]:
    """Read each secretariat's change feed until all have arrived; yields how many have.

    The feed takes nothing from the queues, so a consumer may run beside the demo.
    """
    deadline = time.monotonic() + ARRIVAL_SECONDS
    while len(outcome.arrived_at) < len(outcome.sent_to) and time.monotonic() < deadline:
        waiting = {code for protocol, code in outcome.sent_to.items() if protocol not in outcome.arrived_at}
        for code in sorted(waiting):
            for event in client.changes(code, since):
                if event["subject"] in outcome.sent_to:
                    outcome.arrived_at[event["subject"]] = code
        yield len(outcome.arrived_at)
        time.sleep(POLL_SECONDS)


def _return(client: Client, protocol: str, belongs_to: str, outcome: Outcome) -> None:
    """Let the secretariat say whose it is; it goes there if the catalogue allows it, else to triage."""
    reason = {"reason": "Não é competência desta secretaria.", "proposed": belongs_to}
    status, answer = client.order(protocol, "return", reason, key=outcome.sent_to[protocol])
    outcome.returned_to[answer["secretariat"]["code"] if status == 200 else "refused"] += 1


def _report(console: Console, outcome: Outcome, seconds: float) -> None:
    table = Table("secretariat", "opened", "arrived", title="What arrived where")
    sent, arrived = Counter(outcome.sent_to.values()), Counter(outcome.arrived_at.values())
    for code, number in sent.most_common():
        table.add_row(f"{code}  {outcome.names[code]}", str(number), str(arrived[code]))
    console.print(table)
    refused = Table("refused because", "times", title="Refused, nothing written")
    for reason, times in outcome.refusals.most_common():
        refused.add_row(reason, str(times))
    console.print(refused)
    returned = ", ".join(f"{count} to {code}" for code, count in outcome.returned_to.items())
    console.print(
        f"{len(outcome.sent_to)} opened ({outcome.triage} in triage), {outcome.refusals.total()} refused, "
        f"{len(outcome.arrived_at)} arrived, returned as misrouted: {returned or 'none'}; {seconds:.0f} s"
    )
