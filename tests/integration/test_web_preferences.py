"""The page on which a citizen chooses what he is told, how, and in which language."""

from __future__ import annotations

import pytest

from chalicelib import wiring_messages
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MAY_BE_OPTED_OUT, MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.protocols import Protocol
from chalicelib.services.preferences import CitizenPreferences
from tests.citizens import a_link
from tests.fake_access import some_links
from tests.fake_messages import FakePreferences
from tests.fakes import an_identity
from tests.http import Centre
from tests.pages import is_accessible, opened, sent


@pytest.fixture
def store(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> FakePreferences:
    store = FakePreferences()
    service = CitizenPreferences(
        store=store,
        requests=centre.requests,
        contacts=centre.contacts,
        links=some_links(),
        identity=an_identity(),
        clock=centre.clock,
    )
    monkeypatch.setattr(wiring_messages, "preferences", lambda: service)
    return store


def chosen(centre: Centre, store: FakePreferences, protocol: str) -> Preferences:
    return store.of(centre.requests.load(Protocol(protocol)).contact_keys)


def test_looking_shows_that_everything_is_wanted_and_changes_nothing(
    centre: Centre, store: FakePreferences
) -> None:
    protocol = centre.opened()
    answer, page = opened(centre, a_link(LinkPurpose.PREFERENCES, protocol))

    assert answer.status == 200
    is_accessible(page)
    ticked = {a["value"] for a in page.all("input") if a.get("name") == "kinds" and "checked" in a}
    assert ticked == set(MAY_BE_OPTED_OUT)
    assert chosen(centre, store, protocol).changed_at is None


def test_a_choice_holds_and_is_shown(centre: Centre, store: FakePreferences) -> None:
    protocol = centre.opened()
    token = a_link(LinkPurpose.PREFERENCES, protocol)

    answer, page = sent(centre, token, act="save", kinds="late", medium="email", written_in="es")

    wanted = chosen(centre, store, protocol)
    assert answer.status == 200
    assert "Escolha salva" in page.text
    assert wanted.opted_out == MAY_BE_OPTED_OUT - {MessageKind.LATE}
    assert (wanted.medium, wanted.language) == (Medium.EMAIL, "es")
    checked = {a["id"] for a in opened(centre, token)[1].all("input") if "checked" in a}
    assert checked == {"kind-late", "medium-email", "written-es"}


def test_what_must_be_told_cannot_be_opted_out_of(centre: Centre, store: FakePreferences) -> None:
    protocol = centre.opened()

    sent(centre, a_link(LinkPurpose.PREFERENCES, protocol), act="save", medium="pigeon", written_in="tlh")

    wanted = chosen(centre, store, protocol)
    assert wanted.opted_out == MAY_BE_OPTED_OUT
    assert (wanted.medium, wanted.language) == (None, None)


def test_who_left_no_contact_has_nothing_to_choose(centre: Centre, store: FakePreferences) -> None:
    protocol = centre.opened(reporter=None)

    assert opened(centre, a_link(LinkPurpose.PREFERENCES, protocol))[0].status == 404
