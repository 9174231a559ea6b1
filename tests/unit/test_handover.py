"""Return, forward, reopen, classify: who holds a request, since when, and by when it must be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Secretariat
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.errors import InvalidInput, ReturnTooLate, TriageBinds
from chalicelib.domain.handover import MOST_RETURNS
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Role
from chalicelib.domain.requests import Holding, ServiceRequest
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    CATALOGUE,
    DUMPING,
    MONDAY,
    REJECT,
    RESOLVE,
    a_request,
    calendar_days,
    carry_out,
    hours,
    with_services,
    working_days,
)

CALENDAR = calendar_of(CATALOGUE)


def returned(request: ServiceRequest, proposed: str | None = None, **more: Any) -> ServiceRequest:
    return carry_out(request, orders.Return(reason="Não é nosso", proposed=proposed), **more)


def classified(request: ServiceRequest, role: Role = Role.ATTENDANT, **order: Any) -> ServiceRequest:
    return carry_out(request, orders.Classify(reason="Vi a foto", **order), role)


def place_of(request: ServiceRequest) -> tuple[Status, str, str]:
    return request.state.status, request.state.secretariat, request.state.routed_by


def test_the_first_return_goes_to_the_proposed_secretariat_that_the_catalogue_allows() -> None:
    assert place_of(returned(a_request(), "WATER")) == (Status.QUEUED, "WATER", "returned")


@pytest.mark.parametrize("proposed", [None, "ROADS"])
def test_the_first_return_without_an_allowed_proposal_goes_to_triage(proposed: str | None) -> None:
    request = returned(a_request(), proposed)

    assert place_of(request) == (Status.TRIAGE, "CENTRE", "returned")
    assert request.timeline[-1].data["proposed"] == proposed


def test_proposing_oneself_leads_to_triage_and_not_back_to_oneself() -> None:
    assert place_of(returned(a_request(), "WASTE")) == (Status.TRIAGE, "CENTRE", "returned")


def test_a_proposed_secretariat_that_no_longer_exists_stands_for_its_successor() -> None:
    catalogue = with_services(replace(DUMPING, alternatives=("PARKS",)))

    assert place_of(returned(a_request(), "PARKS", catalogue=catalogue)) == (
        Status.QUEUED,
        "ROADS",
        "returned",
    )


def test_an_unknown_secretariat_cannot_be_proposed() -> None:
    with pytest.raises(InvalidInput) as refused:
        returned(a_request(), "NOBODY")

    assert [(f.path, f.reason) for f in refused.value.faults] == [("proposed", "unknown_secretariat")]


def test_the_second_return_goes_to_triage_whatever_is_proposed_and_triage_binds() -> None:
    twice = returned(returned(a_request(), "WATER"), "WASTE")
    assert place_of(twice) == (Status.TRIAGE, "CENTRE", "bound_by_triage")

    bound = classified(twice, secretariat="WATER")
    assert bound.state.returns == MOST_RETURNS
    with pytest.raises(TriageBinds):
        returned(bound, "WASTE")


def test_a_return_moves_no_due_date_and_gives_the_next_one_a_day_to_accept() -> None:
    request = a_request(Status.IN_PROGRESS)

    moved = returned(request, "WATER", after=timedelta(days=1))

    assert moved.state.due_at == request.state.due_at
    assert moved.state.accepted_at is None
    assert moved.state.acknowledge_by == due_at(working_days(1), moved.updated_at, CALENDAR)


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.SCHEDULED, Status.WAITING_THIRD_PARTY])
def test_accepted_work_can_be_returned_within_two_working_days_only(status: Status) -> None:
    request = a_request(status)
    wednesday_night = datetime(2026, 3, 5, 2, 59, 59, tzinfo=UTC)

    assert returned(request, after=wednesday_night - request.updated_at).state.status is Status.TRIAGE
    with pytest.raises(ReturnTooLate):
        returned(request, after=wednesday_night - request.updated_at + timedelta(seconds=1))


def test_what_was_not_accepted_yet_can_be_returned_later_too() -> None:
    assert returned(a_request(), after=timedelta(days=30)).state.status is Status.TRIAGE


def test_forwarding_changes_the_unit_within_the_secretariat() -> None:
    request = a_request()
    assert request.state.unit == "waste-north"

    forwarded = carry_out(request, orders.Forward(unit="waste-south"))

    assert forwarded.state == replace(request.state, unit="waste-south")


@pytest.mark.parametrize("catalogue", [CATALOGUE, replace(CATALOGUE, secretariats={})])
def test_only_units_of_its_own_can_be_chosen(catalogue: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        carry_out(a_request(), orders.Forward(unit="night-shift"), catalogue=catalogue)

    assert [(f.path, f.reason) for f in refused.value.faults] == [("unit", "unknown_unit")]


def reopened(request: ServiceRequest, **more: Any) -> ServiceRequest:
    return carry_out(request, orders.Reopen(reason="Não foi feito"), Role.ATTENDANT, **more)


def falsely_resolved_again(request: ServiceRequest) -> ServiceRequest:
    again = replace(RESOLVE, photos=("another-photo",))
    return carry_out(carry_out(request, orders.Accept()), again)


def test_reopening_returns_it_to_the_same_secretariat_in_a_new_generation() -> None:
    resolved = a_request(Status.RESOLVED)

    again = reopened(resolved, after=timedelta(days=3))

    assert place_of(again) == (Status.QUEUED, "WASTE", "service")
    assert again.state.generation == 2
    assert again.state.resolution is None
    assert again.state.accepted_at is None


def test_the_original_due_date_stays_and_the_rework_has_its_own() -> None:
    resolved = a_request(Status.RESOLVED)

    again = reopened(resolved, after=timedelta(days=3))

    assert again.state.due_at == resolved.state.due_at
    assert again.state.rework_due_at == due_at(working_days(1), again.updated_at, CALENDAR)


def test_falsely_resolved_time_counts_as_held_by_who_resolved() -> None:
    again = reopened(a_request(Status.RESOLVED), after=timedelta(days=3))

    assert again.state.holdings == (Holding(secretariat="WASTE", since=MONDAY, until=again.updated_at),)


def test_the_third_generation_goes_to_the_reviewer_of_the_centre() -> None:
    again = reopened(falsely_resolved_again(reopened(a_request(Status.RESOLVED))))

    assert again.state.generation == 3
    assert place_of(again) == (Status.TRIAGE, "CENTRE", "review")
    assert not again.state.provisional


def test_a_wrong_rejection_is_taken_up_again() -> None:
    again = reopened(a_request(Status.REJECTED))

    assert place_of(again) == (Status.QUEUED, "WASTE", "service")
    assert again.state.rejection is None


def test_what_was_rejected_in_triage_returns_to_triage() -> None:
    rejected = carry_out(a_request(Status.TRIAGE), REJECT, Role.ATTENDANT)

    assert place_of(reopened(rejected))[:2] == (Status.TRIAGE, "CENTRE")


def test_reopening_goes_to_the_successor_of_a_secretariat_that_ended_meanwhile() -> None:
    ended = Secretariat(code="WASTE", name="", valid_until=date(2026, 3, 3), successor="ROADS")
    catalogue = replace(CATALOGUE, secretariats={**CATALOGUE.secretariats, "WASTE": ended})

    assert reopened(
        a_request(Status.RESOLVED), after=timedelta(days=2), catalogue=catalogue
    ).state.secretariat == ("ROADS")


def test_each_holder_is_charged_with_exactly_the_time_it_held_the_request() -> None:
    request = returned(a_request(), "WATER", after=timedelta(days=1))
    request = returned(request, after=timedelta(days=2))
    request = classified(request, secretariat="ROADS")
    request = carry_out(request, orders.Accept(), after=timedelta(days=3))

    held = {holding.secretariat: holding.until - holding.since for holding in request.state.holdings}
    assert held == {
        "WASTE": timedelta(days=1),
        "WATER": timedelta(days=2),
        "CENTRE": timedelta(hours=1),
    }
    now = request.updated_at
    assert sum(held.values(), now - request.state.held_since) == now - request.state.opened_at


@pytest.mark.parametrize(
    ("term", "rework"),
    [
        (working_days(1), working_days(1)),
        (working_days(5), working_days(1)),
        (working_days(15), working_days(4)),
        (working_days(40), working_days(10)),
        (working_days(225), working_days(10)),
        (calendar_days(30), working_days(8)),
        (calendar_days(120), working_days(10)),
        (hours(48), hours(24)),
        (hours(6), hours(3)),
        (hours(1), hours(1)),
    ],
    ids=str,
)
def test_rework_has_a_quarter_of_the_term_or_half_of_its_hours(term: Any, rework: Any) -> None:
    catalogue = with_services(replace(DUMPING, term=term))
    resolved = a_request(Status.RESOLVED, catalogue=catalogue)

    again = reopened(resolved)

    assert again.state.rework_due_at == due_at(rework, again.updated_at, CALENDAR)
