"""What a store of preferences must do, on the fake, on moto and on ministack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.people import DynamoPeople
from chalicelib.adapters.dynamo.preferences import DynamoPreferences
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.services.ports.preferences import PreferenceStore
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fake_messages import FakePreferences
from tests.fakes import NOW
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
CHOSEN = Preferences(
    opted_out=frozenset({MessageKind.LATE, MessageKind.SURVEY}),
    medium=Medium.EMAIL,
    language="fr",
    changed_at=NOW,
)
LATER = Preferences(changed_at=NOW + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Kept:
    """The store of one engine, and what breaks the calls of a real one."""

    preferences: PreferenceStore
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    if request.param == "fake":
        yield Kept(FakePreferences())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "people"):
        yield Kept(DynamoPreferences(), proxy)


def test_nothing_is_chosen_at_first(kept: Kept) -> None:
    assert kept.preferences.of(("cpf-key", "phone-key")) == Preferences()
    assert kept.preferences.of(()) == Preferences()


def test_a_choice_is_found_under_each_of_its_keys(kept: Kept) -> None:
    kept.preferences.keep(("cpf-key", "phone-key", "cpf-key"), CHOSEN)

    assert kept.preferences.of(("phone-key",)) == CHOSEN
    assert kept.preferences.of(("unknown", "cpf-key", "cpf-key")) == CHOSEN
    assert kept.preferences.of(("unknown",)) == Preferences()


def test_the_newest_choice_under_any_of_the_keys_holds(kept: Kept) -> None:
    kept.preferences.keep(("cpf-key", "phone-key"), CHOSEN)
    kept.preferences.keep(("phone-key",), LATER)

    assert kept.preferences.of(("cpf-key", "phone-key")) == LATER
    assert kept.preferences.of(("cpf-key",)) == CHOSEN


@pytest.mark.parametrize("kept", REAL_ENGINES, indirect=True)
def test_a_choice_stands_beside_what_was_seen_of_a_contact_point(kept: Kept) -> None:
    people = DynamoPeople()
    people.saw("phone-key", person_key="cpf-key", channel="web", at=NOW)
    kept.preferences.keep(("phone-key",), CHOSEN)
    people.saw("phone-key", person_key="phone-key", channel="phone", at=NOW)

    assert kept.preferences.of(("phone-key",)) == CHOSEN
    assert people.person_keys_seen_with("phone-key") == {"cpf-key", "phone-key"}


@pytest.mark.parametrize("kept", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(kept: Kept) -> None:
    assert kept.proxy
    kept.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        kept.preferences.of(("phone-key",))
