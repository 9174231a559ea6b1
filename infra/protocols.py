"""`python -m infra protocols allocate`: give out protocols for paper, for when nothing else works."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from typing import Annotated

import typer

from chalicelib import wiring_calamities
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.paper import MOST_ALLOCATED
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.services.paper_allocation import PaperAllocation
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="Protocols for paper: allocate.")
DAY = ["%Y-%m-%d"]


@app.callback()
def protocols() -> None:
    """Look after protocols for paper."""


@app.command()
def allocate(
    count: Annotated[int, typer.Option(min=1, max=MOST_ALLOCATED, help="How many.")],
    day: Annotated[datetime, typer.Option(formats=DAY, help="The first day on which they may be given out.")],
    by: Annotated[str, typer.Option(help="Who asked for them: a team's or a key owner's name.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for the printer of forms.")] = False,
    with_codes: Annotated[
        bool, typer.Option("--with-codes", help="Also access codes: whoever reads one can act on a request.")
    ] = False,
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Allocate protocols and print them, one a line; a request on paper is entered under one of them."""
    enter_stage(target_of(stage, region))
    service = wiring_calamities.paper_allocation()
    try:
        batch = service.allocate(count, day.date(), by)
    except InvalidInput as error:
        for fault in error.faults:
            typer.secho(f"{fault.path}: {fault.reason} {dict(fault.facts)}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    rows = [_row(service, protocol, with_codes=with_codes) for protocol in batch.protocols]
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["protocol", *(["access_code"] if with_codes else [])])
        writer.writerows(rows)
    else:
        for row in rows:
            typer.echo("  ".join(row))
    typer.echo(f"batch {batch.batch}: {count} protocols, for paper of {batch.day} or later", err=True)


def _row(service: PaperAllocation, protocol: Protocol, *, with_codes: bool) -> list[str]:
    shown = [display_protocol(protocol)]
    return [*shown, service.access_code(protocol)] if with_codes else shown
