"""By which way people tell a citizen what no message could: the points that work decide."""

from __future__ import annotations

from datetime import datetime

import pytest

from chalicelib.adapters import senders
from chalicelib.domain.callbacks import Way
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.notices import INVALID_ADDRESS
from tests.citizen_letters import told_request
from tests.escalated import MARKED
from tests.notice_desk import Post

NOON = datetime.fromisoformat("2026-11-24T15:00:00+00:00")
STREET = "Rua Marcada, 10"
LANDLINE = {"phone": "+555132893000"}
CPF = {"cpf": "52998224725"}


@pytest.fixture
def post() -> Post:
    post = Post()
    post.clock.time = NOON
    return post


def way_for(post: Post, points: dict[str, str], address: str) -> Way:
    known = {**points, "address": address} if address else points
    assert post.notify(told_request(Status.RESOLVED, contact_points=known)).to_be_called
    (task,) = post.callbacks.tasks.values()
    return task.way


@pytest.mark.parametrize(
    ("points", "address", "way"),
    [
        (LANDLINE, STREET, Way.CALL),
        (CPF, STREET, Way.LETTER),
        (CPF, "", Way.COUNTER),
    ],
)
def test_nobody_is_to_be_called_who_has_no_telephone(
    post: Post, points: dict[str, str], address: str, way: Way
) -> None:
    assert way_for(post, points, address) is way


@pytest.mark.parametrize(
    ("reason", "address", "way"),
    [
        ("opted_out", STREET, Way.CALL),
        ("rejected", "", Way.CALL),
        (INVALID_ADDRESS, STREET, Way.LETTER),
        (INVALID_ADDRESS, "", Way.COUNTER),
    ],
)
def test_a_number_that_takes_no_text_messages_is_called_and_one_that_is_none_is_not(
    post: Post, reason: str, address: str, way: Way
) -> None:
    post.sms.refused = {MARKED["phone"]: reason}

    assert way_for(post, {"phone": MARKED["phone"]}, address) is way


def test_a_letter_is_listed_among_the_letters_at_once(post: Post) -> None:
    way_for(post, CPF, STREET)

    assert post.callbacks.due(NOON, limit=10).items == ()
    assert len(post.callbacks.letters(limit=10).items) == 1


def test_the_word_for_a_number_that_is_none_is_the_senders() -> None:
    assert senders.UNDELIVERABLE["InvalidParameter"] == INVALID_ADDRESS
