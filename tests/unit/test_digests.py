"""Digests: one per person and working day, of what still concerns the posts that he fills."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.services.ports.notices import DigestNotice
from tests.builders import a_catalogue, a_request, ordered
from tests.digest_office import DEPUTY, FOCAL, HEAD, LEVELS, TODAY, Office, late, protocols_in, shown
from tests.escalated import (
    HOLIDAY,
    MORNING,
    NIGHT,
    a_city_that_celebrates,
    escalated,
)
from tests.fakes import (
    FakeRequests,
)


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_substitute_gets_the_digest_while_the_holder_is_away(office: Office) -> None:
    office.concern(late(), FOCAL)
    office.send_away("focal")

    assert office.digests.compile("focal", TODAY) is None
    assert protocols_in(office.letter("focal-b"))


def test_who_fills_several_posts_gets_one_digest_of_all(office: Office) -> None:
    both = office.concern(late(), FOCAL, HEAD)
    above = office.concern(late(LEVELS.LEVEL_2), DEPUTY)
    office.send_away("head")

    assert sorted(protocols_in(office.letter("deputy"))) == sorted(shown(both, above))
    notices = office.digests.start(MORNING)
    assert [notice.person for notice in notices] == ["deputy", "focal"]


def test_nothing_to_say_is_no_digest(office: Office) -> None:
    assert office.digests.compile("head", TODAY) is None


def closed() -> ServiceRequest:
    return ordered(late(), orders.Cancel(reason="Já foi feito"))


def returned() -> ServiceRequest:
    return ordered(late(), orders.Return(reason="Não é conosco", proposed="SMGOV"))


def put_off() -> ServiceRequest:
    return late().with_decision(EntryType.REDATED, Act(by=SYSTEM, at=MORNING), {"escalated": ()})


def accepted() -> ServiceRequest:
    return ordered(late(LEVELS.ACKNOWLEDGEMENT), orders.Accept())


@pytest.mark.parametrize("make", [closed, returned, put_off, accepted])
def test_what_no_longer_concerns_a_post_is_struck_off_its_list(office: Office, make: object) -> None:
    assert callable(make)
    office.concern(make(), HEAD)

    assert office.digests.compile("head", TODAY) is None
    assert office.lines.of(HEAD) == []


def test_what_does_not_exist_is_struck_off_too(office: Office) -> None:
    office.lines.add(HEAD, Protocol("2632700000012"))

    assert office.digests.compile("head", TODAY) is None
    assert office.lines.of(HEAD) == []


def test_a_level_of_another_post_keeps_no_line(office: Office) -> None:
    office.concern(late(LEVELS.NOTICE), FOCAL, DEPUTY)

    assert office.digests.compile("deputy", TODAY) is None
    assert protocols_in(office.letter("focal"))


def test_a_list_that_lags_behind_strikes_nothing_off(office: Office) -> None:
    old = a_request()
    protocol = office.concern(escalated(old), HEAD)
    behind = FakeRequests()
    behind.add(old)

    letter = dataclasses.replace(office.digests, index=behind).compile("head", TODAY)

    assert letter is not None
    assert protocols_in(letter) == shown(protocol)


def test_lines_of_an_extinct_secretariat_concern_its_successor(office: Office) -> None:
    city = a_catalogue()
    successor = dataclasses.replace(city.secretariats["SMGOV"], posts=city.secretariats["DMLU"].posts)
    office.city.catalogue = dataclasses.replace(city, secretariats={**city.secretariats, "SMGOV": successor})
    protocol = office.concern(late(service="shelter"), "FASC/head")

    assert protocols_in(office.letter("head")) == shown(protocol)


def test_the_riskiest_come_first_and_followers_weigh(office: Office) -> None:
    calm, busy, crowded = (office.concern(late(), HEAD) for _ in range(3))
    office.follow(busy, 2)
    office.follow(crowded, 5)

    assert protocols_in(office.letter("head")) == shown(crowded, busy, calm)


def test_digests_start_with_office_hours_and_once_a_day(office: Office) -> None:
    office.concern(late(), FOCAL, HEAD)
    opening = datetime(2026, 12, 1, 11, 30, tzinfo=UTC)
    ticks = [opening + timedelta(minutes=minutes) for minutes in (-5, 0, 5, 300)]

    started = [[notice.person for notice in office.digests.start(tick)] for tick in ticks]

    assert started == [[], ["focal", "head"], [], []]
    assert office.queue.notices == [DigestNotice(person=one, day=TODAY) for one in ("focal", "head")]
    assert [one.person for one in office.digests.start(opening + timedelta(days=1))] == ["focal", "head"]


@pytest.mark.parametrize("now", [NIGHT, HOLIDAY, MORNING + timedelta(days=4), MORNING + timedelta(hours=9)])
def test_digests_start_neither_at_night_nor_on_days_without_work(office: Office, now: datetime) -> None:
    office.city.catalogue = a_city_that_celebrates()
    office.concern(late(), HEAD)

    assert office.digests.start(now) == []
    assert office.queue.notices == []


def test_a_day_on_which_the_queue_did_not_answer_starts_at_the_next_tick(office: Office) -> None:
    office.concern(late(), HEAD)
    office.queue.is_down = True
    with pytest.raises(Unavailable):
        office.digests.start(MORNING)
    office.queue.is_down = False

    assert [one.person for one in office.digests.start(MORNING + timedelta(minutes=5))] == ["head"]


def test_a_day_without_lines_starts_and_tells_nobody(office: Office) -> None:
    assert office.digests.start(MORNING) == []
    office.concern(late(), HEAD)
    assert office.digests.start(MORNING + timedelta(minutes=5)) == []
