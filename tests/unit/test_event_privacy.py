"""What no message may tell, and what it must tell for the sake of privacy."""

from __future__ import annotations

import json

from chalicelib.domain import orders
from chalicelib.domain.envelopes import message_to
from chalicelib.domain.people import Role
from tests.event_stories import BASE, MARKED, MARKED_NAME, a_long_story, a_rich_request, newest, told
from tests.unit.small_city import CATALOGUE, carry_out, opened


def test_no_message_ever_tells_who_reported() -> None:
    request = a_long_story()
    private = {t.value for name, t in request.private.items() if ".reporter." in name}
    personal = {*MARKED.values(), MARKED_NAME, *private, "key-of-cpf", "key-of-phone", "a-attendant"}
    everything = "".join(json.dumps(message.event, ensure_ascii=False) for message in told(request))
    assert [value for value in personal if value in everything] == []


def test_an_internal_comment_is_told_without_its_text() -> None:
    request = carry_out(opened(), orders.Comment(comment="Falar com a vizinha"), Role.ATTENDANT)
    happened = newest(request)[0].event["data"]["happened"]
    assert happened == {
        "type": "commented",
        "at": "2026-03-02T14:00:00Z",
        "by": "attendant",
        "text": None,
        "photos": [],
    }


def test_a_public_comment_is_told_with_its_text() -> None:
    request = carry_out(opened(), orders.Comment(comment="Continua lá", public=True), Role.ATTENDANT)
    assert newest(request)[0].event["data"]["happened"]["text"] == "Continua lá"


def test_a_confidential_service_tells_where_to_go_and_keeps_the_words() -> None:
    data = newest(a_rich_request("noise"))[0].event["data"]
    assert data["confidential"] is True
    assert data["description"] is None
    assert data["place"]["address"] == "Rua Um, 1"
    assert data["place"]["landmark"] is None
    assert data["links"]["request"].startswith(f"{BASE}/v1/requests/")


def test_what_becomes_confidential_later_is_hidden_in_old_messages_too() -> None:
    moved = carry_out(a_rich_request(), orders.Classify(reason="É barulho", service="noise"), Role.ATTENDANT)
    first = message_to("WASTE", 1, moved, CATALOGUE, BASE)
    assert first is not None
    assert first.event["data"]["description"] is None
    assert first.event["data"]["attributes"]["plate"] is None


def test_an_erasure_is_told_to_everybody_who_ever_held_the_request() -> None:
    request = carry_out(carry_out(opened(), orders.Accept()), orders.Return(reason="x", proposed="WATER"))
    erased = newest(carry_out(request, orders.Erase(legal_basis="LGPD"), Role.OMBUDSMAN))
    assert {message.secretariat for message in erased} == {"WASTE", "WATER"}
    assert erased[0].event["data"]["erased"] == [
        {"from_seq": 1, "field": "place.address"},
        {"from_seq": 1, "field": "description"},
    ]


def test_erasing_only_the_reporter_asks_nothing_of_former_holders() -> None:
    request = carry_out(carry_out(opened(), orders.Accept()), orders.Return(reason="x", proposed="WATER"))
    order = orders.Erase(legal_basis="LGPD", names=("1.reporter.phone",))
    erased = newest(carry_out(request, order, Role.OMBUDSMAN))
    assert [message.secretariat for message in erased] == ["WATER"]
    assert erased[0].event["data"]["erased"] == []


def test_erased_texts_are_null_in_messages_derived_later() -> None:
    request = carry_out(a_rich_request(), orders.Erase(legal_basis="LGPD"), Role.OMBUDSMAN)
    data = told(request)[0].event["data"]
    assert data["description"] is None
    assert data["attributes"]["plate"] is None
    assert data["attributes"]["material"] == "rubble"
