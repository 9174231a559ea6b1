"""What the keepers of dead letters and of operators' acts must do, and what an export must find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.export import requests_changed_since
from chalicelib.adapters.dynamo.interventions import AUDIT, DynamoAuditTrail, DynamoQuarantine
from chalicelib.adapters.dynamo.models import ConfigModel
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import PynamoRequestTable
from chalicelib.domain import orders
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.delivery import DeadLetter
from chalicelib.services.ports.operations import AuditTrail, Intervention, Quarantine, Quarantined
from tests.builders import a_request, ordered
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeAudit, FakeQuarantine, timer_in_a_small_city

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]


@dataclass(frozen=True, slots=True)
class Books:
    """Quarantine and audit trail of one engine."""

    quarantine: Quarantine
    audit: AuditTrail


@pytest.fixture(params=["fake", *REAL_ENGINES])
def books(request: pytest.FixtureRequest) -> Iterator[Books]:
    if request.param == "fake":
        yield Books(FakeQuarantine(), FakeAudit())
        return
    with empty_tables(request.getfixturevalue(request.param), "config"):
        yield Books(DynamoQuarantine(), DynamoAuditTrail())


def a_quarantined(message_id: str = "m1", secretariat: str = "DMLU") -> Quarantined:
    letter = DeadLetter(
        message_id=message_id,
        protocol=Protocol("2632812345671"),
        seq=3,
        type="central156.request.accepted.v1",
        receive_count=10,
        sent_at=NOW,
        resend="r1",
    )
    return Quarantined(secretariat=secretariat, letter=letter, by="ana", at=NOW)


def test_what_is_set_aside_is_found_by_its_secretariat(books: Books) -> None:
    books.quarantine.put(a_quarantined("m1"))
    books.quarantine.put(a_quarantined("m2"))
    books.quarantine.put(a_quarantined("m3", "SMGOV"))

    assert books.quarantine.of("DMLU") == [a_quarantined("m1"), a_quarantined("m2")]


def test_setting_aside_twice_keeps_one(books: Books) -> None:
    books.quarantine.put(a_quarantined())
    books.quarantine.put(a_quarantined())

    assert len(books.quarantine.of("DMLU")) == 1


def test_what_is_taken_out_of_quarantine_is_forgotten(books: Books) -> None:
    books.quarantine.put(a_quarantined())
    books.quarantine.remove("DMLU", "m1")
    books.quarantine.remove("DMLU", "never there")

    assert books.quarantine.of("DMLU") == []


@pytest.mark.parametrize("engine", REAL_ENGINES)
def test_two_interventions_of_one_instant_are_both_kept(request: pytest.FixtureRequest, engine: str) -> None:
    with empty_tables(request.getfixturevalue(engine), "config"):
        intervention = Intervention(
            by="ana", at=NOW, action="dead_letters_redriven", subject="DMLU", facts={"messages": ["x#1"]}
        )
        DynamoAuditTrail().record(intervention)
        DynamoAuditTrail().record(intervention)
        assert len(list(ConfigModel.query(AUDIT))) == 2


@pytest.mark.parametrize("engine", REAL_ENGINES)
def test_an_export_finds_the_requests_with_a_decision_since_a_moment(
    request: pytest.FixtureRequest, engine: str
) -> None:
    with empty_tables(request.getfixturevalue(engine), "requests"):
        store = StoredRequests(table=PynamoRequestTable(), timer_of=timer_in_a_small_city)
        old, recent = a_request(), ordered(a_request(), orders.Accept())
        for one in (old, recent):
            store.add(one)
        found = list(requests_changed_since(old.updated_at + timedelta(minutes=1)))
        assert found == [recent]
