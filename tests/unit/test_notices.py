"""Notices: people are told in working hours, unless it is urgent."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Kind
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Medium
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.staff import Person
from chalicelib.domain.tellings import CITIZEN
from chalicelib.services.notices import Notified
from chalicelib.services.ports.notices import Audience, DecisionNotice, SendStatus
from chalicelib.services.sending import Fate
from tests.builders import a_catalogue, a_draft, ordered
from tests.escalated import (
    HOLIDAY,
    MORNING,
    NIGHT,
    PERSONAL,
    a_city_that_celebrates,
    a_told_request,
    escalated,
)
from tests.notice_desk import OPENING, WATCH, Post, an_alert, fates, late


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_notice_of_a_request_that_is_not_there_is_ignored(post: Post) -> None:
    missing = DecisionNotice(protocol=Protocol("2632700000012"), seq=1, audience=Audience.CITIZEN)

    assert post.notifying.notify(missing) == Notified()


@pytest.mark.parametrize(
    "now",
    [
        NIGHT,
        OPENING - timedelta(minutes=1),
        MORNING + timedelta(hours=9),
        MORNING + timedelta(days=4),
        HOLIDAY,
    ],
    ids=["at night", "before office hours", "when they are over", "on Saturday", "on a holiday"],
)
def test_nobody_is_told_outside_working_hours(post: Post, now: datetime) -> None:
    post.city.catalogue, post.clock.time = a_city_that_celebrates(), now
    breach = escalated(a_told_request(draft=a_draft(kind=Kind.COMPLAINT)), EscalationLevel.LEGAL_BREACH)

    for request in (late(), breach):
        post.store.items.clear()
        notified = post.notify(request)
        assert notified.told == ()
        assert notified.deferred_until is not None

    assert post.messages == []
    assert post.sends.kept == {}


def test_a_notice_of_the_night_is_told_in_the_morning(post: Post) -> None:
    request, post.clock.time = late(), NIGHT
    assert post.notify(request).deferred_until == OPENING

    assert post.waiting.release_deferred(OPENING - timedelta(minutes=5)) == 0
    assert post.waiting.release_deferred(OPENING) == 1
    told_now = DecisionNotice(protocol=request.protocol, seq=request.version, audience=Audience.CITIZEN)
    assert post.queue.notices == [told_now]
    assert post.waiting.release_deferred(OPENING) == 0

    post.clock.time = OPENING
    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.SENT)]


def test_what_cannot_be_queued_in_the_morning_keeps_waiting(post: Post) -> None:
    post.clock.time = NIGHT
    post.notify(late())
    post.queue.is_down = True

    with pytest.raises(Unavailable):
        post.waiting.release_deferred(OPENING)

    assert len(post.deferred.waiting) == 1


def test_what_tells_nobody_does_not_wait_for_the_morning(post: Post) -> None:
    post.clock.time = NIGHT

    assert post.notify(escalated(a_told_request(), EscalationLevel.NOTICE)) == Notified()
    assert post.deferred.waiting == set()


@pytest.mark.parametrize("now", [NIGHT, MORNING, HOLIDAY])
def test_an_alert_wakes_the_person_on_call_by_day_and_night(post: Post, now: datetime) -> None:
    post.city.catalogue, post.clock.time = a_city_that_celebrates(), now

    notified = post.notify(an_alert())

    assert fates(notified) == [
        ("DMLU/on_call", Medium.SMS, Fate.SENT),
        ("DMLU/on_call", Medium.EMAIL, Fate.SENT),
    ]
    assert post.messages == [WATCH.phone, WATCH.email]
    assert (notified.deferred_until, notified.reached_nobody) == (None, False)


def test_an_alert_that_somebody_has_answered_wakes_nobody(post: Post) -> None:
    request = an_alert()

    assert post.notify(ordered(request, orders.Accept()), request.version) == Notified()
    assert post.sends.kept == {}


def test_an_alert_that_one_medium_refuses_still_reaches_him_by_the_other(post: Post) -> None:
    post.sms.refused = {WATCH.phone: "opted_out"}

    notified = post.notify(an_alert())

    assert [told.fate for told in notified.told] == [Fate.FAILED, Fate.SENT]
    assert notified.told[0].reason == "opted_out"
    assert not notified.reached_nobody


def test_an_alert_that_every_medium_refuses_has_reached_nobody(post: Post) -> None:
    request = an_alert()
    post.sms.refused = {WATCH.phone: "invalid_address"}
    post.email.refused = {WATCH.email: "rejected"}

    assert post.notify(request).reached_nobody
    assert post.repeat(request).reached_nobody
    assert {(send.status, send.reason) for send in post.sends.of(request.protocol)} == {
        (SendStatus.FAILED, "invalid_address"),
        (SendStatus.FAILED, "rejected"),
    }


def test_an_alert_for_somebody_without_address_has_reached_nobody(post: Post) -> None:
    city = a_catalogue()
    people = {**city.people, "watch-one": Person(code="watch-one", name="A")}
    post.city.catalogue = dataclasses.replace(city, people=people)

    assert post.notify(an_alert()) == Notified(reached_nobody=True)


def test_an_alert_tries_the_other_medium_before_it_is_repeated(post: Post) -> None:
    request, post.sms.is_down = an_alert(), True
    with pytest.raises(Unavailable):
        post.notify(request)
    assert post.messages == [WATCH.email]
    post.sms.is_down = False

    assert [told.fate for told in post.repeat(request).told] == [Fate.SENT, Fate.ALREADY]
    assert post.messages == [WATCH.phone, WATCH.email]


def test_nothing_that_is_kept_or_queued_tells_who_anybody_is(post: Post) -> None:
    for request in (late(), an_alert()):
        post.store.items.clear()
        post.clock.time = NIGHT
        notifieds = [post.notify(request)]
        post.clock.time = MORNING
        post.waiting.release_deferred(MORNING)
        notifieds.append(post.repeat(request))
        traces = repr((post.queue.notices, post.deferred.waiting, post.sends.kept, notifieds))
        words = (*PERSONAL, WATCH.phone, WATCH.email)
        assert [word for word in words if word in traces] == []
    assert len(post.messages) == 3
