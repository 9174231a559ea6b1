"""Enter over HTTP what was written on paper during an outage."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.protocols import Protocol, compose_protocol, display_protocol, paper_number
from tests.http import Answer, Centre, an_intake

DAY = date(2026, 11, 19)
"""The Thursday before the Tuesday on which these tests enter what was received."""
RECEIVED_AT = "2026-11-19T15:00:00-03:00"
ALLOWED_BY = "Joana Prado, coordenadora do plantão"


def allocate(centre: Centre, number: int = 1) -> Protocol:
    protocol = compose_protocol(DAY, paper_number(number))
    centre.paper.add(
        PaperProtocol(protocol=protocol, batch="2026-11-19-1", day=DAY, by="operator", at=centre.clock.now())
    )
    return protocol


def on_paper(written: str, **changes: Any) -> dict[str, Any]:
    paper = {"protocol": written, "received_at": RECEIVED_AT, "allowed_by": ALLOWED_BY} | changes
    return an_intake(channel="phone", paper={name: text for name, text in paper.items() if text is not None})


def enter(centre: Centre, body: Any, **options: Any) -> Answer:
    return centre.post("/v1/requests", body, **{"key": "attendant", **options})


def test_it_gets_the_protocol_on_paper_and_is_dated_from_when_it_was_received(centre: Centre) -> None:
    protocol = allocate(centre)

    answer = enter(centre, on_paper(display_protocol(protocol)))

    assert answer.status == 201, answer.text
    assert answer.json["protocol"] == protocol
    assert len(answer.json["access_code"]) == 6
    assert answer.json["opened_at"] == "2026-11-24T14:30:00Z"
    assert answer.json["due_at"] == "2026-11-27T02:59:59Z"  # the fifth working day after the Thursday
    assert (centre.requests.writes, centre.requests.reads, centre.paper.reads) == (1, 0, 1)


def test_who_looks_at_it_reads_when_it_was_received(centre: Centre) -> None:
    protocol = allocate(centre)
    opened = enter(centre, on_paper(protocol)).json

    shown = centre.get(f"/v1/requests/{protocol}", x_access_code=opened["access_code"]).json

    assert shown["view"] == "citizen"
    assert (shown["received_at"], shown["opened_at"]) == ("2026-11-19T18:00:00Z", "2026-11-24T14:30:00Z")
    assert "received_at" not in centre.get(f"/v1/requests/{centre.opened()}").json


def test_its_deadline_is_explained_from_when_it_was_received(centre: Centre) -> None:
    protocol = allocate(centre)
    enter(centre, on_paper(protocol))

    explained = centre.get(f"/v1/requests/{protocol}/deadline").json["resolution"]

    assert explained["counted_from"] == "2026-11-19T18:00:00Z"
    assert "recounted_due_at" not in explained


def test_the_first_entry_names_the_batch_and_only_the_centre_reads_who_allowed_it(centre: Centre) -> None:
    protocol = allocate(centre)
    opened = enter(centre, on_paper(protocol)).json

    first = centre.get(f"/v1/requests/{protocol}", key="attendant").json["timeline"][0]

    assert first["facts"]["paper"] == {"received_at": "2026-11-19T18:00:00Z", "batch": "2026-11-19-1"}
    assert first["texts"]["allowed_by"] == ALLOWED_BY
    assert ALLOWED_BY not in centre.get(f"/v1/requests/{protocol}").text
    assert ALLOWED_BY not in centre.get(f"/v1/requests/{protocol}", x_access_code=opened["access_code"]).text
    assert ALLOWED_BY not in str(centre.requests.load(protocol).timeline)


def test_a_repeat_answers_the_first_result_also_after_many_days(centre: Centre) -> None:
    protocol = allocate(centre)
    first = enter(centre, on_paper(protocol), idempotency_key="same")
    for days in (1, 100):
        centre.clock.advance(days=days)
        again = enter(centre, on_paper(protocol), idempotency_key="same")
        assert (again.status, again.json) == (201, first.json)
        assert again.headers["idempotent-replay"] == "true"
    assert centre.requests.writes == 1


def test_a_lost_answer_is_safe_to_repeat(centre: Centre) -> None:
    protocol = allocate(centre)
    centre.requests.loses_answers = 1
    assert enter(centre, on_paper(protocol), idempotency_key="same").status == 503

    assert enter(centre, on_paper(protocol), idempotency_key="same").json["protocol"] == protocol


def test_a_protocol_is_used_once(centre: Centre) -> None:
    protocol = allocate(centre)
    enter(centre, on_paper(protocol))

    answer = enter(centre, on_paper(protocol))

    assert (answer.status, answer.reasons()) == (400, {"paper.protocol": "already_used"})
    assert centre.requests.writes == 1


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"protocol": None}, {"paper.protocol": "required"}),
        ({"protocol": "123"}, {"paper.protocol": "not_a_protocol"}),
        ({"protocol": "26.323.9900001-0"}, {"paper.protocol": "wrong_check_digit"}),
        ({"protocol": compose_protocol(DAY, 5)}, {"paper.protocol": "not_allocated"}),
        ({"received_at": None}, {"paper.received_at": "required"}),
        ({"received_at": "yesterday"}, {"paper.received_at": "wrong_type"}),
        ({"received_at": "2026-11-19T15:00:00"}, {"paper.received_at": "time_zone_missing"}),
        ({"received_at": "2026-11-25T00:00:00Z"}, {"paper.received_at": "in_the_future"}),
        ({"received_at": "2026-11-18T15:00:00Z"}, {"paper.received_at": "out_of_range"}),
        ({"allowed_by": None}, {"paper.allowed_by": "required"}),
        ({"allowed_by": "x" * 121}, {"paper.allowed_by": "too_long"}),
        ({"room": "12"}, {"paper.room": "unknown_field"}),
    ],
)
def test_a_wrong_field_is_named(centre: Centre, changes: dict[str, Any], reasons: dict[str, str]) -> None:
    protocol = allocate(centre)

    answer = enter(centre, on_paper(protocol, **changes))

    assert (answer.status, answer.reasons()) == (400, reasons)
    assert centre.requests.writes == 0


def test_only_attendants_enter_paper(centre: Centre) -> None:
    answer = centre.post("/v1/requests", on_paper(allocate(centre)) | {"channel": "web"})

    assert answer.reasons() == {"paper": "attendants_only"}
    assert centre.paper.reads == 0


def test_every_fault_is_named_at_once(centre: Centre) -> None:
    body = on_paper("123", allowed_by="") | {"service": "nothing"}

    assert enter(centre, body).reasons() == {
        "service": "unknown_service",
        "paper.protocol": "not_a_protocol",
        "paper.allowed_by": "required",
    }


def test_it_is_found_by_the_day_of_its_protocol_and_worked_on_like_any_other(centre: Centre) -> None:
    protocol = allocate(centre)
    enter(centre, on_paper(protocol))

    assert centre.requests.of_day(DAY, limit=5).items == (protocol,)
    assert centre.order(protocol, "accept", key="DMLU").status == 200


def test_a_clock_a_little_fast_dates_it_no_later_than_its_entry(centre: Centre) -> None:
    protocol = allocate(centre)
    soon = centre.clock.now() + timedelta(minutes=3)

    enter(centre, on_paper(protocol, received_at=soon.isoformat()))

    state = centre.requests.load(protocol).state
    assert state.received_at == state.began_at == state.opened_at == centre.clock.now()
    assert isinstance(state.due_at, datetime)
