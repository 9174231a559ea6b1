"""Items of requests read back exactly, whatever a request holds."""

from __future__ import annotations

import dataclasses
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.request_items import item_of, place_key, request_of, sortable, stored_timer
from chalicelib.adapters.dynamo.wire import from_wire, to_wire
from chalicelib.domain.canonical import plain
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.people import SYSTEM, Actor, Channel, Role
from chalicelib.domain.places import Point, cell_of
from chalicelib.domain.requests import (
    Act,
    Holding,
    Place,
    Rejection,
    Resolution,
    ServiceRequest,
    TeamRecord,
)
from chalicelib.domain.terms import Term, TermUnit
from chalicelib.domain.timeline import EntryType, fold, is_intact
from chalicelib.domain.timers import binding_due_at, timer_shard
from chalicelib.domain.transitions import LIVE, Status
from tests.builders import CENTRO, PERSON_KEY, a_draft, a_request

TIMER = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
instants = st.datetimes(timezones=st.just(UTC))
plain_values = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda values: st.lists(values, max_size=3),
    max_leaves=5,
)
answers = st.dictionaries(texts, plain_values, max_size=4)
coordinates = st.floats(-90, 90)
points = st.builds(Point, lat=coordinates, lon=coordinates)
places = st.builds(
    Place, point=st.none() | points, neighbourhood=st.none() | texts, region=st.none() | st.integers(1, 17)
)
records = st.builds(TeamRecord, at=instants, lat=coordinates, lon=coordinates)
photos = st.lists(texts, max_size=3).map(tuple)
holdings = st.lists(st.builds(Holding, secretariat=texts, since=instants, until=instants), max_size=3).map(
    tuple
)
actors = st.builds(Actor, role=st.sampled_from(Role), name=texts, secretariat=st.none() | texts)
changes_of_state = st.fixed_dictionaries(
    {},
    optional={
        "attributes": answers,
        "place": st.none() | places,
        "photos": photos,
        "status": st.sampled_from(Status),
        "urgency": st.sampled_from(Urgency),
        "priority": st.integers(1, 5),
        "due_at": instants,
        "acknowledge_by": st.none() | instants,
        "scheduled_for": st.none() | instants,
        "rework_due_at": st.none() | instants,
        "first_action_term": st.none()
        | st.builds(Term, amount=st.integers(1, 400), unit=st.sampled_from(TermUnit), source=texts),
        "holdings": st.lists(
            st.builds(Holding, secretariat=texts, since=instants, until=instants), max_size=3
        ).map(tuple),
        "resolution": st.none()
        | st.builds(
            Resolution,
            at=instants,
            reason=st.none() | texts,
            photos=photos,
            team_record=st.none() | records,
        ),
        "rejection": st.none() | st.builds(Rejection, at=instants, reason=texts),
        "external_number": st.none() | texts,
    },
)
acts = st.builds(
    Act,
    by=st.just(SYSTEM) | actors,
    at=instants,
    channel=st.none() | st.sampled_from(Channel),
    texts=st.dictionaries(texts, texts, max_size=3),
    seed=st.binary(min_size=16, max_size=16),
    command=st.none() | st.fixed_dictionaries({"key": texts, "body": texts}),
)
decisions = st.lists(st.tuples(st.sampled_from(EntryType), acts, changes_of_state, answers), max_size=4)


def decided(steps: list[tuple[EntryType, Act, dict[str, Any], dict[str, Any]]]) -> ServiceRequest:
    request = a_request(number=1)
    for entry, act, changes, facts in steps:
        facts = {name: value for name, value in facts.items() if name not in ("changes", "texts", "command")}
        request = request.with_decision(entry, act, changes, facts)
    return request


@given(decisions)
def test_a_request_read_back_is_equal_intact_and_folds_to_its_state(steps: Any) -> None:
    request = decided(steps)

    back = request_of(from_wire(to_wire(item_of(request, "w", TIMER))))

    assert back == request
    assert is_intact(back.protocol, back.timeline, back.private)
    assert fold(back.timeline) == plain(back.state)
    assert item_of(back, "w", TIMER) == item_of(request, "w", TIMER)


@given(instants, instants)
def test_written_instants_sort_as_they_follow_each_other(one: datetime, other: datetime) -> None:
    assert (sortable(one) < sortable(other)) == (one < other)


@pytest.mark.parametrize("status", list(Status))
def test_an_item_is_in_the_indexes_that_its_status_belongs_to(status: Status) -> None:
    request = a_request(status)

    item = item_of(request, "w", TIMER)

    assert (item["opened_day"], item["person_key"]) == ("2026-11-23", PERSON_KEY)
    of_open_ones = {"secretariat", "due_at", "place_cell"} & item.keys()
    if status not in LIVE:
        assert not of_open_ones
        return
    assert item["secretariat"] == request.state.secretariat
    assert item["due_at"] == sortable(binding_due_at(request.state))
    assert item["place_cell"] == place_key("dumping", cell_of(CENTRO))


@pytest.mark.parametrize("timer", [TIMER, None])
def test_an_item_is_filed_under_its_timer_if_it_has_one(timer: datetime | None) -> None:
    request = a_request()

    item = item_of(request, "w", timer)

    assert stored_timer(item) == timer
    assert item.get("timer_shard") == (timer_shard(request.protocol) if timer else None)


def test_the_anonymous_and_the_placeless_are_in_no_such_index() -> None:
    item = item_of(a_request(person_key=None, draft=a_draft("other", place=None, reporter=None)), "w", None)

    assert {"person_key", "place_cell"} & item.keys() == set()


def edited(document: bytes, old: str, new: str) -> bytes:
    """Change a stored document as another release might have written it."""
    return zlib.compress(zlib.decompress(document).replace(old.encode(), new.encode()))


def test_private_texts_are_not_in_the_document() -> None:
    item = item_of(a_request(Status.RESOLVED), "w", None)
    document = zlib.decompress(item["document"]).decode()

    assert "Entulho" not in document
    assert "Recolhido" not in document
    assert PERSON_KEY not in document
    assert "Recolhido" in item["private"]


def test_what_is_no_request_is_not_read_as_one() -> None:
    item = item_of(a_request(), "w", None)
    broken = edited(item["document"], '"status":"queued"', '"status":"lost"')

    with pytest.raises(msgspec.DecodeError):
        request_of({**item, "document": broken})


def test_a_later_releases_additions_do_not_stop_this_one() -> None:
    request = a_request()
    item = item_of(request, "w", TIMER)
    newer = edited(item["document"], '"status":"queued"', '"mood":"calm","status":"queued"')

    assert request_of({**item, "document": newer, "added": 1}).state == request.state


def test_an_hour_is_not_rounded() -> None:
    request = a_request(opened_at=datetime(2026, 11, 23, 13, 0, 0, 1, UTC) + timedelta(microseconds=1))

    assert request_of(item_of(request, "w", TIMER)).state.opened_at.microsecond == 2
    assert dataclasses.asdict(request_of(item_of(request, "w", TIMER)).state) == dataclasses.asdict(
        request.state
    )
