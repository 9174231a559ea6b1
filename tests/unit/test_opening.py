"""Opening: what a request is from its first moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.canonical import plain
from chalicelib.domain.catalogue import Kind, Urgency
from chalicelib.domain.deadlines import due_at
from chalicelib.domain.intake import PlaceDraft, ReporterDraft
from chalicelib.domain.opening import calendar_of, private_texts
from chalicelib.domain.people import Channel
from chalicelib.domain.timeline import EntryType, fold, is_intact
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    CATALOGUE,
    DUMPING,
    MONDAY,
    NORTH,
    PHONE,
    a_draft,
    opened,
    working_days,
)

CALENDAR = calendar_of(CATALOGUE)


def test_a_request_opens_in_the_queue_of_its_secretariat_with_its_dates() -> None:
    state = opened().state

    assert (state.status, state.secretariat, state.unit) == (Status.QUEUED, "WASTE", "waste-north")
    assert state.due_at == due_at(working_days(5), MONDAY, CALENDAR)
    assert state.acknowledge_by == state.first_action_by == due_at(working_days(1), MONDAY, CALENDAR)
    assert state.held_since == state.opened_at == state.received_at == MONDAY
    assert not state.provisional
    assert state.generation == 1
    assert state.catalogue_version == "v1"


def test_an_unrouted_request_opens_in_triage_with_a_provisional_date_marked_so() -> None:
    state = opened(a_draft("other")).state

    assert (state.status, state.secretariat, state.provisional) == (Status.TRIAGE, "CENTRE", True)
    assert state.due_at > MONDAY


def test_a_place_just_outside_the_city_goes_to_triage() -> None:
    outside = PlaceDraft(lat=NORTH.lat + 2_200 / 111_195, lon=NORTH.lon)

    state = opened(a_draft(place=outside)).state

    assert (state.status, state.routed_by) == (Status.TRIAGE, "border")


def test_the_first_entry_holds_the_whole_state_and_starts_the_chain_at_the_protocol() -> None:
    request = opened()

    (entry,) = request.timeline
    assert (entry.seq, entry.type, entry.channel) == (1, EntryType.OPENED, Channel.WEB)
    assert fold(request.timeline) == plain(request.state)
    assert is_intact(request.protocol, request.timeline, request.private)
    assert not is_intact("", request.timeline, request.private)


def test_personal_data_and_free_text_are_private_and_nowhere_else() -> None:
    draft = a_draft(
        attributes={"material": "tyres", "plate": "IAB-1234"},
        reporter=ReporterDraft(name="Ana Lima", phone="51 99999-0000"),
        place=PlaceDraft(address="Rua Um, 1", landmark="Atrás do ginásio"),
    )

    request = opened(draft)

    assert {name: text.value for name, text in request.private.items()} == {
        "1.description": "Entulho na calçada",
        "1.address": "Rua Um, 1",
        "1.landmark": "Atrás do ginásio",
        "1.reporter.name": "Ana Lima",
        "1.reporter.phone": PHONE,
        "1.attributes.plate": "IAB-1234",
        "1.contact_keys": "key-of-phone",
    }
    told = f"{request.state}{request.timeline}"
    assert not [text.value for text in request.private.values() if text.value in told]


def test_a_draft_without_place_or_reporter_has_only_its_description() -> None:
    texts = private_texts(a_draft(place=None), DUMPING, {})

    assert {name for name, text in texts.items() if text} == {"description"}


@pytest.mark.parametrize(("points", "anonymous"), [({}, True), ({"phone": PHONE}, False)])
def test_a_request_without_a_contact_point_is_anonymous(points: dict[str, str], anonymous: bool) -> None:
    request = opened(contact_points=points)

    assert request.state.anonymous is anonymous
    assert (request.person_key is None) is anonymous
    assert (request.contact_keys == ()) is anonymous


def test_kind_and_urgency_are_the_services_unless_the_draft_says_otherwise() -> None:
    leak = opened(a_draft("leak")).state
    raised = opened(a_draft("leak", kind=Kind.COMPLAINT, urgency=Urgency.EMERGENCY)).state

    assert (leak.kind, leak.urgency) == (Kind.SERVICE_REQUEST, Urgency.URGENT)
    assert (raised.kind, raised.urgency) == (Kind.COMPLAINT, Urgency.EMERGENCY)


def test_an_hour_term_ends_by_the_clock() -> None:
    friday_night = datetime(2026, 3, 7, 1, tzinfo=UTC)

    assert opened(a_draft("leak"), at=friday_night).state.due_at == friday_night + timedelta(hours=48)
