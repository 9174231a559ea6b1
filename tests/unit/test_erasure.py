"""Erasure: what a citizen may have forgotten, and what goes with it."""

from __future__ import annotations

from chalicelib.domain import orders
from chalicelib.domain.people import Role
from chalicelib.domain.private import Erased
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    SAMPLES,
    a_request,
    carry_out,
    refused,
)


def test_erasing_everything_leaves_no_text_and_no_key_of_the_person() -> None:
    erased = carry_out(a_request(), SAMPLES[orders.Erase], Role.OMBUDSMAN)

    assert not erased.private
    assert erased.person_key is None
    assert erased.contact_keys == ()
    assert erased.text(1, "reporter.phone") is Erased.ERASED


def test_erasing_one_text_leaves_the_others_and_the_person() -> None:
    request = a_request()

    erased = carry_out(
        request,
        orders.Erase(legal_basis="LGPD", names=("1.description", "1.description")),
        Role.OMBUDSMAN,
    )

    assert request.private.keys() - erased.private.keys() == {"1.description"}
    assert erased.timeline[-1].data["erased"] == ["1.description"]
    assert erased.person_key == request.person_key


def test_what_is_not_there_cannot_be_erased() -> None:
    order = orders.Erase(legal_basis="LGPD", names=("1.description", "9.comment"))

    assert refused(a_request(), order, Role.OMBUDSMAN) == [("names", "unknown_text")]


def test_a_legal_basis_and_the_name_of_a_team_can_be_erased_too() -> None:
    request = carry_out(a_request(Status.IN_PROGRESS), SAMPLES[orders.Reject])
    erased = carry_out(request, SAMPLES[orders.Erase], Role.OMBUDSMAN)

    assert erased.latest_text("legal_basis") is Erased.ERASED
    assert "LC 12/1975" not in f"{erased.state}{erased.timeline}"
