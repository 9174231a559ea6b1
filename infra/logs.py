"""`python -m infra logs`: what a function wrote lately."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer
from botocore.exceptions import ClientError

from infra.environment import RegionOption, StageOption, target_of
from infra.target import DEFAULT_REGION, Target


class Function(StrEnum):
    """The functions of the application."""

    API = "api"
    RELAY = "relay"
    TICK = "tick"
    PAGE = "page"
    ATTEND = "attend"
    NOTIFY = "notify"
    RECEIPTS = "receipts"


def logs(
    function: Annotated[Function, typer.Argument()] = Function.API,
    minutes: Annotated[int, typer.Option(help="How far back.")] = 10,
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Print what a function wrote in the last minutes, oldest first."""
    since = datetime.now(UTC) - timedelta(minutes=minutes)
    for line in recent_lines(target_of(stage, region), function, since):
        typer.echo(line)


def recent_lines(target: Target, function: str, since: datetime) -> list[str]:
    """Return the log lines of a function since a moment; none if it never ran."""
    pages = (
        target.client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=f"/aws/lambda/{target.resource_name(function)}",
            startTime=int(since.timestamp() * 1000),
        )
    )
    try:
        return [event["message"].rstrip() for page in pages for event in page["events"]]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return []
        raise
