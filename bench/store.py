"""Count what the life of a request costs in DynamoDB, and what one put costs in instructions.

python -m bench.store                  calls and capacity of a life
python -m bench.store --instructions   the same, and instructions per put (valgrind, some minutes)
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.capacity import index_units, item_bytes, read_units, table_units
from bench.counting import instructions_of
from bench.puts import CLIENTS
from bench.server import always_done
from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.dynamo.request_items import item_of
from chalicelib.adapters.dynamo.request_store import StoredRequests, new_write_id
from chalicelib.adapters.dynamo.requests import PynamoRequestTable
from chalicelib.domain import orders
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.builders import OPENED_AT, PHOTO, a_request, ordered
from tests.contract.stores import Engine, empty_tables
from tests.engines import moto_server
from tests.fakes import timer_in_a_small_city
from tests.faulty_proxy import faulty_proxy

COMMAND = {"key": "0" * 32, "body": "1" * 32}
PUTS_FEW, PUTS_MANY = 20, 120

Step = tuple[str, Callable[[ServiceRequest], ServiceRequest]]


def _by(order: orders.Order) -> Callable[[ServiceRequest], ServiceRequest]:
    return lambda request: ordered(request, order, command=COMMAND)


def _closed(request: ServiceRequest) -> ServiceRequest:
    act = Act(by=SYSTEM, at=request.updated_at + timedelta(days=14))
    return request.with_decision(EntryType.CLOSED, act, {"status": Status.CLOSED})


LIFE: Sequence[Step] = (
    ("accept", _by(orders.Accept())),
    ("schedule", _by(orders.Schedule(visit_at=OPENED_AT + timedelta(days=4)))),
    ("ask", _by(orders.Ask(question="O entulho está na calçada da frente ou na lateral da casa?"))),
    ("answer", _by(orders.Answer(answer="Na lateral, perto do poste."))),
    ("resolve", _by(orders.Resolve(answer="Recolhido pela equipe do turno da manhã.", photos=(PHOTO,)))),
    ("close", _closed),
)


def measure_life(console: Console) -> None:
    """Print calls, bytes and units of every step of a life, for both clients."""
    with moto_server() as url, faulty_proxy(url) as proxy, empty_tables(proxy, "requests") as engine:
        for name, store in _stores(engine).items():
            calls = _live(store, proxy.operations)
            console.print(_table(f"A life through {name}", calls))


def _stores(engine: Engine) -> Mapping[str, StoredRequests]:
    lean = LeanRequestTable(client=engine.client, table_name=engine.table("requests"))
    return {
        "the signed client": StoredRequests(table=lean, timer_of=timer_in_a_small_city),
        "PynamoDB": StoredRequests(table=PynamoRequestTable(), timer_of=timer_in_a_small_city),
    }


def _live(store: StoredRequests, operations: list[str]) -> list[tuple[str, list[str], ServiceRequest]]:
    """Open a request and change it as services do: load, decide, save."""
    operations.clear()
    request = a_request(command=COMMAND)
    store.add(request)
    steps = [("open", operations[:], request)]
    for name, decide in LIFE:
        operations.clear()
        seen = store.load(request.protocol)
        request = decide(seen)
        store.save(request, seen_version=seen.version)
        steps.append((name, operations[:], request))
    return steps


def _table(title: str, steps: Sequence[tuple[str, list[str], ServiceRequest]]) -> Table:
    table = Table(title=title)
    for heading in ("step", "calls", "item bytes", "table WCU", "index WCU", "WCU", "RCU"):
        table.add_column(heading, justify="left" if heading in ("step", "calls") else "right")
    before: dict[str, Any] = {}
    totals = [0, 0, 0]
    for name, calls, request in steps:
        item = item_of(request, new_write_id(), timer_in_a_small_city(request))
        reads = read_units(before) if before else 0
        written, indexed = table_units(before, item), index_units(before, item)
        totals = [total + more for total, more in zip(totals, (written, indexed, reads), strict=True)]
        row = (item_bytes(item), written, indexed, written + indexed, reads)
        table.add_row(name, " ".join(calls), *map(str, row))
        before = item
    table.add_section()
    table.add_row("life", "", "", *map(str, (totals[0], totals[1], totals[0] + totals[1], totals[2])))
    return table


def measure_instructions(console: Console) -> None:
    """Print how many instructions one put costs, apart from starting up."""
    if shutil.which("valgrind") is None:
        console.print("valgrind is not installed")
        return
    table = Table("client", "a put", "starting up and first put", title="Instructions, thousands")
    with always_done() as url:
        for name in CLIENTS:
            few, many = (
                instructions_of("bench.puts", name, str(puts), url) for puts in (PUTS_FEW, PUTS_MANY)
            )
            each = (many - few) / (PUTS_MANY - PUTS_FEW)
            table.add_row(name, f"{each / 1e3:,.0f}", f"{(few - each * (PUTS_FEW - 1)) / 1e3:,.0f}")
    console.print(table)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instructions", action="store_true")
    console = Console()
    measure_life(console)
    if parser.parse_args().instructions:
        measure_instructions(console)


if __name__ == "__main__":
    main()
