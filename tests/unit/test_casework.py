"""The rules of each order that the table of transitions cannot say."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import (
    CitizenCannotBeAsked,
)
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import TRANSITIONS, Status
from tests.unit.small_city import (
    PHOTO,
    REJECT,
    RESOLVE,
    SAMPLES,
    a_draft,
    a_request,
    carry_out,
    refused,
)


def in_progress(**opening: Any) -> ServiceRequest:
    return a_request(Status.IN_PROGRESS, **opening)


@pytest.mark.parametrize("blank", ["", "  \n\t"])
@pytest.mark.parametrize(
    ("order", "field"),
    [
        (orders.Return, "reason"),
        (orders.Ask, "question"),
        (orders.Answer, "answer"),
        (orders.Wait, "party"),
        (orders.Comment, "comment"),
        (orders.Resolve, "answer"),
        (orders.Reject, "answer"),
        (orders.Reject, "legal_basis"),
        (orders.Reopen, "reason"),
        (orders.Cancel, "reason"),
        (orders.Reprioritise, "reason"),
        (orders.SetExternalNumber, "number"),
        (orders.Classify, "reason"),
        (orders.Erase, "legal_basis"),
    ],
)
def test_a_mandatory_text_must_say_something(order: type[orders.Order], field: str, blank: str) -> None:
    blanked = dataclasses.replace(SAMPLES[order], **{field: blank})
    rule = TRANSITIONS[order.COMMAND]
    status = Status.IN_PROGRESS if Status.IN_PROGRESS in rule.moves else min(rule.moves)
    role = Role.SECRETARIAT if Role.SECRETARIAT in rule.roles else min(rule.roles)

    assert refused(a_request(status), blanked, role) == [(field, "required")]


def test_every_fault_of_an_order_is_named_at_once() -> None:
    order = orders.Reject(answer="x" * 2_001, reason=RejectionReason.NOT_MUNICIPAL, legal_basis="y" * 201)

    assert refused(in_progress(), order) == [("answer", "too_long"), ("legal_basis", "too_long")]


def test_an_order_of_too_many_photos_is_refused() -> None:
    assert refused(in_progress(), orders.Resolve(answer="Feito", photos=(PHOTO,) * 11)) == [
        ("photos", "too_many")
    ]


def test_a_legal_basis_may_name_several_laws() -> None:
    basis = "Lei Complementar 757/2015, art. 12; Decreto 20.196/2019, art. 4º, § 2º; Lei 13.460/2017"

    rejected = carry_out(
        in_progress(),
        orders.Reject(answer="Não", reason=RejectionReason.NO_LEGAL_BASIS, legal_basis=basis),
    )

    assert rejected.state.rejection
    assert rejected.latest_text("legal_basis") == basis


def test_accepting_stops_the_acknowledgement_clock_and_moves_no_due_date() -> None:
    request = a_request()
    assert request.state.acknowledge_by is not None

    accepted = carry_out(request, orders.Accept())

    assert accepted.state.acknowledge_by is None
    assert accepted.state.accepted_at == accepted.updated_at
    assert accepted.state.due_at == request.state.due_at


def test_texts_are_private_and_the_timeline_keeps_their_digests() -> None:
    commented = carry_out(in_progress(), orders.Comment(comment="Falei com a Ana"))

    entry = commented.timeline[-1]
    name = f"{commented.version}.comment"
    assert entry.data == {"public": False, "texts": {name: commented.private[name].digest}}


def test_a_comment_moves_neither_status_nor_any_date() -> None:
    request = in_progress()

    commented = carry_out(request, orders.Comment(comment="Ainda lá", public=True), Role.CITIZEN)

    assert commented.state == request.state


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.SCHEDULED])
def test_a_visit_never_moves_the_due_date_and_can_be_announced_anew(status: Status) -> None:
    request = a_request(status)
    visit_at = request.updated_at + timedelta(days=40)

    scheduled = carry_out(request, orders.Schedule(visit_at=visit_at))

    assert scheduled.state.scheduled_for == visit_at
    assert scheduled.state.due_at == request.state.due_at


@pytest.mark.parametrize(
    ("visit_at", "reason"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "not_in_the_future"),
        (datetime(2026, 3, 20, 9), "time_zone_missing"),  # noqa: DTZ001
        (datetime(2028, 1, 1, tzinfo=UTC), "out_of_range"),
        (datetime.max.replace(tzinfo=UTC), "out_of_range"),
    ],
)
def test_a_visit_lies_in_the_near_future(visit_at: datetime, reason: str) -> None:
    assert refused(in_progress(), orders.Schedule(visit_at=visit_at)) == [("visit_at", reason)]


@pytest.mark.parametrize(
    ("order", "role"),
    [
        (SAMPLES[orders.Ask], Role.SECRETARIAT),
        (SAMPLES[orders.Wait], Role.SECRETARIAT),
        (SAMPLES[orders.Return], Role.SECRETARIAT),
        (SAMPLES[orders.Cancel], Role.CITIZEN),
        (SAMPLES[orders.Merge], Role.ATTENDANT),
        (SAMPLES[orders.Classify], Role.ATTENDANT),
        (RESOLVE, Role.SECRETARIAT),
        (REJECT, Role.SECRETARIAT),
    ],
)
def test_a_visit_is_forgotten_when_the_request_is_no_longer_scheduled(
    order: orders.Order, role: Role
) -> None:
    assert carry_out(a_request(Status.SCHEDULED), order, role).state.scheduled_for is None


@pytest.mark.parametrize("order", [orders.Comment(comment="Vamos"), orders.Forward(unit="waste-south")])
def test_a_visit_stands_through_what_does_not_change_the_status(order: orders.Order) -> None:
    scheduled = a_request(Status.SCHEDULED)

    assert carry_out(scheduled, order).state.scheduled_for == scheduled.state.scheduled_for


def test_a_citizen_is_asked_twice_at_most() -> None:
    request = in_progress()
    for asked in (1, 2):
        request = carry_out(request, SAMPLES[orders.Ask])
        assert request.state.questions == asked
        request = carry_out(request, SAMPLES[orders.Answer], Role.CITIZEN)

    with pytest.raises(CitizenCannotBeAsked):
        carry_out(request, SAMPLES[orders.Ask])


def an_emergency() -> ServiceRequest:
    return in_progress(draft=a_draft("fallen-tree"))


def an_anonymous_one() -> ServiceRequest:
    return in_progress(contact_points={})


def one_known_by_his_cpf_only() -> ServiceRequest:
    return in_progress(contact_points={"cpf": "52998224725"})


def one_whose_reporter_was_erased() -> ServiceRequest:
    return carry_out(in_progress(), SAMPLES[orders.Erase], Role.OMBUDSMAN)


@pytest.mark.parametrize(
    "request_of",
    [an_emergency, an_anonymous_one, one_known_by_his_cpf_only, one_whose_reporter_was_erased],
)
def test_no_clock_stops_for_a_question_that_cannot_be_put(request_of: Any) -> None:
    with pytest.raises(CitizenCannotBeAsked):
        carry_out(request_of(), SAMPLES[orders.Ask])


def test_an_answer_keeps_its_photos() -> None:
    answered = carry_out(
        a_request(Status.WAITING_CITIZEN), orders.Answer(answer="Veja", photos=(PHOTO,)), Role.CITIZEN
    )

    assert answered.timeline[-1].data["photos"] == [PHOTO]
    assert answered.latest_text("answer") == "Veja"


def test_a_request_is_not_merged_into_itself() -> None:
    request = a_request()

    assert refused(request, orders.Merge(into=request.protocol)) == [("into", "same_request")]


def test_a_duplicate_names_what_it_repeats() -> None:
    assert a_request(Status.DUPLICATE).state.duplicate_of == "2606176543212"


def test_a_number_of_the_secretariats_own_system_is_kept_trimmed() -> None:
    numbered = carry_out(a_request(), orders.SetExternalNumber(number="  SEI 23-1 "))

    assert numbered.state.external_number == "SEI 23-1"
