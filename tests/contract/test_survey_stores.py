"""What stores of surveys, reservations and audits must do, on the fake, on moto and on ministack."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.audits import DynamoAudits
from chalicelib.adapters.dynamo.contacts import DynamoContactLog
from chalicelib.adapters.dynamo.deferred import DynamoDeferred
from chalicelib.adapters.dynamo.people import DynamoPeople
from chalicelib.adapters.dynamo.survey_reservations import DynamoSurveyReservations
from chalicelib.adapters.dynamo.surveys import DynamoSurveys
from chalicelib.domain.audits import Audit
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.people import Channel
from chalicelib.domain.private import seal
from chalicelib.domain.protocols import compose_protocol
from chalicelib.domain.surveys import (
    NOT_AGAIN_WITHIN,
    Answers,
    Done,
    NotSentReason,
    SurveyReason,
    SurveyRecord,
    SurveyStatus,
    SurveyWay,
    Via,
)
from chalicelib.domain.verdicts import VerdictKind
from chalicelib.services.ports.audits import AuditList
from chalicelib.services.ports.notices import Deferred, SurveyNotice, SurveyStep
from chalicelib.services.ports.surveys import SurveyReservations, SurveyStore
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fake_surveys import FakeAuditList, FakeReservations, FakeSurveys
from tests.fakes import NOW, FakeDeferred
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
PROTOCOL = compose_protocol(NOW.date(), 1)
TODAY = date(2026, 11, 24)
KEY = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one engine, and what breaks the calls of a real one."""

    surveys: SurveyStore
    reservations: SurveyReservations
    audits: AuditList
    deferred: Deferred
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeSurveys(), FakeReservations(), FakeAuditList(), FakeDeferred())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "contacts", "people", "operations"):
        yield Stores(DynamoSurveys(), DynamoSurveyReservations(), DynamoAudits(), DynamoDeferred(), proxy)


def a_record(number: int = 1, generation: int = 1, **changes: Any) -> SurveyRecord:
    record = SurveyRecord(
        protocol=compose_protocol(NOW.date(), number),
        generation=generation,
        channel=Channel.WEB,
        service="dumping",
        secretariat="DMLU",
        resolved_at=NOW - timedelta(days=1),
        day=TODAY,
        at=NOW,
        status=SurveyStatus.DUE,
    )
    return dataclasses.replace(record, **changes)


def sent(record: SurveyRecord) -> SurveyRecord:
    return record.sent(SurveyWay.SMS, NOW)


def answered(record: SurveyRecord, overall: int = 4) -> SurveyRecord:
    answers = Answers(overall=overall, done=Done.PARTLY, reasons=(SurveyReason.SLOW,), allows_contact=True)
    return dataclasses.replace(
        record,
        status=SurveyStatus.ANSWERED,
        answers=answers,
        answered_at=NOW,
        via=Via.LINK,
        command={"key": "k", "body": "b"},
        private=seal({"comment": "Vieram tarde"}, bytes(16)),
    )


def test_a_survey_is_opened_once_and_kept_whole(stores: Stores) -> None:
    first = stores.surveys.open(a_record())
    again = stores.surveys.open(a_record(at=NOW + timedelta(hours=1)))

    assert first == again == a_record()
    assert stores.surveys.find(PROTOCOL, 1) == a_record()
    assert stores.surveys.find(PROTOCOL, 2) is None


def test_what_becomes_of_it_takes_the_place_of_what_was_seen(stores: Stores) -> None:
    record = stores.surveys.open(a_record())

    assert stores.surveys.save(sent(record), seen=record)
    assert not stores.surveys.save(record.not_sent(NotSentReason.UNDELIVERABLE), seen=record)
    assert stores.surveys.save(answered(sent(record)), seen=sent(record))

    assert stores.surveys.find(PROTOCOL, 1) == answered(sent(record))


def test_of_many_answers_at_once_one_is_kept(stores: Stores) -> None:
    record = stores.surveys.open(a_record())

    def answer(overall: int) -> bool:
        return stores.surveys.save(answered(record, overall), seen=record)

    with ThreadPoolExecutor(5) as tabs:
        taken = list(tabs.map(answer, range(1, 6)))

    assert sorted(taken) == [False] * 4 + [True]
    assert stores.surveys.find(PROTOCOL, 1) == answered(record, taken.index(True) + 1)


def test_the_surveys_of_a_request_are_listed_in_order_of_generations(stores: Stores) -> None:
    for generation in (11, 2, 1):
        stores.surveys.open(a_record(generation=generation))
    stores.surveys.open(a_record(2))

    assert [one.generation for one in stores.surveys.of(PROTOCOL)] == [1, 2, 11]


