"""Sends: each message goes out once, unless it must not be lost; what is refused is not tried again."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.letters import Medium
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.tellings import CITIZEN
from chalicelib.services.ports.notices import SendStatus
from chalicelib.services.sending import Fate
from tests.escalated import (
    MARKED,
    a_told_request,
    escalated,
)
from tests.fakes import (
    FakeSendLog,
)
from tests.notice_desk import Post, an_alert, fates, late


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_citizen_is_told_once_however_often_the_notice_comes(post: Post) -> None:
    request = late()

    assert fates(post.notify(request)) == [(CITIZEN, Medium.SMS, Fate.SENT)]
    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.ALREADY)]
    assert post.messages == [MARKED["phone"]]
    (send,) = post.sends.of(request.protocol)
    assert (send.status, send.provider_id) == (SendStatus.SENT, "provider-1")


def test_an_address_that_is_never_reached_is_not_tried_again(post: Post) -> None:
    request = escalated(a_told_request(contact_points={"phone": MARKED["phone"]}))
    post.sms.refused = {MARKED["phone"]: "opted_out"}
    assert fates(post.notify(request)) == [(CITIZEN, Medium.SMS, Fate.FAILED)]
    post.sms.refused = {}

    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.FAILED)]
    assert post.messages == []


def test_where_one_medium_refuses_for_good_the_next_one_is_tried(post: Post) -> None:
    request = late()
    post.sms.refused = {MARKED["phone"]: "opted_out"}
    once = [(CITIZEN, Medium.SMS, Fate.FAILED), (CITIZEN, Medium.EMAIL, Fate.SENT)]

    assert fates(post.notify(request)) == once
    assert [fate for _, _, fate in fates(post.repeat(request))] == [Fate.FAILED, Fate.ALREADY]
    assert post.messages == [MARKED["email"]]


def test_a_provider_that_took_nothing_is_tried_again(post: Post) -> None:
    request, post.sms.is_down = late(), True
    with pytest.raises(Unavailable):
        post.notify(request)
    assert post.sends.kept == {}
    post.sms.is_down = False

    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.SENT)]


def test_a_courtesy_whose_answer_was_lost_is_not_sent_twice(post: Post) -> None:
    request, post.sms.loses_answers = late(), 1

    assert fates(post.notify(request)) == [(CITIZEN, Medium.SMS, Fate.UNKNOWN)]
    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.UNKNOWN)]
    assert post.messages == [MARKED["phone"]]


@pytest.mark.parametrize(
    ("make", "messages"),
    [(late, 1), (an_alert, 3)],
    ids=["a courtesy is not doubled", "an alert is rather sent twice than never"],
)
def test_after_a_crash_between_send_and_mark(post: Post, make: object, messages: int) -> None:
    assert callable(make)
    request = make()
    post.sends = _CrashesAtFirstMark()
    with pytest.raises(Unavailable):
        post.notify(request)

    post.repeat(request)

    assert len(post.messages) == messages


@dataclass(slots=True)
class _CrashesAtFirstMark(FakeSendLog):
    crashed: bool = False

    def mark(self, send: object) -> None:
        if not self.crashed:
            self.crashed = True
            raise Unavailable
        FakeSendLog.mark(self, send)  # type: ignore[arg-type]


def test_a_legal_notice_whose_answer_was_lost_is_sent_again(post: Post) -> None:
    request = escalated(a_told_request(), EscalationLevel.LEGAL_BREACH)
    post.email.loses_answers = 1
    with pytest.raises(Unavailable):
        post.notify(request)

    assert fates(post.repeat(request)) == [("city/controller", Medium.EMAIL, Fate.SENT)]
    assert post.messages == ["controller@example.org"] * 2


def test_a_claim_that_vanishes_under_our_eyes_is_tried_again(post: Post) -> None:
    @dataclass(slots=True)
    class Vanishing(FakeSendLog):
        def claim(self, send: object) -> bool:
            return False

    post.sends = Vanishing()

    with pytest.raises(Unavailable):
        post.notify(late())
