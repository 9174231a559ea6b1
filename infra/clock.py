"""`python -m infra clock +3d`: put the local system's time forward, to see requests become late and escalate.

Only the system of `make run` can be told another time. In AWS no function reads the switch.
"""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from chalicelib.adapters.local_clock import CHECKED_EVERY_SECONDS, KEY, KIND
from infra.environment import LOCAL, target_of
from infra.moments import city_time
from infra.packaging.package import ROOT
from infra.target import Target

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
TICK = "tick"
SCHEDULED = ROOT / "events" / "sweep_schedule.json"


class SweepFailed(Exception):
    """The scheduled function answered an error."""

    def __init__(self) -> None:
        """Say where the error stands."""
        super().__init__("the sweep failed, at least in part; see `python -m infra logs tick`")


def clock(
    forward: Annotated[
        str | None,
        typer.Argument(help="How far to go forward: +30m, +4h, +3d; left out, only show."),
    ] = None,
) -> None:
    """Put the local system's time forward and let it sweep at once; it never goes back."""
    target = target_of(LOCAL)
    try:
        now = local_time(target) if forward is None else put_forward(target, _length(forward))
    except SweepFailed as error:
        typer.secho(str(error), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"it is {city_time(now.isoformat())} in the local system")
    if forward is not None:
        typer.echo("a sweep has begun; see `python -m infra escalations` and `python -m infra sweeps`")


def local_time(target: Target) -> datetime:
    """Tell what time it is in the local system."""
    return datetime.now(UTC) + _ahead(target)


def put_forward(target: Target, by: timedelta) -> datetime:
    """Put the local system's time forward, begin a sweep, and tell what time it is there now.

    Raises:
        SweepFailed: the time is put forward, the sweep began only in part.
    """
    _put_ahead(target, _ahead(target) + by)
    time.sleep(2 * CHECKED_EVERY_SECONDS)  # running functions look at the switch once a second
    now = local_time(target)
    sweep(target, now)
    return now


def sweep(target: Target, now: datetime) -> None:
    """Run the scheduled function now, as the schedule would within five minutes, and await its end.

    Raises:
        SweepFailed: a step of it failed; the others are done.
    """
    event = json.loads(SCHEDULED.read_text()) | {"time": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    answer = target.client("lambda").invoke(
        FunctionName=target.resource_name(TICK), Payload=json.dumps(event).encode()
    )
    if "FunctionError" in answer:
        raise SweepFailed


def _length(text: str) -> timedelta:
    match = re.fullmatch(r"\+(\d{1,4})([mhd])", text)
    if match is None:
        raise typer.BadParameter("write +30m, +4h or +3d; time only goes forward")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _ahead(target: Target) -> timedelta:
    stored = _table(target, "get_item", Key={"kind": {"S": KIND}, "key": {"S": KEY}}).get("Item")
    return timedelta(seconds=int(stored["seconds"]["N"])) if stored else timedelta()


def _put_ahead(target: Target, ahead: timedelta) -> None:
    seconds = str(int(ahead.total_seconds()))
    item = {"kind": {"S": KIND}, "key": {"S": KEY}, "seconds": {"N": seconds}}
    _table(target, "put_item", Item=item)


def _table(target: Target, operation: str, **arguments: Any) -> dict[str, Any]:
    client = target.client("dynamodb")
    answer: dict[str, Any] = getattr(client, operation)(TableName=target.resource_name("config"), **arguments)
    return answer
