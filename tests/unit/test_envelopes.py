from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
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
from chalicelib.domain.intake import PlaceDraft, ReporterDraft
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from tests.unit.small_city import (
    CATALOGUE,
    MONDAY,
    NORTH,
    PHOTO,
    REJECT,
    RESOLVE,
    a_draft,
    by_the_system,
    carry_out,
    opened,
)

BASE = "https://156.example"
MARKED = {"cpf": "52998224725", "phone": "+5551987654321", "email": "marca.unica@example.org"}
MARKED_NAME = "Fulana Marcada da Silva"


def told(request: ServiceRequest, after: int = 0) -> list[Message]:
    return messages_between(after, request, CATALOGUE, BASE)


def newest(request: ServiceRequest) -> list[Message]:
    return told(request, request.version - 1)


def a_rich_request(service: str = "dumping") -> ServiceRequest:
    attributes = {"material": "rubble", "volume": 3, "plate": "ABC1D23"} if service == "dumping" else {}
    place = PlaceDraft(
        lat=NORTH.lat, lon=NORTH.lon, address="Rua Um, 1", landmark="Em frente à minha casa verde"
    )
    draft = a_draft(
        service,
        place=place,
        attributes=attributes,
        photos=(PHOTO,),
        reporter=ReporterDraft(name=MARKED_NAME, cpf=MARKED["cpf"], phone=MARKED["phone"]),
    )
    return opened(draft, contact_points=MARKED)


def a_long_story() -> ServiceRequest:
    """Carry one request through every entry type that a person's order can write."""
    request = a_rich_request()
    for order, role in (
        (orders.Reprioritise(reason="Escola ao lado", priority=1), Role.ATTENDANT),
        (orders.Accept(note="ok"), Role.SECRETARIAT),
        (orders.Forward(unit="waste-south"), Role.SECRETARIAT),
        (orders.SetExternalNumber(number="SEI 1"), Role.SECRETARIAT),
        (orders.Comment(comment="Vistoriado", public=True), Role.SECRETARIAT),
        (orders.Reiterate(note="De novo"), Role.ATTENDANT),
        (orders.Schedule(visit_at=MONDAY + timedelta(days=20)), Role.SECRETARIAT),
        (orders.Wait(party="CEEE"), Role.SECRETARIAT),
        (orders.Resume(), Role.SECRETARIAT),
        (orders.Ask(question="Qual o número?"), Role.SECRETARIAT),
        (orders.Answer(answer="É o 12"), Role.ATTENDANT),
        (RESOLVE, Role.SECRETARIAT),
        (orders.Reopen(reason="Não foi feito"), Role.ATTENDANT),
        (orders.Return(reason="É da água", proposed="WATER"), Role.SECRETARIAT),
        (orders.Classify(reason="É entulho", service="dumping", secretariat="WASTE"), Role.ATTENDANT),
        (orders.Accept(), Role.SECRETARIAT),
        (REJECT, Role.SECRETARIAT),
        (orders.Erase(legal_basis="LGPD art. 18 VI"), Role.OMBUDSMAN),
    ):
        request = carry_out(request, order, role, after=timedelta(minutes=5))
    return request


def every_entry_type() -> Iterator[ServiceRequest]:
    yield a_long_story()
    yield carry_out(opened(), orders.Merge(into="2606176543212"), Role.ATTENDANT)
    yield carry_out(opened(), orders.Cancel(reason="Já não precisa"), Role.ATTENDANT)
    request = opened()
    for entry in EntryType:
        if entry not in (EntryType.OPENED, EntryType.ERASED):
            request = by_the_system(request, entry)
    yield request


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


def test_no_message_ever_tells_who_reported() -> None:
    request = a_long_story()
    private = {t.value for name, t in request.private.items() if ".reporter." in name}
    personal = {*MARKED.values(), MARKED_NAME, *private, "key-of-cpf", "key-of-phone", "a-attendant"}
    everything = "".join(json.dumps(message.event, ensure_ascii=False) for message in told(request))
    assert [value for value in personal if value in everything] == []


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


def test_the_photos_that_a_citizen_answers_with_are_told_as_links() -> None:
    request = carry_out(carry_out(opened(), orders.Accept()), orders.Ask(question="Onde?"))
    answered = carry_out(request, orders.Answer(answer="Aqui", photos=(PHOTO,)), Role.ATTENDANT)
    happened = newest(answered)[0].event["data"]["happened"]
    assert happened["text"] == "Aqui"
    assert happened["photos"] == [f"{BASE}/v1/requests/{answered.protocol}/photos/{PHOTO}"]


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


def test_a_service_that_left_the_catalogue_is_told_by_its_code() -> None:
    without = dataclasses.replace(CATALOGUE, services={}, neighbourhoods={})
    data = messages_between(0, opened(), without, BASE)[0].event["data"]
    assert data["service"] == {"code": "dumping", "name": "dumping"}
    assert data["place"]["neighbourhood"] == {"code": "alto", "name": "alto"}


def test_a_resend_has_a_deduplication_id_of_its_own() -> None:
    message = newest(opened())[0]
    assert message.deduplication_id == f"{message.protocol}#1"
    assert dataclasses.replace(message, resend="r1").deduplication_id == f"{message.protocol}#1#r1"
