"""Find the API that an operator's command talks to, and the key that opens it."""

from typing import Annotated

import typer

from infra.consumer import Centre
from infra.environment import LOCAL_DIRECTORY
from infra.local.records import Endpoints

BaseUrlOption = Annotated[str | None, typer.Option(help="Where the API is; the local one, if left out.")]
OperatorKeyOption = Annotated[
    str | None, typer.Option(help="An operator's key; the local demo key, if left out.")
]
OPERATOR = "operator"


def centre_of(holder: str, key: str | None, base_url: str | None) -> Centre:
    """Give the API with the key given, or the local one with its demo key of `holder`."""
    local = Endpoints.read(LOCAL_DIRECTORY / "endpoints.json")
    base_url = base_url or (local.base_url if local else None)
    keys = {name.lower(): token for name, token in local.keys.items()} if local else {}
    key = key or keys.get(holder.lower())
    if base_url is None or key is None:
        typer.secho(
            f"no key for {holder} here: start `make run`, or give --base-url and --key",
            fg=typer.colors.RED,
            err=True,
        )
        raise typer.Exit(1)
    return Centre(base_url=base_url.rstrip("/"), key=key)