def test_the_surveys_of_a_day_are_read_page_by_page_as_they_are_now(stores: Stores) -> None:
    for number in (3, 1, 2):
        stores.surveys.open(a_record(number))
    stores.surveys.open(a_record(4, day=TODAY + timedelta(days=1)))
    stores.surveys.save(sent(a_record(2)), seen=a_record(2))

    first = stores.surveys.of_day(TODAY, limit=2)
    second = stores.surveys.of_day(TODAY, limit=2, cursor=first.next)

    assert sorted((*first.items, *second.items), key=lambda one: one.protocol) == sorted(
        (a_record(1), sent(a_record(2)), a_record(3)), key=lambda one: one.protocol
    )
    assert (len(first.items), len(second.items), second.next) == (2, 1, None)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_who_saved_is_told_so_even_if_the_first_answer_is_lost(stores: Stores) -> None:
    assert stores.proxy
    record = stores.surveys.open(a_record())
    stores.proxy.fail(Fault.LOST_ANSWER)

    assert stores.surveys.save(answered(record), seen=record)
    assert not stores.surveys.save(answered(record, 1), seen=record)


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_surveys_stand_beside_followers_without_being_any(stores: Stores) -> None:
    stores.surveys.open(a_record())

    assert DynamoContactLog().count_followers(PROTOCOL) == 0


@pytest.mark.parametrize("stores", ["moto"], indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        stores.surveys.open(a_record())


def reserve(stores: Stores, survey: str, days_later: float = 0) -> bool:
    at = NOW + timedelta(days=days_later)
    return stores.reservations.reserve(KEY, survey, at, not_within=NOT_AGAIN_WITHIN)


def test_a_contact_point_is_reserved_once_in_thirty_days(stores: Stores) -> None:
    assert reserve(stores, "a#1")
    assert not reserve(stores, "b#1", 29.99)
    assert reserve(stores, "b#1", 30)


def test_the_same_survey_finds_its_own_reservation(stores: Stores) -> None:
    assert [reserve(stores, "a#1"), reserve(stores, "a#1", 1)] == [True, True]
    assert not reserve(stores, "b#1", 2)


def test_a_reservation_given_back_is_free_and_that_of_another_is_not(stores: Stores) -> None:
    reserve(stores, "a#1")
    stores.reservations.release(KEY, "b#1")
    assert not reserve(stores, "b#1")

    for _ in range(2):
        stores.reservations.release(KEY, "a#1")

    assert reserve(stores, "b#1")


def test_of_many_surveys_at_once_one_reserves(stores: Stores) -> None:
    with ThreadPoolExecutor(5) as workers:
        reserved = list(workers.map(lambda number: reserve(stores, f"{number}#1"), range(10)))

    assert sorted(reserved) == [False] * 9 + [True]


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_a_reservation_leaves_what_is_known_of_the_person(stores: Stores) -> None:
    DynamoPeople().saw(KEY, person_key=KEY, channel="web", at=NOW)

    reserve(stores, "a#1")

    assert DynamoPeople().person_keys_seen_with(KEY) == {KEY}


def an_audit(number: int = 1, **changes: Any) -> Audit:
    audit = Audit(
        protocol=compose_protocol(NOW.date(), number),
        generation=1,
        kind=VerdictKind.AUDITED,
        resolved_at=NOW - timedelta(hours=number),
        secretariat="DMLU",
        service="dumping",
    )
    return dataclasses.replace(audit, **changes)


def test_resolutions_to_be_judged_are_listed_the_oldest_first(stores: Stores) -> None:
    for number in (1, 3, 2, 3):
        stores.audits.put(an_audit(number))
    contested = an_audit(2, kind=VerdictKind.CONTESTED)
    stores.audits.put(contested)

    first = stores.audits.page(limit=2)
    second = stores.audits.page(limit=2, cursor=first.next)

    assert [*first.items, *second.items] == [an_audit(3), contested, an_audit(1)]
    assert second.next is None


def test_what_was_judged_is_taken_off_once(stores: Stores) -> None:
    stores.audits.put(an_audit())

    for _ in range(2):
        stores.audits.remove(PROTOCOL, 1, an_audit().resolved_at)

    assert stores.audits.page(limit=10).items == ()


def test_steps_of_surveys_wait_for_their_time(stores: Stores) -> None:
    notices = [
        SurveyNotice(protocol=PROTOCOL, generation=2, step=step, order="somebody") for step in SurveyStep
    ]
    for notice in (*notices, notices[0]):
        stores.deferred.put(notice, NOW)
    stores.deferred.put(notices[1], NOW + timedelta(days=5))

    due = [notice for _, notice in stores.deferred.due(NOW, limit=10)]

    assert sorted(one.step for one in due if isinstance(one, SurveyNotice)) == sorted(SurveyStep)
    assert {one.order for one in due} == {"somebody"}
    stores.deferred.remove(notices[0], NOW)
    assert len(stores.deferred.due(NOW, limit=10)) == len(SurveyStep) - 1
