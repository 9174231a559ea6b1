"""`python -m infra request show`: print a stored request, whose document is compressed in the table."""

import json
from typing import Annotated

import typer

from chalicelib import wiring
from chalicelib.domain.canonical import plain
from chalicelib.domain.errors import NotFound, ProtocolCheckDigitWrong, ProtocolMalformed
from chalicelib.domain.protocols import parse_protocol
from chalicelib.domain.timeline import is_intact
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="Stored requests: show.")


@app.callback()
def requests() -> None:
    """Look at stored requests."""


@app.command()
def show(
    protocol: Annotated[str, typer.Argument(help="With or without separators.")],
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Print a request's state and timeline, without its private texts, and whether its chain is intact."""
    enter_stage(target_of(stage, region))
    try:
        request = wiring.requests().load(parse_protocol(protocol))
    except ProtocolMalformed:
        raise typer.BadParameter("a protocol has thirteen digits") from None
    except ProtocolCheckDigitWrong:
        raise typer.BadParameter("the check digit does not match") from None
    except NotFound:
        raise typer.BadParameter("no request has this protocol") from None
    shown = {"state": plain(request.state), "timeline": plain(request.timeline)}
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    intact = is_intact(request.protocol, request.timeline, request.private)
    typer.echo(f"version {request.version}, chain {'intact' if intact else 'BROKEN'}")
