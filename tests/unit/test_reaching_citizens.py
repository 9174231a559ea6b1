"""How citizens are reached: by which medium, in whose place people call, and what followers hear."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.contacts import Follower
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.people import Channel
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.private import seal
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.tellings import CITIZEN, FOLLOWER
from chalicelib.domain.transitions import Status
from chalicelib.services.notices import Notified
from chalicelib.services.sending import Fate
from tests.builders import a_catalogue, a_draft, brought_to, ordered
from tests.citizen_letters import claim_in, told_request
from tests.escalated import MARKED, PERSONAL, a_told_request
from tests.fakes import FakeSender
from tests.notice_desk import Post, fates, late

NOON = datetime.fromisoformat("2026-11-24T15:00:00+00:00")
NIGHT = datetime.fromisoformat("2026-11-25T02:00:00+00:00")
MORNING = datetime.fromisoformat("2026-11-25T11:00:00+00:00")
LANDLINE = "+555132893000"


@pytest.fixture
def post() -> Post:
    post = Post()
    post.clock.time = NOON
    return post


@pytest.mark.parametrize(
    ("channel", "points", "medium"),
    [
        (Channel.PHONE, MARKED, Medium.SMS),
        (Channel.COUNTER, MARKED, Medium.SMS),
        (Channel.SMS, MARKED, Medium.SMS),
        (Channel.EMAIL, MARKED, Medium.EMAIL),
        (Channel.WEB, MARKED, Medium.EMAIL),
        (Channel.APP, MARKED, Medium.EMAIL),
        (Channel.WHATSAPP, MARKED, Medium.SMS),
        (Channel.WEB, {"phone": MARKED["phone"]}, Medium.SMS),
        (Channel.PHONE, {"email": MARKED["email"]}, Medium.EMAIL),
        (Channel.PHONE, {**MARKED, "phone": LANDLINE}, Medium.EMAIL),
        (Channel.PHONE, {"phone": LANDLINE}, None),
        (Channel.PHONE, {"cpf": "52998224725"}, None),
        (Channel.PHONE, {}, None),
    ],
)
def test_a_citizen_is_told_on_his_channel_or_by_what_he_left(
    post: Post, channel: Channel, points: dict[str, str], medium: Medium | None
) -> None:
    request = a_told_request(draft=a_draft(channel=channel), contact_points=points)

    notified = post.notify(brought_to(request, Status.IN_PROGRESS, a_catalogue()))

    assert [told.medium for told in notified.told] == ([medium] if medium else [])
    assert not notified.to_be_called


def test_who_came_by_whatsapp_gets_the_approved_template_there(post: Post) -> None:
    post.whatsapp = FakeSender()
    request = a_told_request(draft=a_draft(channel=Channel.WHATSAPP))
    post.notify(brought_to(request, Status.IN_PROGRESS, a_catalogue()))

    ((address, letter),) = post.whatsapp.sent
    assert (address, letter.template) == (MARKED["phone"], "central156_accepted")
    protocol = display_protocol(request.protocol)
    assert letter.parameters == (protocol, "Departamento Municipal de Limpeza Urbana", "30/11/2026")


def test_the_medium_he_prefers_comes_first(post: Post) -> None:
    request = told_request(Status.IN_PROGRESS)
    post.preferences.keep(request.contact_keys, Preferences(medium=Medium.EMAIL, changed_at=NOON))

    assert fates(post.notify(request)) == [(CITIZEN, Medium.EMAIL, Fate.SENT)]


def test_who_does_without_a_courtesy_does_not_get_it_but_hears_what_was_decided(post: Post) -> None:
    request = told_request(Status.IN_PROGRESS)
    without = Preferences(opted_out=frozenset(MessageKind), changed_at=NOON)
    post.preferences.keep(request.contact_keys[:1], without)

    assert post.notify(request) == Notified()
    post.store.items.clear()
    assert fates(post.notify(told_request(Status.RESOLVED))) == [(CITIZEN, Medium.SMS, Fate.SENT)]


@pytest.mark.parametrize(
    ("status", "is_called"),
    [
        (Status.QUEUED, False),
        (Status.IN_PROGRESS, False),
        (Status.SCHEDULED, True),
        (Status.WAITING_CITIZEN, True),
        (Status.RESOLVED, True),
        (Status.REJECTED, True),
        (Status.CLOSED, False),
    ],
)
def test_who_has_only_a_landline_is_called_about_what_he_must_know(
    post: Post, status: Status, is_called: bool
) -> None:
    request = told_request(status, contact_points={"phone": LANDLINE})

    assert post.notify(request).to_be_called is is_called
    assert post.repeat(request).to_be_called is is_called
    assert len(post.callbacks.of(request.protocol)) == is_called


def test_who_cannot_be_reached_by_what_he_left_is_called(post: Post) -> None:
    request = told_request(Status.RESOLVED, contact_points={"phone": MARKED["phone"]})
    post.sms.refused = {MARKED["phone"]: "opted_out"}

    assert post.notify(request).to_be_called
    (task,) = post.callbacks.of(request.protocol)
    assert (task.kind, task.seq) == ("resolved", request.version)


def test_a_provider_that_is_down_makes_nobody_call(post: Post) -> None:
    request, post.sms.is_down = told_request(Status.RESOLVED), True

    with pytest.raises(Exception, match="nothing was sent"):
        post.notify(request)

    assert post.callbacks.of(request.protocol) == []


def test_who_had_his_data_erased_is_told_and_called_by_nobody(post: Post) -> None:
    request = ordered(told_request(Status.RESOLVED), orders.Erase(legal_basis="LGPD"))

    assert post.notify(request, request.version - 1) == Notified()
    assert post.callbacks.of(request.protocol) == []


def a_follower(request: ServiceRequest, number: int, **changes: Any) -> Follower:
    texts = {"reporter.email": f"vizinho{number}@example.org", "reporter.name": "Vizinho Marcado"}
    follower = Follower(
        protocol=request.protocol,
        follower_id=f"{number:032x}",
        at=NOON,
        channel=Channel.WEB,
        person_key=f"{number:032x}",
        private=seal(texts, bytes(16)),
    )
    return dataclasses.replace(follower, **changes)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.REJECTED, Status.CLOSED])
def test_each_follower_gets_news_of_the_end_once(post: Post, status: Status) -> None:
    request = told_request(status)
    for number in (1, 2):
        post.contacts.follow(a_follower(request, number))

    assert post.notify(request).fanned_out == 2
    for notice in post.queued() * 2:
        post.notifying.notify(notice)

    assert sorted(address for address, _ in post.email.sent) == [
        "vizinho1@example.org",
        "vizinho2@example.org",
    ]
    claim = claim_in(post.email.sent[0][1])
    assert (claim.purpose, claim.follower) == (LinkPurpose.FOLLOWER, f"{1:032x}")
    assert {send.to for send in post.sends.of(request.protocol)} == {CITIZEN, FOLLOWER}


def test_followers_hear_of_a_result_that_the_reporter_confirmed_before_they_were_told(post: Post) -> None:
    resolved = told_request(Status.RESOLVED)
    post.contacts.follow(a_follower(resolved, 1))
    confirmed = ordered(resolved, orders.Confirm(note="Ficou bom"))

    assert post.notify(confirmed, resolved.version).fanned_out == 1
    for notice in post.queued():
        post.notifying.notify(notice)

    assert [address for address, _ in post.email.sent] == ["vizinho1@example.org"]


def test_followers_without_a_contact_point_and_the_reporter_himself_get_no_news(post: Post) -> None:
    request = told_request(Status.RESOLVED)
    post.contacts.follow(a_follower(request, 1, person_key=None))
    post.contacts.follow(a_follower(request, 2, person_key=request.person_key))

    assert post.notify(request).fanned_out == 0


def test_a_follower_who_is_gone_is_told_nothing(post: Post) -> None:
    request = told_request(Status.RESOLVED)
    follower = a_follower(request, 1)
    post.contacts.follow(follower)
    post.notify(request)
    post.contacts.follows.clear()

    assert [post.notifying.notify(notice) for notice in post.queued()] == [Notified()]


def test_no_queue_claim_or_outcome_tells_who_anybody_is(post: Post) -> None:
    request = told_request(Status.RESOLVED)
    post.contacts.follow(a_follower(request, 1))
    outcomes = [post.notify(request), post.notify(late())]
    outcomes += [post.notifying.notify(notice) for notice in post.queued()]
    post.clock.time = NIGHT
    outcomes.append(post.notify(request))
    post.clock.time = MORNING
    post.waiting.release_deferred(MORNING)

    traces = repr((post.queue.notices, post.deferred.waiting, post.sends.kept, outcomes))
    marked = (*PERSONAL, "vizinho1@example.org", "Vizinho Marcado")
    assert [word for word in marked if word in traces] == []
    assert post.queued()
