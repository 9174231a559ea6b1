"""Count the instructions of an intake, cold and hot, through the API's own entry point.

python -m bench.intake    (valgrind, about a minute)

The process runs the source tree with compiled bytecode, as the package does, against a stage on moto
that runs outside valgrind. Cold is everything up to the first answer (no TLS); hot is one more intake.
"""

from __future__ import annotations

import shutil
import uuid
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.counting import COUNT, counted
from tests.api_process import EVENT, ApiProcess, api_stage, ask

FEW, MANY = 1, 41
DEFAULT_DEPLOYMENT = 3_582_000_000
"""Instructions of the first request of a default Chalice + boto3 deployment of the same route."""


def main() -> None:
    """Print both counts and the share of a default deployment's cold start."""
    console = Console()
    if shutil.which("valgrind") is None:
        console.print("valgrind is not installed")
        return
    with api_stage() as stage:
        _compile(stage.url)
        few, many = (_instructions(stage.url, intakes) for intakes in (FEW, MANY))
    hot = (many - few) / (MANY - FEW)
    table = Table("intake", "instructions", title="Instructions of an intake")
    table.add_row("cold, first answer", f"{few / 1e6:,.0f} M")
    table.add_row("share of a default deployment", f"{few / DEFAULT_DEPLOYMENT:.2f}")
    table.add_row("hot", f"{hot / 1e3:,.0f} K")
    console.print(table)


def _instructions(endpoint_url: str, intakes: int) -> int:
    process = ApiProcess(endpoint_url, under=COUNT)
    for _ in range(intakes):
        answer = ask(process.process, _an_intake())
        if answer["status"] != 201:
            raise RuntimeError(answer["body"])
    return counted(process.end())


def _compile(endpoint_url: str) -> None:
    """Let an uncounted process write the bytecode: what was edited since would be compiled in the first."""
    process = ApiProcess(endpoint_url)
    ask(process.process, _an_intake())
    process.end()


def _an_intake() -> dict[str, Any]:
    return {**EVENT, "headers": EVENT["headers"] | {"Idempotency-Key": str(uuid.uuid4())}}


if __name__ == "__main__":
    main()
