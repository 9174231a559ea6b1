"""Classification: an attendant says what it is, and everything counts from the opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    CATALOGUE,
    DUMPING,
    MONDAY,
    a_draft,
    a_request,
    carry_out,
    hours,
    opened,
    with_services,
    working_days,
)

CALENDAR = calendar_of(CATALOGUE)


def classified(request: ServiceRequest, role: Role = Role.ATTENDANT, **order: Any) -> ServiceRequest:
    return carry_out(request, orders.Classify(reason="Vi a foto", **order), role)


def place_of(request: ServiceRequest) -> tuple[Status, str, str]:
    return request.state.status, request.state.secretariat, request.state.routed_by


def test_classifying_reroutes_and_counts_from_the_original_opening() -> None:
    request = a_request(Status.TRIAGE)
    assert request.state.provisional

    leak = classified(request, service="leak")

    assert place_of(leak) == (Status.QUEUED, "WATER", "service")
    assert leak.state.term == hours(48)
    assert leak.state.due_at == MONDAY + timedelta(hours=48)
    assert leak.state.first_action_by is None
    assert not leak.state.provisional
    assert leak.state.acknowledge_by == due_at(working_days(1), leak.updated_at, CALENDAR)


def test_an_attendant_may_name_the_secretariat_and_keep_the_service() -> None:
    named = classified(a_request(Status.TRIAGE), secretariat="PARKS")

    assert place_of(named) == (Status.QUEUED, "ROADS", "attendant")
    assert named.state.service == "dumping"


def test_a_service_without_an_organ_stays_in_triage() -> None:
    assert place_of(classified(a_request(), service="other")) == (Status.TRIAGE, "CENTRE", "no_rule")


@pytest.mark.parametrize(
    ("order", "fault"),
    [
        ({"service": "nothing"}, ("service", "unknown_service")),
        ({"secretariat": "NOBODY"}, ("secretariat", "unknown_secretariat")),
        ({"attributes": {"material": "gold"}}, ("attributes.material", "not_in_list")),
        ({"attributes": {"colour": "red"}}, ("attributes.colour", "unknown_attribute")),
    ],
)
def test_a_wrong_classification_is_refused(order: Mapping[str, Any], fault: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        classified(a_request(), **order)

    assert [(f.path, f.reason) for f in refused.value.faults] == [fault]


def test_answers_that_the_new_service_asks_for_too_are_kept_and_the_others_dropped() -> None:
    similar = replace(DUMPING, code="weeds", attributes=DUMPING.attributes[:2])
    draft = a_draft(attributes={"material": "tyres", "volume": 2.5})

    moved = carry_out(
        opened(draft),
        orders.Classify(reason="x", service="weeds", attributes={"hazards": ["glass"]}),
        Role.ATTENDANT,
        catalogue=with_services(similar),
    )

    assert moved.state.attributes == {"material": "tyres", "hazards": ["glass"]}


def test_an_old_answer_that_does_not_fit_the_new_question_is_dropped_and_not_refused() -> None:
    other_list = replace(DUMPING.attributes[0], choices=())
    similar = replace(DUMPING, code="weeds", attributes=(other_list,))

    moved = carry_out(
        opened(),
        orders.Classify(reason="x", service="weeds"),
        Role.ATTENDANT,
        catalogue=with_services(similar),
    )

    assert moved.state.attributes == {}


def test_a_free_text_answer_given_by_the_attendant_is_private() -> None:
    moved = classified(a_request(), attributes={"detail": "Casa da Ana"})

    assert moved.latest_text("attributes.detail") == "Casa da Ana"
    assert "detail" not in moved.state.attributes


def test_the_new_service_sets_urgency_and_priority() -> None:
    moved = classified(a_request(), service="leak")

    assert (moved.state.urgency, moved.state.priority) == (Urgency.URGENT, 2)
    lowered = classified(moved, service="dumping")
    assert (lowered.state.urgency, lowered.state.priority) == (Urgency.NORMAL, 3)


def test_an_urgency_that_people_set_survives_a_new_service_that_is_less_urgent() -> None:
    raised = carry_out(
        a_request(),
        orders.Reprioritise(reason="Escola", urgency=Urgency.EMERGENCY, priority=1),
        Role.DIRECTION,
    )

    moved = classified(raised, service="leak")

    assert (moved.state.urgency, moved.state.priority) == (Urgency.EMERGENCY, 1)


def test_only_an_attendant_lowers_the_urgency_by_classifying() -> None:
    moved = classified(opened(a_draft("leak")), Role.REVIEWER, service="dumping")

    assert moved.state.urgency is Urgency.URGENT


def test_confidentiality_once_promised_is_kept() -> None:
    noise = opened(a_draft("noise"))
    assert noise.state.confidential

    assert classified(noise, service="dumping").state.confidential
    assert classified(a_request(), service="noise").state.confidential


def test_the_kind_that_the_citizen_chose_is_kept() -> None:
    complaint = opened(a_draft(kind=Kind.COMPLAINT))

    assert classified(complaint, service="leak").state.kind is Kind.COMPLAINT
    assert classified(a_request(), service="leak").state.kind is Kind.SERVICE_REQUEST
