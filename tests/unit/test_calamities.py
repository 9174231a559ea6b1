"""What a calamity changes: which dates stand still, what becomes urgent, what cannot be declared."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.calamities import (
    Calamity,
    CalamityDraft,
    calamity_faults,
    declared,
    end_faults,
    under,
)
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Catalogue, Kind, Urgency
from chalicelib.domain.intake import PlaceDraft
from chalicelib.domain.opening import EMERGENCY, EMERGENCY_ATTENDANCE
from chalicelib.domain.request_deadlines import dates_of
from chalicelib.domain.suspensions import Suspension
from tests.builders import RESTINGA, a_catalogue, a_draft, a_request

TODAY = date(2026, 11, 23)
"""The Monday on which the requests of these tests are opened."""
A_WEEK = timedelta(days=7)
IN_RESTINGA = PlaceDraft(lat=RESTINGA.lat, lon=RESTINGA.lon)


def a_calamity(**changes: Any) -> Calamity:
    calamity = Calamity(
        code="flood-2026",
        act="Decreto 22.647/2026",
        first_day=date(2026, 11, 24),
        last_day=date(2026, 11, 27),
        declared_by="direction",
        declared_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return dataclasses.replace(calamity, **changes)


def flooded(*calamities: Calamity, today: date = TODAY) -> Catalogue:
    return under(a_catalogue(), calamities or (a_calamity(),), today)


def test_a_calamity_moves_the_dates_of_its_days_and_no_others() -> None:
    request, before = a_request(), a_catalogue()

    moved = dates_of(request, flooded()).due_at - dates_of(request, before).due_at

    assert moved == timedelta(days=4)
    later = flooded(a_calamity(first_day=date(2027, 3, 1), last_day=date(2027, 3, 5)))
    assert dates_of(request, later) == dates_of(request, before)


def test_a_new_request_is_dated_and_stamped_by_the_calamity() -> None:
    catalogue = flooded()

    state = a_request(catalogue=catalogue).state

    assert state.due_at == a_request().state.due_at + timedelta(days=4)
    assert state.catalogue_version == catalogue.version


@pytest.mark.parametrize(
    ("area", "moves"),
    [
        ({"regions": (1,)}, True),
        ({"regions": (8,)}, False),
        ({"neighbourhoods": ("centro",)}, True),
        ({"neighbourhoods": ("restinga",), "regions": (1,)}, True),
        ({"services": ("dumping",)}, True),
        ({"services": ("other",)}, False),
        ({"services": ("dumping",), "regions": (8,)}, False),
        ({"suspends": False, "raises": {"noise": Urgency.URGENT}}, False),
    ],
)
def test_only_the_services_and_places_that_are_meant_stand_still(area: dict[str, Any], moves: bool) -> None:
    request = a_request()

    assert (dates_of(request, flooded(a_calamity(**area))).due_at > request.state.due_at) is moves


def test_an_emergency_never_stands_still() -> None:
    request = a_request(draft=a_draft("shelter"))

    assert dates_of(request, flooded(a_calamity(first_day=TODAY))) == dates_of(request, a_catalogue())


@pytest.mark.parametrize(("legal_clocks", "moved"), [(False, 0), (True, 5)])
def test_the_terms_of_the_law_stand_still_only_if_the_act_says_so(legal_clocks: bool, moved: int) -> None:
    request = a_request(draft=a_draft("noise", kind=Kind.COMPLAINT))
    assert request.state.legal_due_at is not None

    counted = dates_of(request, flooded(a_calamity(legal_clocks=legal_clocks))).legal_due_at

    # Four days, and from the Sunday that this leads to on to the Monday.
    assert counted == request.state.legal_due_at + timedelta(days=moved)


def test_services_are_raised_for_as_long_as_it_lasts() -> None:
    calamity = a_calamity(raises={"dumping": Urgency.URGENT})
    urgencies = {
        day: flooded(calamity, today=day).services["dumping"].urgency
        for day in (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27), date(2026, 11, 28))
    }

    assert list(urgencies.values()) == [Urgency.NORMAL, Urgency.URGENT, Urgency.URGENT, Urgency.NORMAL]


def test_what_becomes_an_emergency_has_its_terms_and_does_not_stand_still() -> None:
    catalogue = flooded(a_calamity(first_day=TODAY, raises={"dumping": Urgency.EMERGENCY}))

    state = a_request(catalogue=catalogue).state

    assert (state.urgency, state.term, state.first_action_term) == (
        Urgency.EMERGENCY,
        EMERGENCY,
        EMERGENCY_ATTENDANCE,
    )
    assert state.due_at == state.opened_at + timedelta(hours=24)


def test_of_two_calamities_the_greater_urgency_counts_and_both_suspend() -> None:
    first = a_calamity(raises={"dumping": Urgency.EMERGENCY})
    second = a_calamity(code="storm", last_day=date(2026, 12, 4), raises={"dumping": Urgency.URGENT})

    catalogue = flooded(first, second, today=first.first_day)

    assert catalogue.services["dumping"].urgency is Urgency.EMERGENCY
    assert [one.code for one in catalogue.calendar.suspensions] == ["flood-2026", "storm"]


def test_what_a_newer_catalogue_lacks_or_has_raised_itself_is_left_alone() -> None:
    calamity = a_calamity(first_day=TODAY, raises={"gone": Urgency.URGENT, "shelter": Urgency.URGENT})

    assert flooded(calamity).services == a_catalogue().services


def test_one_that_ended_early_still_explains_the_days_up_to_its_end() -> None:
    ended = a_calamity(last_day=date(2026, 11, 25), ended_at=datetime(2026, 11, 25, 12, tzinfo=UTC))

    catalogue = flooded(ended, today=date(2027, 1, 4))

    (suspension,) = catalogue.calendar.suspensions
    assert (suspension.last_day, suspension.act) == (ended.last_day, ended.act)
    assert dates_of(a_request(), catalogue).due_at > a_request().state.due_at


def test_one_that_was_called_off_changes_nothing() -> None:
    catalogue = a_catalogue()

    assert under(catalogue, [a_calamity(last_day=TODAY)], TODAY) is catalogue
    assert under(catalogue, (), TODAY) is catalogue


def test_the_version_names_what_the_calamities_come_to() -> None:
    versions = [
        flooded().version,
        flooded(a_calamity(declared_by="somebody else")).version,
        flooded(a_calamity(last_day=date(2026, 11, 26))).version,
        flooded(a_calamity(raises={"dumping": Urgency.URGENT}), today=date(2026, 11, 24)).version,
    ]

    assert versions[0] == versions[1]
    assert len(set(versions)) == 3
    assert all(version.startswith("v1+") and len(version) == 9 for version in versions)


def test_what_the_city_suspends_itself_stays_suspended() -> None:
    own = Suspension(code="own", act="Lei 1", first_day=TODAY, last_day=TODAY)
    catalogue = a_catalogue(calendar=CalendarRules(suspensions=(own,)))

    changed = under(catalogue, [a_calamity()], TODAY)

    assert [one.code for one in changed.calendar.suspensions] == ["own", "flood-2026"]


def a_draft_of(**changes: Any) -> CalamityDraft:
    draft = CalamityDraft(code="flood-2026", act="Decreto 22.647/2026", last_day=date(2026, 12, 31))
    return dataclasses.replace(draft, **changes)


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"first_day": date(2026, 5, 1)}, []),
        ({"raises": {"dumping": Urgency.URGENT, "noise": Urgency.EMERGENCY}}, []),
        ({"code": "Flood 2026"}, [("code", "malformed")]),
        ({"code": "x" * 61}, [("code", "malformed")]),
        ({"act": "  "}, [("act", "required")]),
        ({"act": "x" * 121}, [("act", "too_long")]),
        ({"last_day": date(2026, 11, 22)}, [("last_day", "before_its_beginning")]),
        ({"last_day": date(2027, 11, 24)}, [("last_day", "too_far")]),
        ({"last_day": date(2027, 11, 23)}, []),
        ({"services": ("dumping", "nothing")}, [("services.1", "unknown_service")]),
        ({"services": ("shelter",)}, [("services.0", "never_suspended")]),
        (
            {"services": ("dumping",), "raises": {"dumping": Urgency.EMERGENCY}},
            [("services.0", "never_suspended")],
        ),
        ({"regions": (1, 99)}, [("regions.1", "unknown_region")]),
        ({"neighbourhoods": ("Restinga", "Atlântida")}, [("neighbourhoods.1", "unknown_neighbourhood")]),
        ({"raises": {"nothing": Urgency.URGENT}}, [("raises.nothing", "unknown_service")]),
        ({"raises": {"dumping": Urgency.NORMAL}}, [("raises.dumping", "not_higher")]),
        ({"raises": {"shelter": Urgency.EMERGENCY}}, [("raises.shelter", "not_higher")]),
        ({"suspends": False}, [("suspends", "changes_nothing")]),
        (
            {"suspends": False, "raises": {"dumping": Urgency.URGENT}, "legal_clocks": True},
            [("legal_clocks", "changes_nothing")],
        ),
    ],
)
def test_a_declaration_needs_an_act_an_end_and_what_the_city_has(
    changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    found = calamity_faults(a_draft_of(**changes), a_catalogue(), TODAY)

    assert [(fault.path, fault.reason) for fault in found] == faults


def test_every_fault_is_named_at_once() -> None:
    draft = a_draft_of(
        code="?", act="", last_day=TODAY - A_WEEK, services=("x",), regions=(99,), neighbourhoods=("x",)
    )

    paths = [fault.path for fault in calamity_faults(draft, a_catalogue(), TODAY)]

    assert paths == ["code", "act", "last_day", "regions.0", "neighbourhoods.0", "services.0"]


def test_a_code_of_the_citys_own_calendar_is_taken() -> None:
    own = Suspension(code="flood-2026", act="Lei 1", first_day=TODAY, last_day=TODAY)
    catalogue = a_catalogue(calendar=CalendarRules(suspensions=(own,)))

    (fault,) = calamity_faults(a_draft_of(), catalogue, TODAY)

    assert (fault.path, fault.reason) == ("code", "already_declared")


def test_neighbourhoods_are_declared_by_name_and_kept_by_code() -> None:
    draft = a_draft_of(neighbourhoods=("RESTINGA", "Centro Histórico"))

    calamity = declared(draft, a_catalogue(), "direction", datetime(2026, 11, 23, tzinfo=UTC), TODAY)

    assert calamity.neighbourhoods == ("restinga", "centro")
    assert calamity.first_day == TODAY


@pytest.mark.parametrize(
    ("last_day", "refused"),
    [
        (date(2026, 11, 22), True),
        (date(2026, 11, 23), False),
        (date(2026, 11, 25), False),
        (date(2026, 11, 27), False),
        (date(2026, 11, 28), True),
    ],
)
def test_an_end_lies_within_the_period_or_calls_it_off(last_day: date, refused: bool) -> None:
    assert [fault.path for fault in end_faults(a_calamity(), last_day)] == ["last_day"] * refused


def test_the_draft_of_a_place_outside_the_area_is_dated_as_ever() -> None:
    catalogue = flooded(a_calamity(regions=(1,)))

    there = a_request(draft=a_draft(place=IN_RESTINGA), catalogue=catalogue)

    assert there.state.due_at == a_request(draft=a_draft(place=IN_RESTINGA)).state.due_at
