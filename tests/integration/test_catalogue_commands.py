"""Operators validate, compare, publish and look at a catalogue from the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

import infra.catalogue
import infra.catalogue_source
from infra.__main__ import app
from infra.published_catalogues import ConfigTable
from infra.secretariat_queues import SecretariatQueueNames
from infra.target import Target
from tests.engines import create_table_in_process

STAGE = ("--stage", "dev")


@pytest.fixture
def cities(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of cities that a test may spoil."""
    shutil.copytree(infra.catalogue_source.CITIES, tmp_path, dirs_exist_ok=True)
    for module in (infra.catalogue, infra.catalogue_source):
        monkeypatch.setattr(module, "CITIES", tmp_path)
    return tmp_path


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[ConfigTable]:
    """A stage with its config table and queues for everyone."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(SecretariatQueueNames, "missing", lambda self, secretariats: [])
    with mock_aws():
        config = ConfigTable.of(Target(stage="dev"))
        create_table_in_process(config.client, "dev", "config")
        yield config


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["catalogue", *arguments])


def edit(cities: Path, file: str, old: str, new: str) -> None:
    path = cities / "porto_alegre" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_valid_city_is_summed_up() -> None:
    result = run("validate")

    assert result.exit_code == 0
    assert "79 services, 35 topics" in result.stdout


def test_every_fault_is_printed_and_the_catalogue_refused(cities: Path) -> None:
    edit(cities, "city.yaml", "centre: SMTC", "centre: NOBODY")
    edit(cities, "services/vias.yaml", "amount: 15", "amount: 500")

    result = run("validate")

    assert result.exit_code == 1
    assert "city.yaml: city.centre: secretariat NOBODY is unknown" in result.stderr
    assert (
        "services/vias.yaml: services.tapa-buraco.term.amount: 500 is not between 1 and 225" in result.stderr
    )
    assert "2 faults; the catalogue is refused whole" in result.stderr


def test_a_city_that_does_not_exist_is_told_from_those_that_do() -> None:
    result = run("validate", "--city", "atlantida")

    assert (result.exit_code, result.stderr) == (1, "no city atlantida; there is porto_alegre\n")


def test_a_change_is_compared_published_and_shown(cities: Path, stage: ConfigTable) -> None:
    assert run("publish", *STAGE).exit_code == 0
    assert "nothing differs" in run("diff", *STAGE).stdout
    edit(cities, "services/vias.yaml", "amount: 15", "amount: 12")

    compared, published, again = run("diff", *STAGE), run("publish", *STAGE), run("publish", *STAGE)

    assert "services.tapa-buraco.term.amount" in compared.stdout
    assert "nothing changed" not in published.stdout
    assert "nothing changed" in again.stdout
    assert "12 working days (proposal)" in run("show", *STAGE).stdout
    assert "amount: 12" in run("show", *STAGE, "--service", "tapa-buraco").stdout


def test_publishing_without_queues_lists_who_lacks_one(
    stage: ConfigTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecretariatQueueNames, "missing", lambda self, secretariats: ["DMAE", "DMLU"])

    result = run("publish", *STAGE)

    assert result.exit_code == 1
    assert "secretariat DMAE has no queue\nsecretariat DMLU has no queue\n" in result.stderr
    assert stage.pointer() is None


def test_production_is_told_in_one_line_to_replace_the_stand_ins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ConfigTable, "point", lambda self, to, seen: pytest.fail("published"))

    result = run("publish", "--stage", "prod")

    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "people have stand-ins for e-mail addresses" in result.stderr


def test_nothing_of_production_is_deployed_while_its_people_are_stand_ins() -> None:
    result = CliRunner().invoke(app, ["deploy", "--stage", "prod", "--yes"])

    assert result.exit_code == 1
    assert result.stderr.startswith("central156: ")
    assert "production needs the real ones" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("--service", "x")])
def test_showing_what_is_not_published_says_so(stage: ConfigTable, arguments: tuple[str, ...]) -> None:
    if arguments:
        run("publish", *STAGE)

    result = run("show", *STAGE, *arguments)

    assert result.exit_code == 1
    assert result.stderr.startswith("no ")
