"""`python -m infra catalogue …`: validate, compare, publish and show a city's catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.table import Table

from chalicelib.domain.canonical import plain
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.message_templates import MessageTemplates
from chalicelib.domain.terms import Basis, Term
from infra.catalogue_diff import diff as differences
from infra.catalogue_source import CITIES, CatalogueInvalid, load_city
from infra.environment import RegionOption, StageOption, target_of
from infra.message_templates import TemplatesInvalid, load_templates
from infra.publication import PeopleAreStandIns, SecretariatsWithoutQueue, published, refuse_stand_ins
from infra.publication import publish as publish_catalogue
from infra.published_catalogues import ConfigTable, PublicationRaced
from infra.published_templates import TemplateTable
from infra.recount import recount_open_requests
from infra.secretariat_queues import SecretariatQueueNames
from infra.target import DEFAULT_REGION

app = typer.Typer(no_args_is_help=True, help="A city's catalogue: validate, diff, publish, show.")

CityOption = Annotated[str, typer.Option(envvar="CITY", help="A folder of infra/cities.")]


@app.command()
def validate(city: CityOption = "porto_alegre") -> None:
    """Check the files of a city and list everything that is wrong."""
    catalogue = read_city(city)
    typer.echo(
        f"{catalogue.city.name} is valid, {catalogue.version}: {len(catalogue.services)} services, "
        f"{len(catalogue.topics)} topics, {len(catalogue.secretariats)} secretariats, "
        f"{len(catalogue.neighbourhoods)} neighbourhoods, {len(catalogue.routing)} rules"
    )


@app.command()
def diff(
    city: CityOption = "porto_alegre", stage: StageOption = "local", region: RegionOption = DEFAULT_REGION
) -> None:
    """Show what publishing would change, field by field."""
    catalogue = read_city(city)
    changes = differences(published(ConfigTable.of(target_of(stage, region))), catalogue)
    if not changes:
        typer.echo("nothing differs from what is published")
        return
    table = Table("", "where", "published", "in the files")
    for change in changes:
        table.add_row(change.kind, change.path, _short(change.before), _short(change.after))
    Console().print(table)


@app.command()
def publish(
    city: CityOption = "porto_alegre", stage: StageOption = "local", region: RegionOption = DEFAULT_REGION
) -> None:
    """Put a city's files in force, its templates too; running functions use them within a minute."""
    catalogue, target = read_city(city), target_of(stage, region)
    templates = read_words(city, catalogue)
    try:
        refuse_stand_ins(catalogue, stage)
        before = published(ConfigTable.of(target))
        done = publish_catalogue(
            catalogue, ConfigTable.of(target), SecretariatQueueNames.of(target), datetime.now(UTC)
        )
        worded = TemplateTable.of(target).publish(templates, datetime.now(UTC))
    except PeopleAreStandIns as error:
        _complain(str(error))
        raise typer.Exit(1) from None
    except SecretariatsWithoutQueue as error:
        for code in error.secretariats:
            _complain(f"secretariat {code} has no queue")
        _complain("nothing was published; run `python -m infra secretariats deploy` first")
        raise typer.Exit(1) from None
    except PublicationRaced:
        _complain("somebody else published meanwhile; look at the difference and publish again")
        raise typer.Exit(1) from None
    typer.echo(done.version if done.changed else f"nothing changed: {done.version} is in force already")
    if worded.changed:
        typer.echo(f"templates {worded.version}")
    if recount_open_requests(target, before, catalogue):
        typer.echo("the calendar changed: open requests count their dates anew in a minute")


@app.command()
def show(
    stage: StageOption = "local",
    region: RegionOption = DEFAULT_REGION,
    service: Annotated[str, typer.Option(help="Only this service, whole.")] = "",
) -> None:
    """Show the catalogue in force."""
    catalogue = published(ConfigTable.of(target_of(stage, region)))
    if catalogue is None:
        _complain("no catalogue is published")
        raise typer.Exit(1)
    if not service:
        _show_services(catalogue)
    elif service in catalogue.services:
        typer.echo(yaml.safe_dump(plain(catalogue.services[service]), allow_unicode=True, sort_keys=False))
    else:
        _complain(f"no service {service} in {catalogue.version}")
        raise typer.Exit(1)


def read_city(code: str, calendar: Path | None = None) -> Catalogue:
    """Read a city's files, or list what is wrong with them and end the command.

    `calendar` is a file to read instead of the city's own `calendar.yaml`.
    """
    if not (CITIES / code).is_dir():
        known = ", ".join(sorted(path.name for path in CITIES.iterdir() if path.is_dir()))
        _complain(f"no city {code}; there is {known}")
        raise typer.Exit(1)
    try:
        return load_city(code, calendar=calendar)
    except CatalogueInvalid as error:
        for fault in error.faults:
            _complain(str(fault))
        _complain(f"{len(error.faults)} faults; the catalogue is refused whole")
        raise typer.Exit(1) from None


def read_words(code: str, catalogue: Catalogue) -> MessageTemplates:
    """Read a city's message templates, or list what is wrong with them and end the command."""
    try:
        return load_templates(code, catalogue.city.name)
    except TemplatesInvalid as error:
        for fault in error.faults:
            _complain(str(fault))
        _complain(f"{len(error.faults)} faults; the templates are refused whole")
        raise typer.Exit(1) from None


def _show_services(catalogue: Catalogue) -> None:
    today = datetime.now(UTC).date()
    table = Table(
        "service", "name", "secretariat", "term", title=f"{catalogue.city.name} {catalogue.version}"
    )
    for service in sorted(catalogue.services.values(), key=lambda one: (one.category, one.code)):
        organ = catalogue.executor_of(service.secretariat, today)
        name = service.names["pt-BR"]
        table.add_row(service.code, name, organ.code if organ else "triage", _term(service.term))
    Console().print(table)


def _term(term: Term) -> str:
    origin = "" if term.basis is Basis.PUBLISHED else " (proposal)"
    return f"{term.amount} {term.unit.value.replace('_', ' ')}{origin}"


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _complain(text: str) -> None:
    typer.secho(text, fg=typer.colors.RED, err=True)
