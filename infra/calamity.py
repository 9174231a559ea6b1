"""`python -m infra calamity …`: throw the calamity switch, end it, and see what is declared."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib import wiring, wiring_calamities
from chalicelib.domain.calamities import Calamity, CalamityDraft
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import InvalidInput, NotFound
from chalicelib.services.calamities import RECOUNT_DELAY_SECONDS, Switched
from infra.environment import RegionOption, StageOption, enter_stage, target_of
from infra.open_requests import open_requests
from infra.reconciliation import reconcile as reconcile_requests
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="Calamities: declare, end, list, reconcile.")
DAY = ["%Y-%m-%d"]
ByOption = Annotated[str, typer.Option(help="Who it is recorded for: a team's or a key owner's name.")]


@app.command()
def declare(
    code: Annotated[str, typer.Option(help="A name of its own, such as flood-2026.")],
    act: Annotated[str, typer.Option(help="The legal act's number: Decreto 22.647/2024.")],
    until: Annotated[datetime, typer.Option(formats=DAY, help="The last day; an act must have an end.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="The first day; today, if left out.")
    ] = None,
    service: Annotated[
        list[str] | None, typer.Option(help="Only this service; all but emergencies, if left out.")
    ] = None,
    area: Annotated[
        list[int] | None, typer.Option("--region", help="Only this region; the whole city, if left out.")
    ] = None,
    neighbourhood: Annotated[list[str] | None, typer.Option(help="Likewise; its code or name.")] = None,
    raises: Annotated[
        list[str] | None, typer.Option("--raise", help="SERVICE=urgent or =emergency, while it lasts.")
    ] = None,
    suspends: Annotated[bool, typer.Option(help="Whether deadlines stand still.")] = True,
    legal_clocks: Annotated[
        bool, typer.Option("--legal-clocks", help="Also the terms that the law sets; the act must say so.")
    ] = False,
    by: ByOption = "operator",
    stage: StageOption = "local",
    aws_region: Annotated[
        str, typer.Option(envvar="AWS_REGION", help="Where the stage is deployed; --region is the city's.")
    ] = DEFAULT_REGION,
) -> None:
    """Declare a calamity: deadlines stand still, services are raised; the same again changes nothing."""
    draft = CalamityDraft(
        code=code,
        act=act,
        first_day=since.date() if since else None,
        last_day=until.date(),
        services=tuple(service or ()),
        regions=tuple(area or ()),
        neighbourhoods=tuple(neighbourhood or ()),
        suspends=suspends,
        legal_clocks=legal_clocks,
        raises=dict(map(_raise, raises or ())),
    )
    enter_stage(target_of(stage, aws_region))
    try:
        switched = wiring_calamities.calamities().declare(draft, by)
    except InvalidInput as error:
        raise _refused(error) from None
    _tell("is declared", "was declared already", switched)


@app.command()
def end(
    code: str,
    last_day: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The last day that still counts; today, if left out.")
    ] = None,
    by: ByOption = "operator",
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """End a calamity before its time; its days up to then stay suspended."""
    enter_stage(target_of(stage, region))
    last = last_day.date() if last_day else None
    try:
        switched = wiring_calamities.calamities().end(code, last, by)
    except NotFound:
        typer.secho(f"no calamity {code}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from None
    except InvalidInput as error:
        raise _refused(error) from None
    _tell(f"ends with {switched.calamity.last_day}", "had ended already", switched)


@app.command("list")
def list_calamities(stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """List every calamity that was declared, the newest first."""
    enter_stage(target_of(stage, region))
    service = wiring_calamities.calamities()
    today = service.today()
    table = Table("calamity", "act", "from", "until", "now", "stands still", "raised")
    for one in service.list():
        raised = " ".join(f"{code}={urgency.value}" for code, urgency in one.raises.items())
        row = (one.code, one.act, str(one.first_day), str(one.last_day), _now(one, today))
        table.add_row(*row, _suspended(one), raised or "–")
    Console().print(table)


@app.command()
def reconcile(code: str, stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """Count what a calamity moved among the open requests, and what it has yet to; reads them all."""
    enter_stage(target_of(stage, region))
    known = {one.code: one for one in wiring_calamities.calamities().list()}
    if code not in known:
        typer.secho(f"no calamity {code}", fg=typer.colors.RED, err=True)
        raise typer.Exit(1)
    catalogue = wiring.catalogue().current()
    counted = reconcile_requests(open_requests(wiring.index(), catalogue), catalogue, known[code])
    typer.echo(
        f"{counted.open} open: {counted.moved} moved by {known[code].act}, {counted.to_be_moved} still to be "
        f"moved, {counted.waiting} move when the citizen answers; {counted.emergencies} emergencies ran on, "
        f"{counted.on_paper} came on paper"
    )


def _raise(text: str) -> tuple[str, Urgency]:
    service, equals, urgency = text.partition("=")
    if not equals or urgency not in set(Urgency):
        raise typer.BadParameter(f"{text!r}: write SERVICE=urgent or SERVICE=emergency", param_hint="--raise")
    return service, Urgency(urgency)


def _refused(error: InvalidInput) -> typer.Exit:
    for fault in error.faults:
        facts = ", ".join(f"{name} {value}" for name, value in fault.facts.items())
        typer.secho(
            f"{fault.path}: {fault.reason}" + (f" ({facts})" if facts else ""), fg=typer.colors.RED, err=True
        )
    return typer.Exit(1)


def _tell(done: str, repeated: str, switched: Switched) -> None:
    typer.echo(f"{switched.calamity.code} {repeated if switched.repeated else done}")
    typer.echo(
        "running functions see it within 30 seconds; open requests count their dates anew after "
        f"{RECOUNT_DELAY_SECONDS} seconds"
    )


def _now(calamity: Calamity, today: date) -> str:
    if calamity.is_in_force(today):
        return "in force"
    return "to come" if today < calamity.first_day <= calamity.last_day else "over"


def _suspended(calamity: Calamity) -> str:
    if not calamity.suspends:
        return "nothing"
    where = [*(f"region {number}" for number in calamity.regions), *calamity.neighbourhoods]
    what = ", ".join(calamity.services) or "every service"
    legal = ", legal clocks too" if calamity.legal_clocks else ""
    return f"{what} in {', '.join(where) or 'the whole city'}{legal}"
