"""Confirm and contest: who decides that work was done, until when, and who redoes what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.contests import contestable_until
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.envelopes import messages_between
from chalicelib.domain.errors import ContestTooLate, InvalidInput, TransitionNotAllowed
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import is_result_told, wait_ends_at
from tests.unit.small_city import (
    CATALOGUE,
    PHOTO,
    REJECT,
    RESOLVE,
    SAMPLES,
    a_request,
    carry_out,
    refused,
    working_days,
)

CONTEST = orders.Contest(reason="O entulho continua na calçada", photos=(PHOTO,))
SECOND = timedelta(seconds=1)


def contested(request: ServiceRequest, *, after: timedelta = timedelta(hours=1)) -> ServiceRequest:
    return carry_out(request, CONTEST, Role.CITIZEN, after=after)


def left_until_window_ends(request: ServiceRequest) -> timedelta:
    until = contestable_until(request, CATALOGUE)
    assert until is not None
    return until - request.updated_at


def test_a_confirmation_closes_the_request() -> None:
    closed = carry_out(a_request(Status.RESOLVED), orders.Confirm(note="Ficou bom"), Role.CITIZEN)

    assert (closed.state.status, closed.timeline[-1].type) == (Status.CLOSED, EntryType.CONFIRMED)
    assert closed.latest_text("note") == "Ficou bom"


def test_contested_work_returns_to_whoever_called_it_done() -> None:
    again = contested(a_request(Status.RESOLVED), after=timedelta(days=3))
    state = again.state

    assert (state.status, state.secretariat, state.generation) == (Status.QUEUED, "WASTE", 2)
    assert state.rework_due_at == due_at(working_days(1), again.updated_at, calendar_of(CATALOGUE))
    assert (state.resolution, state.accepted_at, state.escalated) == (None, None, ())
    assert again.timeline[-1].type is EntryType.CONTESTED


def test_the_secretariat_reads_why_and_sees_the_photos() -> None:
    again = contested(a_request(Status.RESOLVED))
    (message,) = messages_between(again.version - 1, again, CATALOGUE, "https://156.example")

    happened = message.event["data"]["happened"]
    assert (happened["type"], happened["text"]) == ("contested", CONTEST.reason)
    assert happened["photos"][0].endswith(PHOTO)


def test_the_second_contest_goes_to_the_reviewer_of_the_centre() -> None:
    redone = carry_out(
        carry_out(contested(a_request(Status.RESOLVED)), orders.Accept()),
        replace(RESOLVE, photos=("another-photo",)),
    )

    again = contested(redone)

    assert (again.state.status, again.state.secretariat) == (Status.TRIAGE, "CENTRE")
    assert (again.state.generation, again.state.routed_by) == (3, "review")


def test_a_contested_refusal_goes_to_the_reviewer_of_the_centre() -> None:
    again = contested(a_request(Status.REJECTED))

    assert (again.state.status, again.state.secretariat) == (Status.TRIAGE, "CENTRE")
    assert (again.state.routed_by, again.state.rejection) == ("review", None)


def test_what_was_refused_in_triage_is_reviewed_there() -> None:
    rejected = carry_out(a_request(Status.TRIAGE), REJECT, Role.ATTENDANT)

    assert contested(rejected).state.status is Status.TRIAGE


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.REJECTED])
def test_a_result_can_be_contested_for_ten_working_days_and_not_a_second_longer(status: Status) -> None:
    request = a_request(status)
    left = left_until_window_ends(request)

    assert contested(request, after=left).state.generation == 2
    with pytest.raises(ContestTooLate):
        contested(request, after=left + SECOND)


def test_a_contest_without_reason_is_refused() -> None:
    assert refused(a_request(Status.RESOLVED), orders.Contest(reason=" "), Role.CITIZEN) == [
        ("reason", "required")
    ]


@pytest.mark.parametrize(
    ("status", "order"),
    [
        (Status.RESOLVED, orders.Confirm()),
        (Status.RESOLVED, CONTEST),
        (Status.WAITING_CITIZEN, orders.Answer(answer="É o 12")),
        (Status.ARCHIVED, orders.Revive(answer="É o 12")),
        (Status.QUEUED, orders.Cancel(reason="Já não precisa")),
    ],
)
def test_an_attendant_who_acts_for_the_citizen_says_how_he_knew_him(
    status: Status, order: orders.Order
) -> None:
    assert refused(a_request(status), order, Role.ATTENDANT) == [("identity_check", "required")]

    checked = SAMPLES[type(order)]
    done = carry_out(a_request(status), checked, Role.ATTENDANT)
    assert done.latest_text("identity_check") == "CPF e nome da mãe conferidos"
    assert carry_out(a_request(status), order, Role.CITIZEN).latest_text("identity_check") is None


def test_a_third_party_is_written_to_only_with_something_to_answer() -> None:
    request, address = a_request(Status.IN_PROGRESS), "plantao@ceee.example"

    assert refused(request, orders.Wait(party="CEEE", party_email=address)) == [("note", "required")]
    assert refused(request, orders.Wait(party="CEEE", party_email="ceee", note="Poste?")) == [
        ("party_email", "invalid_email")
    ]
    waiting = carry_out(request, orders.Wait(party="CEEE", party_email=address, note="Trocaram o poste?"))
    assert waiting.text(waiting.version, "party_email") == address


def test_a_third_partys_answer_reaches_the_secretariat() -> None:
    waiting = a_request(Status.WAITING_THIRD_PARTY)
    with pytest.raises(InvalidInput):
        carry_out(waiting, orders.Resume(), Role.THIRD_PARTY)

    answer = orders.Resume(answer="Poste trocado ontem", photos=(PHOTO,))
    resumed = carry_out(waiting, answer, Role.THIRD_PARTY)
    (message,) = messages_between(resumed.version - 1, resumed, CATALOGUE, "https://156.example")

    assert resumed.state.status is Status.IN_PROGRESS
    assert message.event["data"]["happened"]["text"] == "Poste trocado ontem"
    assert resumed.photos_quoted(waiting.version) == (PHOTO,)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.REJECTED])
def test_whom_people_told_may_contest_from_the_contact_on(status: Status) -> None:
    request = a_request(status)
    told = carry_out(request, orders.ConfirmTold(), Role.ATTENDANT, after=timedelta(days=3))

    assert left_until_window_ends(told) > timedelta(days=10)
    assert left_until_window_ends(told) > left_until_window_ends(request) - timedelta(days=3)
    assert wait_ends_at(told, CATALOGUE) == contestable_until(told, CATALOGUE)
    with pytest.raises(TransitionNotAllowed):
        carry_out(told, orders.ConfirmTold(), Role.ATTENDANT)


def test_a_new_result_is_told_anew() -> None:
    told = carry_out(a_request(Status.RESOLVED), orders.ConfirmTold(), Role.ATTENDANT)
    again = contested(told, after=SECOND)
    for order in (orders.Accept(), replace(RESOLVE, photos=("a-newer-photo",))):
        again = carry_out(again, order)

    assert not is_result_told(again.state)
    assert is_result_told(carry_out(again, orders.ConfirmTold(), Role.ATTENDANT).state)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.REJECTED])
def test_who_has_a_landline_only_keeps_his_window_while_calls_are_in_vain(status: Status) -> None:
    request = a_request(status, contact_points={"phone": "+555132893000"})
    told = carry_out(request, orders.ConfirmTold(), Role.ATTENDANT, after=timedelta(days=5))

    assert left_until_window_ends(request) > timedelta(days=25)
    assert timedelta(days=10) < left_until_window_ends(told) < timedelta(days=20)
