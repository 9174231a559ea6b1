"""Declare and end calamities: once each, recorded, and with the open requests counting anew."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.calamities import CatalogueUnderCalamities
from chalicelib.domain.calamities import CalamityDraft
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import Fault, InvalidInput, NotFound, Unavailable
from chalicelib.services.calamities import RECOUNT_DELAY_SECONDS, Calamities
from chalicelib.services.ports.timers import RecountJob
from tests.builders import a_catalogue
from tests.fake_calamities import FakeCalamities
from tests.fake_timers import FakeJobs
from tests.fakes import NOW, FakeAudit, FakeCatalogue, FakeClock

TODAY = NOW.date()


@dataclass(slots=True)
class Switch:
    """The switch over fakes, and the catalogue that running functions would see."""

    store: FakeCalamities = field(default_factory=FakeCalamities)
    published: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    audit: FakeAudit = field(default_factory=FakeAudit)
    jobs: FakeJobs = field(default_factory=FakeJobs)
    clock: FakeClock = field(default_factory=FakeClock)

    @property
    def service(self) -> Calamities:
        return Calamities(
            store=self.store,
            published=self.published,
            audit=self.audit,
            jobs=self.jobs,
            clock=self.clock,
        )

    def seen_by_functions(self) -> CatalogueUnderCalamities:
        return CatalogueUnderCalamities(published=self.published, calamities=self.store, clock=self.clock)


def a_draft_of(**changes: Any) -> CalamityDraft:
    draft = CalamityDraft(
        code="flood-2026",
        act="Decreto 22.647/2026",
        last_day=TODAY + timedelta(days=30),
        raises={"dumping": Urgency.URGENT},
    )
    return dataclasses.replace(draft, **changes)


def test_a_declaration_is_kept_with_who_made_it_and_begins_today() -> None:
    switch = Switch()

    switched = switch.service.declare(a_draft_of(), "direction")

    assert not switched.repeated
    assert switch.service.list() == (switched.calamity,)
    assert (switched.calamity.first_day, switched.calamity.declared_by) == (TODAY, "direction")


def test_it_is_recorded_and_every_secretariat_counts_anew_once_functions_have_seen_it() -> None:
    switch = Switch()

    switch.service.declare(a_draft_of(), "direction")

    (recorded,) = switch.audit.interventions
    assert (recorded.by, recorded.action, recorded.subject) == (
        "direction",
        "calamity_declared",
        "flood-2026",
    )
    assert recorded.facts["act"] == "Decreto 22.647/2026"
    assert switch.jobs.sent == [
        (RecountJob(secretariat=code, cause="flood-2026"), RECOUNT_DELAY_SECONDS)
        for code in ("SMGOV", "DMLU", "FASC")
    ]


def test_the_same_declaration_again_is_a_repeat_that_counts_anew() -> None:
    switch = Switch()
    first = switch.service.declare(a_draft_of(), "direction")
    switch.clock.advance(days=2)

    again = switch.service.declare(a_draft_of(), "operator")

    assert (again.calamity, again.repeated) == (first.calamity, True)
    assert switch.store.revision == 1
    assert len(switch.jobs.sent) == 6


def test_another_declaration_under_the_same_code_is_refused() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")

    with pytest.raises(InvalidInput) as refused:
        switch.service.declare(a_draft_of(act="Decreto 1"), "direction")

    assert refused.value.faults == (Fault(path="code", reason="already_declared"),)
    assert switch.store.revision == 1


def test_a_second_calamity_may_raise_what_the_first_has_raised() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    switch.clock.advance(hours=1)

    switch.service.declare(a_draft_of(code="storm", act="Decreto 2"), "direction")

    assert [one.code for one in switch.service.list()] == ["storm", "flood-2026"]


def test_faults_of_reading_and_of_the_rules_are_named_together() -> None:
    with pytest.raises(InvalidInput) as refused:
        Switch().service.declare(
            a_draft_of(act=""), "direction", [Fault(path="regions", reason="wrong_type")]
        )

    assert [fault.path for fault in refused.value.faults] == ["regions", "act"]


def test_whoever_declares_at_once_with_another_loses_nothing() -> None:
    switch = Switch()
    switch.store.meanwhile = lambda: _declare(switch, "storm")

    _declare(switch, "flood-2026")

    assert {one.code for one in switch.service.list()} == {"storm", "flood-2026"}


def _declare(switch: Switch, code: str) -> None:
    switch.service.declare(a_draft_of(code=code), "direction")


def test_a_list_that_keeps_changing_is_unavailable_and_nothing_is_counted_anew() -> None:
    switch = Switch()

    def change() -> None:
        switch.store.revision += 1
        switch.store.meanwhile = change

    switch.store.meanwhile = change

    with pytest.raises(Unavailable):
        switch.service.declare(a_draft_of(), "direction")

    assert (switch.store.calamities, switch.jobs.sent) == ((), [])


def test_one_that_ends_early_keeps_its_days_up_to_then() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    switch.clock.advance(days=3)

    ended = switch.service.end("flood-2026", None, "operator").calamity

    assert (ended.last_day, ended.ended_at) == (TODAY + timedelta(days=3), switch.clock.now())
    assert switch.audit.interventions[-1].action == "calamity_ended"
    assert len(switch.jobs.sent) == 6


def test_ending_again_is_a_repeat_unless_the_day_is_another() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    first = switch.service.end("flood-2026", TODAY + timedelta(days=3), "operator")
    switch.clock.advance(days=1)

    assert switch.service.end("flood-2026", None, "operator").repeated
    assert switch.service.end("flood-2026", first.calamity.last_day, "operator").repeated
    assert switch.service.end("flood-2026", TODAY, "operator").calamity.last_day == TODAY


def test_one_that_is_called_off_before_it_begins_suspends_nothing() -> None:
    switch = Switch()
    first_day = TODAY + timedelta(days=5)
    switch.service.declare(a_draft_of(first_day=first_day), "direction")

    ended = switch.service.end("flood-2026", None, "direction").calamity

    assert ended.last_day == first_day - timedelta(days=1)
    assert switch.seen_by_functions().current() is switch.published.current()


@pytest.mark.parametrize(
    "last_day", [TODAY - timedelta(days=2), TODAY + timedelta(days=31), date(2030, 1, 1)]
)
def test_it_does_not_end_later_than_declared_nor_before_it_began(last_day: date) -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")

    with pytest.raises(InvalidInput):
        switch.service.end("flood-2026", last_day, "direction")


def test_what_was_never_declared_cannot_end() -> None:
    with pytest.raises(NotFound):
        Switch().service.end("flood-2026", None, "direction")


def test_running_functions_see_it_within_half_a_minute() -> None:
    switch = Switch()
    functions = switch.seen_by_functions()
    assert functions.current() is switch.published.current()
    switch.service.declare(a_draft_of(), "direction")
    assert functions.current().version == "v1"

    switch.clock.advance(seconds=30)

    assert functions.current().services["dumping"].urgency is Urgency.URGENT
    assert functions.current().version.startswith("v1+")


def test_the_switch_is_read_twice_a_minute_and_nothing_is_worked_out_twice() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    functions, reads = switch.seen_by_functions(), switch.store.reads
    first = functions.current()

    for _ in range(5):
        assert functions.current() is first
    switch.clock.advance(seconds=30)
    assert functions.current() is first

    assert switch.store.reads == reads + 2


def test_a_publication_keeps_the_calamities() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    functions = switch.seen_by_functions()
    functions.current()

    switch.published.catalogue = a_catalogue(version="v2")

    assert functions.current().version.startswith("v2+")


def test_the_calamities_in_use_stay_while_the_switch_cannot_be_read() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(), "direction")
    functions = switch.seen_by_functions()
    functions.current()
    switch.store.is_down = True
    switch.clock.advance(seconds=30)

    assert functions.current().version.startswith("v1+")
    switch.store.is_down = False
    switch.service.end("flood-2026", TODAY - timedelta(days=1), "direction")
    switch.clock.advance(seconds=5)
    assert functions.current().version == "v1"


def test_a_function_that_starts_while_the_switch_cannot_be_read_is_unavailable() -> None:
    switch = Switch()
    switch.store.is_down = True

    with pytest.raises(Unavailable):
        switch.seen_by_functions().current()


def test_services_are_no_longer_raised_the_day_after() -> None:
    switch = Switch()
    switch.service.declare(a_draft_of(last_day=TODAY), "direction")
    functions = switch.seen_by_functions()
    assert functions.current().services["dumping"].urgency is Urgency.URGENT

    switch.clock.advance(days=1)

    assert functions.current().services["dumping"].urgency is Urgency.NORMAL
    assert functions.current().calendar.suspensions
