"""`python -m infra key …`: create, list, rotate and revoke API keys."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib import wiring
from chalicelib.domain.access import Grant
from chalicelib.domain.errors import InvalidInput, NotFound, Unauthenticated
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="API keys: create, list, rotate, revoke.")

DEMO_SCOPES: Mapping[str, tuple[str, ...]] = {
    "web": ("channel:web",),
    "app": ("channel:app",),
    "whatsapp": ("channel:whatsapp", "channel:sms"),
    "email": ("channel:email",),
    "attendant": ("attendant", "channel:phone", "channel:counter", "channel:chat"),
    "reviewer": ("reviewer",),
    "direction": ("direction",),
    "ombudsman": ("ombudsman",),
    "operator": ("operator",),
}
"""What each demo key may do; every secretariat in force gets one of its own beside these."""


@app.command()
def create(
    owner: Annotated[
        str, typer.Option(help="Who holds it: a system's or a team's name, never a person's data.")
    ],
    scope: Annotated[
        list[str], typer.Option(help="channel:web, focal:DMLU, attendant, operator, … (repeatable)")
    ],
    days: Annotated[int | None, typer.Option(min=1, help="Days until it ends; never, if left out.")] = None,
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Create a key and print its token, this once."""
    enter_stage(target_of(stage, region))
    _refuse_unknown_secretariats(scope)
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    try:
        key, token = wiring.key_administration().issue(owner, scope, expires_at=expires_at)
    except InvalidInput as error:
        for fault in error.faults:
            typer.secho(f"{fault.path}: {fault.reason} {dict(fault.facts)}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"key    {key.key_id}")
    typer.echo(f"token  {token}   (shown only now)")


@app.command("list")
def list_keys(stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """List every key; secrets are not stored and cannot be shown."""
    enter_stage(target_of(stage, region))
    table = Table("key", "owner", "scopes", "created", "expires", "revoked")
    for key in sorted(wiring.api_keys().all(), key=lambda one: one.created_at):
        moments = (key.created_at, key.expires_at, key.revoked_at)
        shown = [moment.strftime("%Y-%m-%d %H:%M") if moment else "–" for moment in moments]
        table.add_row(key.key_id, key.principal.name, " ".join(sorted(key.principal.scopes)), *shown)
    Console().print(table)


@app.command()
def rotate(key_id: str, stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """Create a successor with the same scopes; the old key works for seven more days."""
    enter_stage(target_of(stage, region))
    try:
        key, token = wiring.key_administration().rotate(key_id)
    except NotFound as error:
        raise _unknown(key_id) from error
    except Unauthenticated as error:
        raise typer.BadParameter(f"{key_id} is {error.reason}; create a new key") from None
    typer.echo(f"key    {key.key_id}")
    typer.echo(f"token  {token}   (shown only now)")


@app.command()
def revoke(key_id: str, stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """End a key; running functions refuse it within a minute."""
    enter_stage(target_of(stage, region))
    try:
        wiring.key_administration().revoke(key_id)
    except NotFound as error:
        raise _unknown(key_id) from error
    typer.echo(f"{key_id} is revoked")


def demo_keys(known: Mapping[str, str], secretariats: list[str]) -> dict[str, str]:
    """Return a working token per role and secretariat, creating those not known from an earlier run."""
    administration = wiring.key_administration()
    wanted = {**DEMO_SCOPES, **{code: (f"focal:{code}",) for code in secretariats}}
    tokens: dict[str, str] = {}
    for name, scopes in wanted.items():
        try:
            administration.authenticate(known.get(name, ""))
            tokens[name] = known[name]
        except Unauthenticated:
            _, tokens[name] = administration.issue(f"demo-{name}", scopes)
    return tokens


def _refuse_unknown_secretariats(scopes: list[str]) -> None:
    known = wiring.catalogue().current().secretariats
    for scope in scopes:
        grant, _, code = scope.partition(":")
        if grant == Grant.FOCAL and code not in known:
            raise typer.BadParameter(f"the published catalogue has no secretariat {code or '(no name)'}")


def _unknown(key_id: str) -> typer.Exit:
    typer.secho(f"no key {key_id}", fg=typer.colors.RED, err=True)
    return typer.Exit(1)
