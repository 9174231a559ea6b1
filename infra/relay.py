"""`python -m infra relay --since …`: tell secretariats again what was decided since a moment.

For when stream records were lost: an engine that was stopped in between, a batch that ended in the
failure queue. It scans the requests table once. What had arrived arrives again, and consumers
ignore it by its seq.
"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from chalicelib import wiring_delivery
from chalicelib.adapters.dynamo.export import requests_changed_since
from chalicelib.services.delivery import WRITE_TAKES_AT_MOST
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.moments import moment_of
from infra.target import DEFAULT_REGION, Target


def relay(
    since: Annotated[
        str, typer.Option(help="A moment (2026-11-24T10:00:00-03:00) or how long ago: 30m, 2h, 3d.")
    ],
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Send secretariats again every decision taken since a moment."""
    moment = moment_of(since, datetime.now(UTC))
    sent = relay_since(target_of(stage, region), moment)
    typer.echo(f"{sent} messages sent for decisions since {moment.isoformat(timespec='seconds')}")


def relay_since(target: Target, since: datetime) -> int:
    """Relay again every decision since a moment; return how many messages were sent."""
    enter_stage(target)
    service = wiring_delivery.relay()  # also tells the models which stage's tables they mean
    return service.relay_since(since, requests_changed_since(since - WRITE_TAKES_AT_MOST))
