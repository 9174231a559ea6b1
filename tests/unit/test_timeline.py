"""The timeline: its chain shows every edit, and erasure leaves it whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import orders
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.private import Erased
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType, chained, is_intact
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    RESOLVE,
    a_request,
    by_the_system,
    carry_out,
)


def _intact(request: ServiceRequest) -> bool:
    return is_intact(request.protocol, request.timeline, request.private)


def _reloaded(request: ServiceRequest) -> ServiceRequest:
    return msgspec.json.decode(msgspec.json.encode(request), type=ServiceRequest)


def a_long_story() -> ServiceRequest:
    request = carry_out(a_request(Status.IN_PROGRESS), orders.Comment(comment="A caminho"))
    request = carry_out(carry_out(request, RESOLVE), orders.Reopen(reason="Não foi"), Role.REVIEWER)
    return by_the_system(request, EntryType.ESCALATED)


Edit = Callable[[Entry], Entry]
EDITS: dict[str, Edit] = {
    "its number": lambda entry: dataclasses.replace(entry, seq=entry.seq + 1),
    "its time": lambda entry: dataclasses.replace(entry, at=entry.at + timedelta(seconds=1)),
    "its type": lambda entry: dataclasses.replace(entry, type=EntryType.CONFIRMED),
    "who acted": lambda entry: dataclasses.replace(entry, actor=Actor(role=Role.OPERATOR, name="x")),
    "for whom": lambda entry: dataclasses.replace(
        entry, actor=dataclasses.replace(entry.actor, secretariat="OTHER")
    ),
    "the channel": lambda entry: dataclasses.replace(entry, channel=Channel.SMS),
    "a fact": lambda entry: dataclasses.replace(entry, data={**entry.data, "fact": 1}),
    "a change": lambda entry: dataclasses.replace(
        entry, data={**entry.data, "changes": {**entry.data.get("changes", {}), "priority": 5}}
    ),
    "its hash": lambda entry: dataclasses.replace(entry, hash=entry.hash[::-1]),
}


@pytest.mark.parametrize("what", EDITS)
def test_editing_any_entry_breaks_the_chain(what: str) -> None:
    request = a_long_story()
    assert _intact(request)

    for index, entry in enumerate(request.timeline):
        edited = [*request.timeline]
        edited[index] = EDITS[what](entry)
        assert not is_intact(request.protocol, edited, request.private)


def test_an_edit_that_hashes_its_own_entry_anew_breaks_the_next_one() -> None:
    request = a_long_story()
    for index, entry in enumerate(request.timeline[:-1]):
        previous = request.timeline[index - 1].hash if index else request.protocol
        edited = EDITS["a change"](entry)
        forged = dataclasses.replace(edited, hash=chained(edited, previous))
        timeline = (*request.timeline[:index], forged, *request.timeline[index + 1 :])
        assert not is_intact(request.protocol, timeline, request.private)


@given(st.data())
def test_leaving_out_or_swapping_entries_breaks_the_chain(data: st.DataObject) -> None:
    request = a_long_story()
    order = data.draw(st.permutations(range(request.version)))
    kept = order[: data.draw(st.integers(1, request.version))]
    timeline = [request.timeline[index] for index in kept]

    unharmed = kept == list(range(len(kept)))
    assert is_intact(request.protocol, timeline, {}) is unharmed


def test_a_timeline_of_another_request_is_not_intact() -> None:
    request = a_long_story()

    assert not is_intact("2606100000000", request.timeline, request.private)


def test_an_edited_private_text_or_salt_is_noticed() -> None:
    request = a_long_story()
    name = "1.description"
    for change in ({"value": "outra coisa"}, {"salt": "00" * 16}):
        forged = {**request.private, name: dataclasses.replace(request.private[name], **change)}
        assert not is_intact(request.protocol, request.timeline, forged)


def test_a_private_text_that_no_decision_carried_is_noticed() -> None:
    request = a_long_story()
    smuggled = {**request.private, "2.note": request.private["1.description"]}

    assert not is_intact(request.protocol, request.timeline, smuggled)


def test_an_erased_text_reads_as_erased_and_the_chain_still_holds() -> None:
    request = a_long_story()

    erased = carry_out(request, orders.Erase(legal_basis="LGPD", names=("1.description",)), Role.OMBUDSMAN)

    assert _intact(erased)
    assert erased.text(1, "description") is Erased.ERASED
    assert erased.latest_text("description") is Erased.ERASED
    assert erased.latest_text("address") == "Rua Um, 1"
    assert "Entulho" not in canonical_json(erased)


def test_a_text_that_was_never_given_is_not_called_erased() -> None:
    assert a_long_story().text(1, "landmark") is None
    assert a_long_story().latest_text("landmark") is None


def test_a_fact_that_actors_may_get_later_breaks_no_old_chain() -> None:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class LaterActor(Actor):
        session: str | None = None

    entry = a_long_story().timeline[0]
    later = LaterActor(role=entry.actor.role, name=entry.actor.name)

    assert chained(dataclasses.replace(entry, actor=later), "p") == chained(entry, "p")
