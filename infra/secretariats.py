"""`python -m infra secretariats …`: the queues of a city's secretariats."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.table import Table

from chalicelib.settings import dead_letter_suffix, queue_suffix
from infra.catalogue import CityOption, read_city
from infra.environment import RegionOption, StageOption, target_of
from infra.publication import in_force
from infra.secretariat_queues import SecretariatQueueNames
from infra.secretariat_stack import deploy as deploy_stack
from infra.stacks import StackFailed
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="Secretariats' queues: deploy, list.")


@app.command()
def deploy(
    city: CityOption = "porto_alegre", stage: StageOption = "local", region: RegionOption = DEFAULT_REGION
) -> None:
    """Create the queues of every secretariat in force; nothing happens to those that exist."""
    catalogue = read_city(city)
    try:
        changed = deploy_stack(catalogue, target_of(stage, region), datetime.now(UTC), typer.echo)
    except StackFailed as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    codes = in_force(catalogue, datetime.now(UTC))
    if missing := SecretariatQueueNames.of(target_of(stage, region)).missing(codes):
        typer.secho(
            f"no queue although the stack has it, so somebody deleted it by hand: {', '.join(missing)}; "
            "delete the secretariats' stack (queues in use are retained) and deploy again",
            fg=typer.colors.RED,
            err=True,
        )
        raise typer.Exit(1)
    count = len(codes)
    typer.echo(f"{count} secretariats have their queues{'' if changed else '; nothing changed'}")


@app.command("list")
def list_secretariats(
    city: CityOption = "porto_alegre", stage: StageOption = "local", region: RegionOption = DEFAULT_REGION
) -> None:
    """List the secretariats with what waits in their queues and dead-letter queues."""
    catalogue, queues = read_city(city), SecretariatQueueNames.of(target_of(stage, region))
    living = set(in_force(catalogue, datetime.now(UTC)))
    table = Table("code", "name", "queue", "dead letters")
    for code, organ in catalogue.secretariats.items():
        if code not in living:
            table.add_row(code, organ.name, f"ended {organ.valid_until} → {organ.successor}", "")
            continue
        depths = (queues.waiting(queue_suffix(code)), queues.waiting(dead_letter_suffix(code)))
        table.add_row(code, organ.name, *("missing" if depth is None else str(depth) for depth in depths))
    Console().print(table)
