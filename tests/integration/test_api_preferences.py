"""Preferences over HTTP: found by a contact point in the body, changed by whoever speaks with the citizen."""

from __future__ import annotations

import pytest

from chalicelib import wiring_messages
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MAY_BE_OPTED_OUT, MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.services.ports.notices import Send, SendStatus
from tests.citizens import a_link
from tests.fakes import NOW
from tests.http import Centre, a_centre, an_intake

PATH = "/v1/people/preferences"
REPORTER = {"phone": "(51) 99123-4567"}


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Centre:
    return a_centre(monkeypatch)


def test_nothing_is_chosen_at_first_and_what_may_be_is_listed(centre: Centre) -> None:
    answer = centre.post(PATH, REPORTER, key="attendant")

    assert answer.status == 200
    assert answer.json == {"may_be_opted_out": sorted(MAY_BE_OPTED_OUT)}


def test_what_an_attendant_puts_in_force_is_shown_under_every_contact_point(centre: Centre) -> None:
    reporter = REPORTER | {"email": "maria@example.org"}
    wanted = {"reporter": reporter, "opted_out": ["late"], "medium": "email", "language": "es"}

    changed = centre.call("PUT", PATH, wanted, key="attendant")

    assert changed.status == 200
    for point in (REPORTER, {"email": "Maria@example.org"}):
        shown = centre.post(PATH, point, key="attendant").json
        assert (shown["opted_out"], shown["medium"], shown["language"]) == (["late"], "email", "es")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"opted_out": ["resolved"]}, "opted_out"),
        ({"opted_out": ["nothing"]}, "opted_out"),
        ({"language": "de"}, "language"),
        ({"medium": "pigeon"}, "medium"),
        ({"reporter": {}}, "reporter.phone"),
        ({"reporter": {"phone": "12"}}, "reporter.phone"),
    ],
)
def test_what_must_be_told_cannot_be_silenced(centre: Centre, wanted: dict[str, object], field: str) -> None:
    answer = centre.call("PUT", PATH, {"reporter": REPORTER} | wanted, key="attendant")

    assert answer.status == 400
    assert field in answer.reasons()
    assert centre.preferences.kept == {}


@pytest.mark.parametrize("key", ["web", "DMLU", "operator"])
def test_nobody_else_sees_what_a_citizen_chose(centre: Centre, key: str) -> None:
    assert centre.post(PATH, REPORTER, key=key).status == 403
    assert centre.call("PUT", PATH, {"reporter": REPORTER}, key=key).status == 403


def test_the_citizen_changes_it_by_his_own_link(centre: Centre) -> None:
    protocol = centre.opened()
    token = a_link(LinkPurpose.PREFERENCES, protocol)
    wanted = Preferences(opted_out=frozenset({MessageKind.SURVEY}))

    wiring_messages.preferences().change_by_link(token, wanted)

    assert wiring_messages.preferences().by_link(token).opted_out == {MessageKind.SURVEY}
    assert centre.post(PATH, REPORTER, key="attendant").json["opted_out"] == ["survey"]


def test_what_was_sent_stands_beside_the_timeline_without_addresses(centre: Centre) -> None:
    protocol = centre.opened()
    for name, to in (("1#citizen#sms", "citizen"), ("9#DMLU/on_call#sms", "DMLU/on_call")):
        centre.sends.claim(
            Send(
                subject=protocol,
                name=name,
                to=to,
                medium=Medium.SMS,
                at=NOW,
                kind=MessageKind.CONFIRMATION,
                seq=1,
                status=SendStatus.SENT,
                provider_id="provider-1",
            )
        )

    shown = centre.get(f"/v1/requests/{protocol}", key="attendant").json["contacts"]
    assert [one["to"] for one in shown] == ["citizen", "DMLU/on_call"]
    assert shown[0] | {"at": ""} == {
        "to": "citizen",
        "medium": "sms",
        "status": "sent",
        "kind": "confirmation",
        "seq": 1,
        "at": "",
    }
    assert "contacts" not in centre.get(f"/v1/requests/{protocol}").json


def test_the_citizen_sees_what_was_sent_to_him(centre: Centre) -> None:
    opened = centre.post("/v1/requests", an_intake()).json
    protocol = opened["protocol"]
    for to in ("citizen", "follower"):
        send = Send(subject=protocol, name=f"2#{to}#sms", to=to, medium=Medium.SMS, at=NOW)
        centre.sends.claim(send)

    shown = centre.get(f"/v1/requests/{protocol}", x_access_code=opened["access_code"]).json

    assert [one["to"] for one in shown["contacts"]] == ["citizen"]
