"""`python -m infra templates …`: validate, preview, publish and show what citizens are told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib.adapters.templates import SandboxedRenderer
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import RULES, MessageKind
from chalicelib.domain.message_templates import LANGUAGES, PORTUGUESE
from chalicelib.domain.text_messages import segments
from infra.catalogue import CityOption, read_city, read_words
from infra.environment import RegionOption, StageOption, target_of
from infra.message_templates import all_wordings
from infra.published_catalogues import PublicationRaced
from infra.published_templates import TemplateTable
from infra.target import DEFAULT_REGION
from infra.template_faults import sample_values

app = typer.Typer(no_args_is_help=True, help="What citizens are told: validate, preview, publish, show.")

KindOption = Annotated[MessageKind, typer.Option(help="What the message is about.")]
MediumOption = Annotated[Medium, typer.Option(help="How it travels.")]
LanguageOption = Annotated[str, typer.Option(help="One of pt-BR, en, es, fr.")]


@app.command()
def validate(city: CityOption = "porto_alegre") -> None:
    """Check every template and list everything that is wrong, and what takes two text messages."""
    catalogue = read_city(city)
    templates, name = read_words(city, catalogue), catalogue.city.name
    renderer = SandboxedRenderer()
    for kind, medium, language, wording in all_wordings(templates):
        if medium is Medium.SMS:
            values = sample_values(RULES[kind], name, language)
            text = renderer.letter(wording, values, is_text_message=True).text
            if (taken := segments(text)) > 1:
                typer.echo(f"{kind}.yaml: sms.{language}: {taken} segments, {len(text)} characters at most")
    typer.echo(f"the templates are valid, {templates.version}: {len(templates.wordings)} kinds")


@app.command()
def preview(
    kind: KindOption,
    medium: MediumOption = Medium.SMS,
    language: LanguageOption = PORTUGUESE,
    city: CityOption = "porto_alegre",
) -> None:
    """Show a message as a citizen would read it, filled with samples."""
    if language not in LANGUAGES:
        _complain(f"no language {language}; there are {', '.join(LANGUAGES)}")
        raise typer.Exit(1)
    catalogue = read_city(city)
    templates = read_words(city, catalogue)
    values = sample_values(RULES[kind], catalogue.city.name, language)
    if medium is Medium.WHATSAPP:
        approved = templates.approved[kind]
        typer.echo(approved.name)
        for position, parameter in enumerate(approved.parameters, start=1):
            typer.echo(f"{{{{{position}}}}} {parameter}: {values[parameter]}")
        return
    is_text_message = medium is Medium.SMS
    wording = templates.wording(kind, medium, language)
    letter = SandboxedRenderer().letter(wording, values, is_text_message=is_text_message)
    if is_text_message:
        typer.echo(letter.text)
        typer.echo(f"({len(letter.text)} characters, segments: {segments(letter.text)})", err=True)
    else:
        typer.echo(f"{letter.subject}\n\n{letter.text}")


@app.command()
def publish(
    city: CityOption = "porto_alegre", stage: StageOption = "local", region: RegionOption = DEFAULT_REGION
) -> None:
    """Put the templates in force; running functions use them within a minute."""
    templates = read_words(city, read_city(city))
    try:
        done = TemplateTable.of(target_of(stage, region)).publish(templates, datetime.now(UTC))
    except PublicationRaced:
        _complain("somebody else published meanwhile; publish again")
        raise typer.Exit(1) from None
    typer.echo(done.version if done.changed else f"nothing changed: {done.version} is in force already")


@app.command()
def show(stage: StageOption = "local", region: RegionOption = DEFAULT_REGION) -> None:
    """Show the templates in force, as text messages in Portuguese."""
    templates = TemplateTable.of(target_of(stage, region)).published()
    if templates is None:
        _complain("no templates are published")
        raise typer.Exit(1)
    table = Table("kind", "text message", title=templates.version)
    for kind in sorted(templates.wordings):
        table.add_row(kind, templates.wording(kind, Medium.SMS, PORTUGUESE).text)
    Console().print(table)


def _complain(text: str) -> None:
    typer.secho(text, fg=typer.colors.RED, err=True)
