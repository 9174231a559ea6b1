"""Throw the calamity switch over HTTP, and what citizens and new requests see of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring, wiring_calamities
from chalicelib.adapters.dynamo.calamities import CatalogueUnderCalamities
from chalicelib.services.calamities import Calamities
from tests.builders import a_catalogue
from tests.fake_calamities import FakeCalamities
from tests.fake_timers import FakeJobs
from tests.fakes import FakeAudit, FakeCatalogue
from tests.http import Centre

PATH = "/v1/calamities"
FLOOD: dict[str, Any] = {
    "code": "flood-2026",
    "act": "Decreto 22.647/2026",
    "first_day": "2026-11-25",
    "last_day": "2026-11-27",
    "neighbourhoods": ["Centro Histórico"],
    "raises": {"noise": "urgent"},
}


@dataclass(slots=True)
class Flooded:
    """A centre with a switch; `store`, `audit` and `jobs` are there to look at."""

    centre: Centre
    store: FakeCalamities = field(default_factory=FakeCalamities)
    audit: FakeAudit = field(default_factory=FakeAudit)
    jobs: FakeJobs = field(default_factory=FakeJobs)

    def declare(self, key: str = "direction", **changes: Any) -> Any:
        return self.centre.post(PATH, FLOOD | changes, key=key)


def _given(service: Any) -> Any:
    return service


@pytest.fixture
def flooded(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Flooded:
    """A centre whose functions look at a switch each time half a minute is over."""
    flooded, published = Flooded(centre), FakeCatalogue(a_catalogue())
    source = CatalogueUnderCalamities(published=published, calamities=flooded.store, clock=centre.clock)
    service = Calamities(
        store=flooded.store,
        published=published,
        audit=flooded.audit,
        jobs=flooded.jobs,
        clock=centre.clock,
    )
    intake = dataclasses.replace(wiring.intake(), catalogue=source)
    monkeypatch.setattr(wiring_calamities, "calamities", partial(_given, service))
    monkeypatch.setattr(wiring, "catalogue", partial(_given, source))
    monkeypatch.setattr(wiring, "intake", partial(_given, intake))
    return flooded


def test_the_direction_declares_and_everybody_reads_by_which_act(flooded: Flooded) -> None:
    answer = flooded.declare()

    assert answer.status == 201, answer.text
    (shown,) = flooded.centre.get(PATH).json["items"]
    assert shown == answer.json
    assert shown == {
        "code": "flood-2026",
        "act": "Decreto 22.647/2026",
        "first_day": "2026-11-25",
        "last_day": "2026-11-27",
        "in_force": False,
        "suspends": True,
        "legal_clocks": False,
        "neighbourhoods": [{"code": "centro", "name": "Centro Histórico"}],
        "raises": [{"service": {"code": "noise", "name": "Poluição sonora"}, "urgency": "urgent"}],
    }


def test_who_declared_it_is_recorded_and_not_published(flooded: Flooded) -> None:
    flooded.declare(key="operator")

    (recorded,) = flooded.audit.interventions
    assert (recorded.by, recorded.action) == ("operator", "calamity_declared")
    assert "operator" not in flooded.centre.get(PATH).text
    assert {job.cause for job in flooded.jobs.jobs} == {"flood-2026"}  # type: ignore[union-attr]


def test_requests_opened_half_a_minute_later_are_dated_by_it(flooded: Flooded) -> None:
    centre = flooded.centre
    before = centre.requests.load(centre.opened()).state  # type: ignore[arg-type]
    flooded.declare()
    centre.clock.advance(seconds=30)

    after = centre.requests.load(centre.opened()).state  # type: ignore[arg-type]

    assert (after.due_at - before.due_at).days == 3
    assert after.catalogue_version.startswith("v1+")


def test_a_raised_service_is_shown_as_such_while_it_lasts(flooded: Flooded) -> None:
    centre = flooded.centre
    flooded.declare(first_day="2026-11-24")
    centre.clock.advance(seconds=30)
    assert centre.get("/v1/services/noise").json["urgency"] == "urgent"

    centre.clock.advance(days=4)

    assert centre.get("/v1/services/noise").json["urgency"] == "normal"


def test_the_same_again_is_a_repeat_and_another_act_under_its_code_a_fault(flooded: Flooded) -> None:
    first = flooded.declare()

    again = flooded.declare(key="operator")

    assert (again.status, again.headers["idempotent-replay"]) == (200, "true")
    assert again.json == first.json
    assert flooded.declare(act="Decreto 1").reasons() == {"code": "already_declared"}


def test_it_ends_early_and_keeps_its_days(flooded: Flooded) -> None:
    flooded.declare()
    flooded.centre.clock.advance(days=2)

    answer = flooded.centre.post(f"{PATH}/flood-2026/end", {"last_day": "2026-11-25"}, key="operator")

    assert (answer.status, answer.json["last_day"]) == (200, "2026-11-25")
    assert answer.json["ended_at"] == "2026-11-26T14:30:00Z"
    assert not answer.json["in_force"]
    again = flooded.centre.post(f"{PATH}/flood-2026/end", {}, key="direction")
    assert (again.json, again.headers["idempotent-replay"]) == (answer.json, "true")


def test_what_is_unknown_or_too_late_cannot_end(flooded: Flooded) -> None:
    flooded.declare()

    assert flooded.centre.post(f"{PATH}/storm/end", {}, key="direction").status == 404
    late = flooded.centre.post(f"{PATH}/flood-2026/end", {"last_day": "2027-01-01"}, key="direction")
    assert late.reasons() == {"last_day": "out_of_range"}
    wrong = flooded.centre.post(f"{PATH}/flood-2026/end", {"last_day": "soon"}, key="direction")
    assert wrong.reasons() == {"last_day": "wrong_type"}


def test_every_fault_is_named_at_once_and_nothing_is_declared(flooded: Flooded) -> None:
    answer = flooded.declare(
        act=" ",
        last_day=None,
        services=["shelter", "x"],
        regions=["one"],
        raises={"noise": "normal"},
        reason="rain",
    )

    assert answer.status == 400
    assert answer.reasons() == {
        "reason": "unknown_field",
        "last_day": "required",
        "regions": "wrong_type",
        "act": "required",
        "services.0": "never_suspended",
        "services.1": "unknown_service",
        "raises.noise": "not_higher",
    }
    assert (flooded.store.revision, flooded.jobs.sent) == (0, [])


@pytest.mark.parametrize("key", ["web", "attendant", "DMLU", "reviewer", "ombudsman"])
def test_only_the_direction_and_operators_throw_the_switch(flooded: Flooded, key: str) -> None:
    assert flooded.declare(key=key).status == 403
    assert flooded.centre.post(f"{PATH}/flood-2026/end", {}, key=key).status == 403


def test_a_declaration_needs_an_idempotency_key(flooded: Flooded) -> None:
    answer = flooded.centre.call("POST", PATH, FLOOD, key="direction")

    assert answer.reasons() == {"Idempotency-Key": "required"}
