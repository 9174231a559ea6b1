"""Preferences: a citizen's choice holds for all his requests; only he, or who spoke with him, makes it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.citizen_links import LIVES, LinkPurpose
from chalicelib.domain.contacts import Follower
from chalicelib.domain.errors import InvalidInput, LinkExpired, LinkUnknown, NotFound
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.people import Channel
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.preferences import CitizenPreferences
from tests.builders import ordered
from tests.citizens import a_link
from tests.escalated import a_told_request
from tests.fake_access import some_links
from tests.fake_messages import FakePreferences
from tests.fakes import NOW, FakeClock, FakeContacts, FakeRequests, an_identity

WITHOUT_NEWS = Preferences(opted_out=frozenset({MessageKind.CLOSED}), medium=Medium.EMAIL)
NEIGHBOUR = "f" * 32


@pytest.fixture
def store() -> FakePreferences:
    return FakePreferences()


@pytest.fixture
def opened() -> ServiceRequest:
    return a_told_request()


@pytest.fixture
def preferences(store: FakePreferences, opened: ServiceRequest) -> CitizenPreferences:
    requests, contacts = FakeRequests(), FakeContacts()
    requests.add(opened)
    contacts.follow(
        Follower(
            protocol=opened.protocol,
            follower_id=NEIGHBOUR,
            at=NOW,
            channel=Channel.WEB,
            person_key=NEIGHBOUR,
        )
    )
    return CitizenPreferences(
        store=store,
        requests=requests,
        contacts=contacts,
        links=some_links(),
        identity=an_identity(),
        clock=FakeClock(),
    )


def test_a_choice_by_link_holds_under_every_contact_point_of_the_request(
    preferences: CitizenPreferences, store: FakePreferences, opened: ServiceRequest
) -> None:
    token = a_link(LinkPurpose.PREFERENCES, opened.protocol)

    chosen = preferences.change_by_link(token, WITHOUT_NEWS)

    assert chosen.changed_at == NOW
    assert preferences.by_link(token) == chosen
    assert store.kept.keys() == set(opened.contact_keys)


def test_a_followers_choice_is_his_own(
    preferences: CitizenPreferences, store: FakePreferences, opened: ServiceRequest
) -> None:
    token = a_link(LinkPurpose.PREFERENCES, opened.protocol, follower=NEIGHBOUR)

    preferences.change_by_link(token, WITHOUT_NEWS)

    assert store.kept.keys() == {NEIGHBOUR}


def test_a_link_for_something_else_changes_nothing(
    preferences: CitizenPreferences, store: FakePreferences, opened: ServiceRequest
) -> None:
    with pytest.raises(LinkUnknown):
        preferences.change_by_link(a_link(LinkPurpose.REQUEST, opened.protocol), WITHOUT_NEWS)
    with pytest.raises(LinkUnknown):
        preferences.by_link(a_link(LinkPurpose.PREFERENCES, opened.protocol, follower="e" * 32))
    with pytest.raises(NotFound):
        preferences.by_link(a_link(LinkPurpose.PREFERENCES, "2632715600015"))
    assert store.kept == {}


def test_an_old_link_has_expired(preferences: CitizenPreferences, opened: ServiceRequest) -> None:
    old = NOW - LIVES[LinkPurpose.PREFERENCES] - timedelta(seconds=1)

    with pytest.raises(LinkExpired):
        preferences.by_link(a_link(LinkPurpose.PREFERENCES, opened.protocol, at=old))


def test_who_had_his_data_erased_has_no_preferences_any_more(
    preferences: CitizenPreferences, opened: ServiceRequest
) -> None:
    erased = ordered(opened, orders.Erase(legal_basis="LGPD"))
    preferences.requests.save(erased, seen_version=opened.version)

    with pytest.raises(LinkUnknown):
        preferences.by_link(a_link(LinkPurpose.PREFERENCES, opened.protocol))


@pytest.mark.parametrize(
    "wanted",
    [Preferences(opted_out=frozenset({MessageKind.RESOLVED})), Preferences(language="de")],
)
def test_what_must_be_told_cannot_be_silenced_by_link_either(
    preferences: CitizenPreferences, store: FakePreferences, opened: ServiceRequest, wanted: Preferences
) -> None:
    with pytest.raises(InvalidInput):
        preferences.change_by_link(a_link(LinkPurpose.PREFERENCES, opened.protocol), wanted)

    assert store.kept == {}
