from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api.event_schemas import EVENT, schema_named
from chalicelib.domain import orders
from chalicelib.domain.canonical import instant
from chalicelib.domain.envelopes import (
    DATA_BY_TYPE,
    LARGEST_BYTES,
    Message,
    event_type,
    message_to,
    messages_between,
)
from chalicelib.domain.people import Role
from chalicelib.domain.timeline import EntryType
from tests.event_stories import BASE, a_long_story, a_rich_request, every_entry_type, newest, told
from tests.unit.small_city import (
    CATALOGUE,
    NORTH,
    PHOTO,
    a_draft,
    carry_out,
    opened,
)


def refuse_unless_valid(message: Message) -> None:
    event: dict[str, Any] = json.loads(message.body)
    envelope = schema_named(EVENT, BASE)
    name = event["dataschema"].removeprefix(f"{BASE}/v1/schemas/").removesuffix(".json")
    data = schema_named(name, BASE)
    assert name == event["type"]
    assert envelope is not None
    assert data is not None
    for schema, value in ((envelope, event), (data, event["data"])):
        checker = Draft202012Validator.FORMAT_CHECKER
        Draft202012Validator(schema, format_checker=checker).validate(value)


def test_every_type_of_decision_is_told_by_a_message_that_its_schema_allows() -> None:
    messages = [message for request in every_entry_type() for message in told(request)]
    for message in messages:
        refuse_unless_valid(message)
    assert {message.event["type"] for message in messages} == set(DATA_BY_TYPE)


@pytest.mark.parametrize("name", [*DATA_BY_TYPE, EVENT])
def test_every_published_schema_is_itself_valid(name: str) -> None:
    schema = schema_named(name, BASE)
    assert schema is not None
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"{BASE}/v1/schemas/{name}.json"


def test_a_schema_refuses_the_data_of_another_decision() -> None:
    opening = newest(opened())[0].event["data"]
    schema = schema_named(event_type(EntryType.ACCEPTED), BASE)
    assert schema is not None
    assert not Draft202012Validator(schema).is_valid(opening)


def test_an_opening_tells_the_secretariat_what_the_work_needs() -> None:
    message = newest(a_rich_request())[0]
    data = message.event["data"]
    assert (message.secretariat, message.seq) == ("WASTE", 1)
    assert data["service"] == {"code": "dumping", "name": "dumping"}
    assert data["description"] == "Entulho na calçada"
    assert data["attributes"] == {"material": "rubble", "volume": 3, "plate": "ABC1D23"}
    assert data["place"] == {
        "lat": NORTH.lat,
        "lon": NORTH.lon,
        "neighbourhood": {"code": "alto", "name": "Três Figueiras"},
        "region": 1,
        "address": "Rua Um, 1",
        "landmark": "Em frente à minha casa verde",
    }
    assert data["due_at"] == instant(a_rich_request().state.due_at)
    assert data["unit"] == "waste-north"
    assert data["photos"] == [f"{BASE}/v1/requests/{message.protocol}/photos/{PHOTO}"]


def test_an_event_names_itself_as_cloudevents_ask() -> None:
    message = newest(opened())[0]
    event = {name: value for name, value in message.event.items() if name != "data"}
    assert event == {
        "specversion": "1.0",
        "id": f"{message.protocol}#1",
        "source": f"{BASE}/v1/requests",
        "type": "central156.request.opened.v1",
        "subject": message.protocol,
        "time": "2026-03-02T13:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": f"{BASE}/v1/schemas/central156.request.opened.v1.json",
    }


def test_the_body_is_plain_ascii_so_that_the_queue_takes_any_text() -> None:
    body = newest(opened(a_draft(description="Árvore \ufffe caída 🌳")))[0].body
    assert body.isascii()
    assert json.loads(body)["data"]["description"] == "Árvore \ufffe caída 🌳"


def test_the_largest_request_stays_far_under_the_limit_of_a_message() -> None:
    request = opened(a_draft(description="🌳" * 4_000))
    for _ in range(20):
        request = carry_out(request, orders.Comment(comment="🌳" * 2_000, public=True), Role.ATTENDANT)
    assert max(len(message.body) for message in told(request)) < LARGEST_BYTES / 2


def test_derived_again_a_message_is_the_same() -> None:
    story = a_long_story()
    grown = carry_out(story, orders.Comment(comment="Mais", public=True), Role.ATTENDANT)
    assert told(grown)[: len(told(story))] == told(story)


def test_derived_in_parts_the_messages_are_the_same_as_at_once() -> None:
    story = a_long_story()
    parts = [m for seq in range(story.version) for m in told(story, seq) if m.seq == seq + 1]
    assert parts == told(story)


def test_a_message_shows_the_request_as_it_stood_then() -> None:
    story = a_long_story()
    first = message_to("WASTE", 1, story, CATALOGUE, BASE)
    assert first is not None
    assert first.event["data"]["status"] == "queued"
    assert first.event["data"]["accepted_at"] is None


def test_the_former_holder_learns_that_the_request_left_and_where_to() -> None:
    request = carry_out(opened(), orders.Accept())
    returned = carry_out(request, orders.Return(reason="É da água", proposed="WATER"))
    withdrawn, received = newest(returned)
    assert (withdrawn.secretariat, received.secretariat) == ("WASTE", "WATER")
    assert withdrawn.event["type"] == "central156.request.withdrawn.v1"
    assert withdrawn.event["data"]["now_with"] == "WATER"
    assert withdrawn.event["id"] != received.event["id"]
    assert "É da água" not in withdrawn.body


def test_the_holder_sees_every_seq_while_it_holds_the_request() -> None:
    request = carry_out(opened(), orders.Comment(comment="Interno, fala com Dona Maria"), Role.ATTENDANT)
    request = carry_out(request, orders.Accept())
    assert [message.seq for message in told(request)] == [1, 2, 3]


def test_the_photos_that_a_citizen_answers_with_are_told_as_links() -> None:
    request = carry_out(carry_out(opened(), orders.Accept()), orders.Ask(question="Onde?"))
    answered = carry_out(request, orders.Answer(answer="Aqui", photos=(PHOTO,)), Role.CITIZEN)
    happened = newest(answered)[0].event["data"]["happened"]
    assert happened["text"] == "Aqui"
    assert happened["photos"] == [f"{BASE}/v1/requests/{answered.protocol}/photos/{PHOTO}"]


def test_a_service_that_left_the_catalogue_is_told_by_its_code() -> None:
    without = dataclasses.replace(CATALOGUE, services={}, neighbourhoods={})
    data = messages_between(0, opened(), without, BASE)[0].event["data"]
    assert data["service"] == {"code": "dumping", "name": "dumping"}
    assert data["place"]["neighbourhood"] == {"code": "alto", "name": "alto"}


def test_a_resend_has_a_deduplication_id_of_its_own() -> None:
    message = newest(opened())[0]
    assert message.deduplication_id == f"{message.protocol}#1"
    assert dataclasses.replace(message, resend="r1").deduplication_id == f"{message.protocol}#1#r1"
