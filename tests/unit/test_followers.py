"""Who follows a request: once, under a name that says nothing of him."""

from __future__ import annotations

from chalicelib.domain.contacts import follower_id_of
from chalicelib.domain.protocols import Protocol

MINE, YOURS = Protocol("2632800000010"), Protocol("2632800000028")
PERSON = "a1" * 16


def test_a_person_follows_a_request_under_one_name_and_another_under_another() -> None:
    assert follower_id_of(MINE, PERSON) == follower_id_of(MINE, PERSON)
    assert follower_id_of(MINE, PERSON) != follower_id_of(YOURS, PERSON)


def test_the_name_tells_nothing_of_the_person() -> None:
    name = follower_id_of(MINE, PERSON)

    assert PERSON not in name
    assert len(name) == len(PERSON)
