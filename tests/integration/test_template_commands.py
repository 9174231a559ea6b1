"""Operators validate, preview, publish and look at message templates from the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

import infra.message_templates
from infra.__main__ import app
from infra.published_templates import TemplateTable
from infra.secretariat_queues import SecretariatQueueNames
from infra.target import Target
from tests.engines import create_table_in_process

STAGE = ("--stage", "dev")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which Porto Alegre has words of its own."""
    monkeypatch.setattr(infra.message_templates, "CITIES", tmp_path)
    folder = tmp_path / "porto_alegre" / "templates"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[TemplateTable]:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(SecretariatQueueNames, "missing", lambda self, secretariats: [])
    with mock_aws():
        table = TemplateTable.of(Target(stage="dev"))
        create_table_in_process(table.client, "dev", "config")
        yield table


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_valid_templates_are_summed_up_with_what_costs_two_messages() -> None:
    result = run("templates", "validate")

    assert result.exit_code == 0
    assert "the templates are valid" in result.stdout
    assert "resolved.yaml: sms.pt-BR: 2 segments" in result.stdout
    assert "accepted.yaml" not in result.stdout


def test_every_fault_is_printed_and_the_templates_refused(own: Path) -> None:
    (own / "late.yaml").write_text("sms: {}")

    result = run("templates", "validate")

    assert result.exit_code == 1
    assert "late.yaml: email.pt-BR: is missing" in result.stderr
    assert "the templates are refused whole" in result.stderr


def test_a_message_is_shown_as_a_citizen_would_read_it(own: Path) -> None:
    shutil.copy(infra.message_templates.DEFAULTS / "closed.yaml", own)
    text = (own / "closed.yaml").read_text().replace("encerrada. Se", "fechada, tchê. Se")
    (own / "closed.yaml").write_text(text)

    shown = run("templates", "preview", "--kind", "closed", "--medium", "sms", "--language", "pt-BR")

    assert shown.stdout.startswith("156 Porto Alegre: solicitacao 26.328.1234567-8 fechada, tche. Se")
    assert "segments: 1" in shown.stderr


def test_an_email_is_shown_with_its_subject_and_whatsapp_with_its_parameters() -> None:
    email = run("templates", "preview", "--kind", "rejected", "--medium", "email", "--language", "en")
    chat = run("templates", "preview", "--kind", "rejected", "--medium", "whatsapp")

    assert email.stdout.startswith("Request 26.328.1234567-8 not met\n\n")
    assert chat.stdout.splitlines()[:2] == ["central156_rejected", "{{1}} protocol: 26.328.1234567-8"]


def test_a_language_that_nobody_writes_is_refused() -> None:
    result = run("templates", "preview", "--kind", "late", "--language", "de")

    assert result.exit_code == 1
    assert "no language de" in result.stderr


def test_templates_are_published_shown_and_not_published_again(stage: TemplateTable) -> None:
    assert run("templates", "show", *STAGE).exit_code == 1

    first, again = run("templates", "publish", *STAGE), run("templates", "publish", *STAGE)

    published = stage.published()
    assert published is not None
    assert published.version in first.stdout
    assert "nothing changed" in again.stdout
    assert published.version in run("templates", "show", *STAGE).stdout


def test_the_catalogue_is_published_with_its_words(stage: TemplateTable) -> None:
    result = run("catalogue", "publish", *STAGE)

    published = stage.published()
    assert result.exit_code == 0
    assert published is not None
    assert f"templates {published.version}" in result.stdout


def test_words_that_are_wrong_keep_the_catalogue_from_being_published(
    stage: TemplateTable, own: Path
) -> None:
    (own / "late.yaml").write_text("sms: {}")

    assert run("catalogue", "publish", *STAGE).exit_code == 1
    assert run("catalogue", "show", *STAGE).exit_code == 1
    assert stage.published() is None
