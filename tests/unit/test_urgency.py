"""Urgency and priority: who may change them, and how."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import (
    ActorNotAllowed,
)
from chalicelib.domain.people import Role
from chalicelib.domain.suspensions import Suspension
from chalicelib.domain.terms import Term, TermUnit
from tests.builders import OPENED_AT, a_catalogue, ordered
from tests.builders import a_request as a_dated_request
from tests.unit.small_city import (
    a_draft,
    a_request,
    carry_out,
    opened,
    refused,
)

URGENCY_ORDER = list(Urgency)
A_DAY = Term(amount=24, unit=TermUnit.HOURS)


@pytest.mark.parametrize("role", [Role.ATTENDANT, Role.REVIEWER, Role.DIRECTION])
@pytest.mark.parametrize("wanted", list(Urgency))
@pytest.mark.parametrize("present", list(Urgency))
def test_anyone_of_the_centre_raises_urgency_but_only_an_attendant_lowers_it(
    present: Urgency, wanted: Urgency, role: Role
) -> None:
    service = {Urgency.EMERGENCY: "fallen-tree", Urgency.URGENT: "leak", Urgency.NORMAL: "dumping"}[present]
    request = opened(a_draft(service))
    assert request.state.urgency is present
    order = orders.Reprioritise(reason="Escola", urgency=wanted)

    if URGENCY_ORDER.index(wanted) > URGENCY_ORDER.index(present) and role is not Role.ATTENDANT:
        with pytest.raises(ActorNotAllowed):
            carry_out(request, order, role)
    else:
        changed = carry_out(request, order, role)
        assert changed.state.urgency is wanted
        assert changed.state.term == (
            A_DAY if wanted is Urgency.EMERGENCY is not present else request.state.term
        )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ("urgency", "required")),
        ({"priority": 0}, ("priority", "out_of_range")),
        ({"priority": 6}, ("priority", "out_of_range")),
    ],
)
def test_a_priority_is_one_to_five(changes: Mapping[str, Any], fault: tuple[str, str]) -> None:
    assert refused(a_request(), orders.Reprioritise(reason="x", **changes), Role.ATTENDANT) == [fault]


def test_changing_the_priority_leaves_the_urgency() -> None:
    changed = carry_out(a_request(), orders.Reprioritise(reason="x", priority=1), Role.DIRECTION)

    assert (changed.state.urgency, changed.state.priority) == (Urgency.NORMAL, 1)


def test_what_becomes_an_emergency_is_due_a_day_later_and_then_counts_from_its_opening_again() -> None:
    request = a_dated_request()

    raised = ordered(request, orders.Reprioritise(reason="Escola", urgency=Urgency.EMERGENCY))
    lowered = ordered(raised, orders.Reprioritise(reason="Vazia", urgency=Urgency.NORMAL))

    assert raised.state.due_at == raised.updated_at + timedelta(hours=24)
    assert raised.state.first_action_by == raised.updated_at + timedelta(hours=4)
    assert (lowered.state.due_at, lowered.state.term) == (request.state.due_at, request.state.term)


def test_a_suspension_stops_a_request_again_once_it_is_no_emergency() -> None:
    first = OPENED_AT.date()
    flood = Suspension(code="cheia", act="Decreto 1", first_day=first, last_day=first + timedelta(days=4))
    city = dataclasses.replace(a_catalogue(), calendar=CalendarRules(suspensions=(flood,)))
    request = a_dated_request(catalogue=city)

    raised = ordered(request, orders.Reprioritise(reason="Escola", urgency=Urgency.EMERGENCY), city)
    lowered = ordered(raised, orders.Reprioritise(reason="Vazia", urgency=Urgency.NORMAL), city)

    assert raised.state.due_at < request.state.due_at
    assert lowered.state.due_at == request.state.due_at
