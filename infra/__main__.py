"""`python -m infra …`: every operator command, one group per module."""

import typer
from botocore.exceptions import (
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    TokenRetrievalError,
)

from infra import calamity, calendar, catalogue, keys, protocols, requests, secretariats, secrets
from infra.clock import clock
from infra.consume import consume
from infra.deadline import deadline
from infra.demo.play import demo
from infra.escalations import escalations
from infra.invoke import invoke
from infra.local.run import run
from infra.logs import logs
from infra.relay import relay
from infra.release import dependencies, deploy, package
from infra.sweeps import sweeps
from infra.templates import app as templates

_LACKING = (EndpointConnectionError, NoCredentialsError, PartialCredentialsError, TokenRetrievalError)

app = typer.Typer(name="infra", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(run)
app.command()(logs)
app.command()(dependencies)
app.command()(package)
app.command()(deploy)
app.command()(demo)
app.command()(consume)
app.command()(relay)
app.command()(sweeps)
app.command()(escalations)
app.command()(invoke)
app.command()(deadline)
app.command()(clock)
app.add_typer(calamity.app, name="calamity")
app.add_typer(calendar.app, name="calendar")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(keys.app, name="key")
app.add_typer(protocols.app, name="protocols")
app.add_typer(requests.app, name="request")
app.add_typer(secretariats.app, name="secretariats")
app.add_typer(secrets.app, name="secrets")
app.add_typer(templates, name="templates")


@app.callback()
def operate() -> None:
    """Operate Central 156: build, deploy, run and look after it."""


def main() -> None:
    """Run a command; what the operator's machine lacks is said in a line."""
    try:
        app()
    except _LACKING as error:
        typer.secho(f"central156: {error}", fg=typer.colors.RED, err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
