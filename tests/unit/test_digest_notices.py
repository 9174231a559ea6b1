"""Digest notices: one message per person and working day, on the day itself."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.letters import Medium
from chalicelib.domain.staff import Person
from chalicelib.services.notices import Notified
from chalicelib.services.sending import Fate
from tests.builders import a_catalogue
from tests.escalated import (
    MORNING,
    NIGHT,
)
from tests.notice_desk import Post, fates


@pytest.fixture
def post() -> Post:
    return Post()


def test_a_digest_reaches_its_person_once_a_day(post: Post) -> None:
    post.let_hear()

    assert fates(post.send_digest()) == [("head", Medium.EMAIL, Fate.SENT)]
    assert fates(post.send_digest()) == [("head", Medium.EMAIL, Fate.ALREADY)]
    assert post.messages == ["head@example.org"]
    assert "1 solicitação" in post.email.sent[0][1].subject


def test_an_empty_digest_is_not_sent(post: Post) -> None:
    assert post.send_digest() == Notified()
    assert post.sends.kept == {}


@pytest.mark.parametrize(
    "now",
    [MORNING + timedelta(days=1), MORNING + timedelta(hours=9), NIGHT],
    ids=["tomorrow", "late", "early"],
)
def test_a_digest_that_comes_at_another_time_is_dropped(post: Post, now: datetime) -> None:
    post.let_hear()
    post.clock.time = now

    assert post.send_digest() == Notified()
    assert post.messages == []


def test_who_has_no_e_mail_is_told_how_much_waits(post: Post) -> None:
    city = a_catalogue()
    people = {**city.people, "head": Person(code="head", name="A", phone="+5551988887777")}
    post.city.catalogue = dataclasses.replace(city, people=people)
    post.let_hear()

    assert fates(post.send_digest()) == [("head", Medium.SMS, Fate.SENT)]
    assert post.sms.sent[0][1].text == "156 Porto Alegre: 1 solicitação pede atenção (1 em atraso)"


def test_somebody_unknown_or_without_address_gets_no_digest(post: Post) -> None:
    city = a_catalogue()
    people = {**city.people, "head": Person(code="head", name="A")}
    post.city.catalogue = dataclasses.replace(city, people=people)
    post.let_hear()

    assert post.send_digest() == Notified()
    assert post.send_digest("nobody") == Notified()
