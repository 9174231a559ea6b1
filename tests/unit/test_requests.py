"""A request's texts, and how much it can hold without becoming stuck."""

from __future__ import annotations

import msgspec
import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import TimelineFull
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import MOST_ENTRIES, RESERVED_FOR_SYSTEM, EntryType
from chalicelib.domain.timeline_limits import MOST_BYTES
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    CATALOGUE,
    PHOTO,
    a_request,
    act_of,
    by_the_system,
    carry_out,
    opened,
)

DYNAMODB_ITEM_BYTES = 400 * 1024


def talked_full(comment: str) -> ServiceRequest:
    request = a_request(Status.IN_PROGRESS)
    try:
        while True:
            request = carry_out(request, orders.Comment(comment=comment), Role.CITIZEN)
    except TimelineFull:
        return request


def worked_full(request: ServiceRequest) -> ServiceRequest:
    try:
        while True:
            request = carry_out(request, orders.SetExternalNumber(number="1"))
    except TimelineFull:
        return request


@pytest.mark.parametrize("comment", ["Ainda lá", "ç" * 2_000, "\x00" * 2_000, '"' * 2_000])
def test_talk_however_much_never_keeps_a_request_from_being_resolved(comment: str) -> None:
    request = talked_full(comment)

    resolved = carry_out(request, orders.Resolve(answer="x" * 2_000, photos=(PHOTO,)))

    assert resolved.state.status is Status.RESOLVED


def test_people_stop_where_the_reserve_of_the_system_begins() -> None:
    request = worked_full(a_request(Status.IN_PROGRESS))

    assert request.version == MOST_ENTRIES - RESERVED_FOR_SYSTEM
    for _ in range(RESERVED_FOR_SYSTEM):
        request = by_the_system(request, EntryType.ESCALATED)
    assert request.version == MOST_ENTRIES


def test_the_right_to_erasure_does_not_end_with_a_full_timeline() -> None:
    request = worked_full(talked_full("x" * 2_000))

    erased = carry_out(request, orders.Erase(legal_basis="LGPD art. 18 VI"), Role.OMBUDSMAN)

    assert not erased.private


def test_moving_to_and_fro_for_ever_keeps_the_item_below_what_the_table_takes() -> None:
    request, service = a_request(), "leak"
    try:
        while True:
            request = carry_out(request, orders.Classify(reason="x" * 500, service=service), Role.ATTENDANT)
            service = "leak" if service == "other" else "other"
    except TimelineFull:
        pass
    for _ in range(RESERVED_FOR_SYSTEM):
        request = by_the_system(request, EntryType.REDATED, due_at=request.state.due_at)

    assert MOST_BYTES < DYNAMODB_ITEM_BYTES
    assert len(msgspec.json.encode(request)) < DYNAMODB_ITEM_BYTES


def test_texts_are_found_by_the_decision_that_carried_them_or_the_newest() -> None:
    request = carry_out(a_request(Status.IN_PROGRESS), orders.Comment(comment="um"))
    request = carry_out(request, orders.Comment(comment="dois"))

    assert request.text(request.version, "comment") == "dois"
    assert request.text(request.version - 1, "comment") == "um"
    assert request.latest_text("comment") == "dois"


def test_version_and_time_are_those_of_the_newest_decision() -> None:
    request = carry_out(a_request(), orders.Accept())

    assert request.version == 2
    assert request.updated_at == request.timeline[-1].at > request.state.opened_at


def test_a_reporter_is_reachable_while_a_phone_or_mail_address_is_kept() -> None:
    by_phone = opened()
    by_nothing = opened(contact_points={})
    by_cpf = opened(contact_points={"cpf": "52998224725"})

    forgotten = carry_out(by_phone, orders.Erase(legal_basis="LGPD"), Role.OMBUDSMAN, catalogue=CATALOGUE)

    assert [request.is_reachable for request in (by_phone, by_nothing, by_cpf, forgotten)] == [
        True,
        False,
        False,
        False,
    ]


def test_an_entry_keeps_the_digests_by_which_a_repeat_is_recognised() -> None:
    act = act_of(Role.CITIZEN, command={"key": "k", "body": "b"})

    commented = a_request().with_decision(EntryType.COMMENTED, act, {})

    assert commented.timeline[-1].data == {"command": {"key": "k", "body": "b"}}
