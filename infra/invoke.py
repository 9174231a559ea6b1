"""`python -m infra invoke`: hand an event of `events/` to a deployed function and see its answer."""

import json
from pathlib import Path
from typing import Annotated

import typer

from infra.environment import RegionOption, StageOption, target_of
from infra.logs import Function
from infra.target import DEFAULT_REGION


def invoke(
    function: Function,
    event: Annotated[Path, typer.Argument(exists=True, help="A JSON file, such as those in events/.")],
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Invoke a function with an event and print what it answers."""
    target = target_of(stage, region)
    answer = target.client("lambda").invoke(
        FunctionName=target.resource_name(function), Payload=event.read_bytes()
    )
    payload = answer["Payload"].read().decode()
    typer.echo(json.dumps(json.loads(payload), indent=2, ensure_ascii=False) if payload else "no answer")
    if "FunctionError" in answer:
        raise typer.Exit(1)
