"""Enter a stage as one of its functions would, so that operator commands use the very same services."""

import os
from pathlib import Path
from typing import Annotated

import typer

from infra.local.records import Endpoints
from infra.packaging.package import ROOT
from infra.stacks import Stack
from infra.target import DEFAULT_REGION, Target

StageOption = Annotated[str, typer.Option(envvar="STAGE", help="local, dev or prod.")]
RegionOption = Annotated[str, typer.Option(envvar="AWS_REGION", help="Where the stage is deployed.")]
LOCAL = "local"
LOCAL_DIRECTORY = Path(os.environ.get("LOCAL_DIR", ROOT / ".local"))
"""Where `make run` keeps its state and says where it listens; another one by `LOCAL_DIR`."""


def target_of(stage: str = LOCAL, region: str = DEFAULT_REGION) -> Target:
    """Find a stage: the local one where `make run` says it listens, the others in AWS."""
    if stage != LOCAL:
        return Target(stage=stage, region=region)
    endpoints = Endpoints.read(LOCAL_DIRECTORY / "endpoints.json")
    if endpoints is None:
        typer.secho("nothing runs here yet: start it with `make run`", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    return Target(stage=LOCAL, region=endpoints.region, endpoint_url=endpoints.engine_url)


def enter_stage(target: Target) -> None:
    """Set the environment that `chalicelib.settings` reads, from what the stage's stack says of itself."""
    stack = Stack(target=target, name=target.stack_name)
    outputs, parameters = stack.outputs(), stack.parameters()
    os.environ |= {
        "STAGE": target.stage,
        "AWS_REGION": target.region,
        "AWS_DEFAULT_REGION": target.region,
        "SECRETS_ARN": outputs["SecretsArn"],
        "MEDIA_BUCKET": outputs["MediaBucketName"],
        "PUBLIC_BASE_URL": parameters["PublicBaseUrl"],
        "SENDER_EMAIL": parameters.get("SenderEmail", ""),
    }
    if target.endpoint_url is not None:
        os.environ["AWS_ENDPOINT_URL"] = target.endpoint_url
    credentials = target.session.get_credentials().get_frozen_credentials()
    os.environ |= {
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        "AWS_SESSION_TOKEN": credentials.token or "",
    }
