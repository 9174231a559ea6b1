"""Operators throw the calamity switch and allocate protocols for paper from the command line."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import infra.calamity
import infra.protocols
from chalicelib import wiring_calamities
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.protocols import day_of, parse_protocol
from chalicelib.services.calamities import Calamities
from chalicelib.services.paper_allocation import PaperAllocation
from infra.__main__ import app
from tests.builders import a_catalogue
from tests.fake_calamities import FakeCalamities, FakePaper
from tests.fake_timers import FakeJobs
from tests.fakes import (
    NOW,
    FakeAudit,
    FakeCatalogue,
    FakeClock,
    FakeRequests,
    SeededRandomness,
    an_identity,
)

FLOOD = ("--code", "flood-2026", "--act", "Decreto 22.647/2026", "--until", "2026-12-31")
STAGE = ("--stage", "dev")


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FakeCalamities:
    """A stage whose switch, paper and audit trail are kept in memory."""
    store, catalogue, audit = FakeCalamities(), FakeCatalogue(a_catalogue()), FakeAudit()
    service = Calamities(store=store, published=catalogue, audit=audit, jobs=FakeJobs(), clock=FakeClock())
    paper = PaperAllocation(
        paper=FakePaper(),
        requests=FakeRequests(),
        catalogue=catalogue,
        identity=an_identity(),
        audit=audit,
        clock=FakeClock(),
        randomness=SeededRandomness(),
    )
    monkeypatch.setattr(wiring_calamities, "calamities", partial(_given, service))
    monkeypatch.setattr(wiring_calamities, "paper_allocation", partial(_given, paper))
    for module in (infra.calamity, infra.protocols):
        monkeypatch.setattr(module, "enter_stage", lambda target: None)
    return store


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, *STAGE], env={"COLUMNS": "220"})


def test_a_calamity_is_declared_with_everything_it_says(store: FakeCalamities) -> None:
    result = run(
        *("calamity", "declare", *FLOOD, "--from", "2026-11-20", "--service", "dumping"),
        *("--region", "1", "--neighbourhood", "Restinga", "--raise", "noise=urgent"),
        *("--legal-clocks", "--by", "direction"),
    )

    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "flood-2026 is declared",
        "running functions see it within 30 seconds; open requests count their dates anew after 45 seconds",
    ]
    (calamity,) = store.calamities
    assert (calamity.first_day, calamity.last_day) == (date(2026, 11, 20), date(2026, 12, 31))
    assert (calamity.services, calamity.regions, calamity.neighbourhoods) == (
        ("dumping",),
        (1,),
        ("restinga",),
    )
    assert (calamity.raises, calamity.legal_clocks, calamity.suspends) == (
        {"noise": Urgency.URGENT},
        True,
        True,
    )
    assert calamity.declared_by == "direction"


def test_the_same_again_says_so(store: FakeCalamities) -> None:
    run("calamity", "declare", *FLOOD)

    assert run("calamity", "declare", *FLOOD).stdout.startswith("flood-2026 was declared already")
    assert store.revision == 1


def test_every_fault_is_listed_and_nothing_is_declared(store: FakeCalamities) -> None:
    result = run("calamity", "declare", *FLOOD, "--service", "shelter", "--region", "99")

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "regions.0: unknown_region",
        "services.0: never_suspended",
    ]
    assert store.revision == 0


@pytest.mark.parametrize("text", ["noise", "noise=soon", "=urgent=x"])
def test_a_raise_names_a_service_and_an_urgency(store: FakeCalamities, text: str) -> None:
    result = run("calamity", "declare", *FLOOD, "--raise", text)

    assert result.exit_code == 2
    assert "SERVICE=urgent" in result.stderr


def test_it_ends_with_the_day_that_is_named_or_today(store: FakeCalamities) -> None:
    run("calamity", "declare", *FLOOD)
    tomorrow = NOW.date() + timedelta(days=1)

    assert run("calamity", "end", "flood-2026", "--last-day", str(tomorrow)).stdout.startswith(
        f"flood-2026 ends with {tomorrow}"
    )
    assert run("calamity", "end", "flood-2026").stdout.startswith("flood-2026 had ended already")
    assert store.calamities[0].last_day == tomorrow


def test_an_end_that_cannot_be_is_told(store: FakeCalamities) -> None:
    run("calamity", "declare", *FLOOD)

    unknown, late = (
        run("calamity", "end", "storm"),
        run("calamity", "end", "flood-2026", "--last-day", "2027-01-01"),
    )

    assert (unknown.exit_code, unknown.stderr) == (1, "no calamity storm\n")
    assert late.exit_code == 1
    assert late.stderr.startswith("last_day: out_of_range (earliest 2026-11-23, latest 2026-12-31)")


def test_what_is_declared_is_listed(store: FakeCalamities) -> None:
    run("calamity", "declare", *FLOOD, "--region", "8", "--raise", "noise=urgent")

    shown = run("calamity", "list").stdout

    assert "flood-2026 │ Decreto 22.647/2026 │ 2026-11-24 │ 2026-12-31 │ in force" in shown
    assert "every service in region 8" in shown
    assert "noise=urgent" in shown


def test_protocols_are_printed_one_a_line_without_codes(store: FakeCalamities) -> None:
    result = run("protocols", "allocate", "--count", "50", "--day", "2026-11-26", "--by", "operator")

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(set(lines)) == 50
    assert {day_of(parse_protocol(line)) for line in lines} == {date(2026, 11, 26)}
    assert "50 protocols, for paper of 2026-11-26 or later" in result.stderr


def test_codes_are_printed_only_where_they_are_asked_for(store: FakeCalamities) -> None:
    options = ("--count", "2", "--day", "2026-11-26", "--by", "operator", "--csv")

    plain = run("protocols", "allocate", *options).stdout.splitlines()
    coded = run("protocols", "allocate", *options, "--with-codes").stdout.splitlines()

    assert plain[0] == "protocol"
    assert len(plain) == 3
    assert coded[0] == "protocol,access_code"
    protocol, code = coded[1].split(",")
    assert code == an_identity().access_code(parse_protocol(protocol))


def test_a_batch_for_a_day_too_far_off_is_refused(store: FakeCalamities) -> None:
    result = run("protocols", "allocate", "--count", "2", "--day", "2030-01-01", "--by", "operator")

    assert result.exit_code == 1
    assert result.stderr.startswith("day: out_of_range")
