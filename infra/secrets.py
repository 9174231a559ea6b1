"""Fill and rotate the secrets of a stage."""

import json
import secrets
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from infra.target import DEFAULT_REGION, Target

app = typer.Typer(no_args_is_help=True, help="Secrets: rotate the key that signs links.")

_BYTES = 32


@app.callback()
def look_after_secrets() -> None:
    """Keep `rotate-link-key` a command of its own."""


@app.command("rotate-link-key")
def rotate_link_key_command(
    stage: Annotated[str, typer.Option(envvar="STAGE", help="dev or prod.")],
    region: Annotated[str, typer.Option(envvar="AWS_REGION")] = DEFAULT_REGION,
) -> None:
    """Sign new links with a new key; those of the present one stay valid until the next rotation."""
    rotate_link_key(Target(stage=stage, region=region))
    typer.echo(f"{stage} signs links with a new key")


def fill_secrets(target: Target) -> bool:
    """Give a new stage its secrets; return False if it has them, whatever they are.

    CloudFormation owns the secret but never its value: changing a template must not be able to replace
    the pepper, without which no citizen would be recognised again.
    """
    manager = target.client("secretsmanager")
    if _current(manager, target) is not None:
        return False
    _store(manager, target, {name: _random() for name in ("pepper", "link_key", "link_key_previous")})
    return True


def rotate_link_key(target: Target) -> None:
    """Sign new links with a new key; links signed with the present one stay valid until the next rotation."""
    manager = target.client("secretsmanager")
    current = _current(manager, target)
    if current is None:
        raise LookupError(f"stage {target.stage} has no secrets yet; deploy it first")
    _store(manager, target, current | {"link_key": _random(), "link_key_previous": current["link_key"]})


def _current(manager: Any, target: Target) -> dict[str, str] | None:
    try:
        text = manager.get_secret_value(SecretId=target.resource_name("secrets")).get("SecretString")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None  # so AWS answers for a secret that never had a value; the local engine says ""
        raise
    if not text:
        return None
    value: dict[str, str] = json.loads(text)
    return value


def _store(manager: Any, target: Target, value: dict[str, str]) -> None:
    manager.put_secret_value(SecretId=target.resource_name("secrets"), SecretString=json.dumps(value))


def _random() -> str:
    return secrets.token_urlsafe(_BYTES)
