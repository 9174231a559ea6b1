from __future__ import annotations

import pytest

from chalicelib.api.history import state_after
from chalicelib.domain import orders
from chalicelib.domain.errors import NotFound
from chalicelib.domain.transitions import Status
from tests.builders import a_request, ordered


def test_a_request_is_shown_as_it_stood_after_any_of_its_decisions() -> None:
    request = a_request()
    accepted = ordered(request, orders.Accept())
    assert state_after(accepted, 1) == request.state
    assert state_after(accepted, 2) == accepted.state
    assert state_after(accepted, 2).status is Status.IN_PROGRESS


@pytest.mark.parametrize("seq", [0, 2])
def test_a_decision_that_was_not_taken_is_not_found(seq: int) -> None:
    with pytest.raises(NotFound):
        state_after(a_request(), seq)
