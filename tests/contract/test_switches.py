"""What the keepers of calamities and of protocols for paper must do, on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from chalicelib.adapters.dynamo.calamities import LeanCalamities
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.adapters.dynamo.paper import LeanPaper
from chalicelib.domain.calamities import Calamity
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.calamities import CalamitiesChanged, CalamityStore
from chalicelib.services.ports.paper import PaperProtocols
from chalicelib.services.ports.requests import ProtocolTaken
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fake_calamities import FakeCalamities, FakePaper
from tests.fakes import NOW
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]


@dataclass(frozen=True, slots=True)
class Stores:
    """Both stores of one engine, and what breaks the calls of a real one."""

    calamities: CalamityStore
    paper: PaperProtocols
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    if request.param == "fake":
        yield Stores(FakeCalamities(), FakePaper())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "config") as engine:
        config = LeanConfig(client=engine.client, table_name=engine.table("config"))
        yield Stores(LeanCalamities(config=config), LeanPaper(config=config), proxy)


def a_calamity(code: str = "flood-2026") -> Calamity:
    return Calamity(
        code=code,
        act="Decreto 22.647/2026",
        first_day=date(2026, 5, 1),
        last_day=date(2026, 12, 31),
        services=("dumping",),
        regions=(1, 8),
        neighbourhoods=("centro",),
        legal_clocks=True,
        raises={"noise": Urgency.EMERGENCY},
        declared_by="direction",
        declared_at=NOW,
        ended_at=NOW,
    )


def a_paper(protocol: str = "2632899000014", batch: str = "one") -> PaperProtocol:
    return PaperProtocol(
        protocol=Protocol(protocol), batch=batch, day=date(2026, 11, 24), by="operator", at=NOW
    )


def test_before_the_first_calamity_there_is_none_at_revision_zero(stores: Stores) -> None:
    assert stores.calamities.read() == ((), 0)


def test_calamities_come_back_as_they_were_written_in_their_order(stores: Stores) -> None:
    listed = (a_calamity("one"), a_calamity("two"))

    stores.calamities.write(listed, 0)

    assert stores.calamities.read() == (listed, 1)


def test_each_write_needs_the_revision_it_saw(stores: Stores) -> None:
    stores.calamities.write([a_calamity("one")], 0)
    stores.calamities.write([a_calamity("two")], 1)

    for seen in (0, 1, 3):
        with pytest.raises(CalamitiesChanged):
            stores.calamities.write([], seen)

    assert stores.calamities.read() == ((a_calamity("two"),), 2)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_a_write_whose_answer_is_lost_says_that_something_changed(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(Fault.LOST_ANSWER)

    with pytest.raises(CalamitiesChanged):
        stores.calamities.write([a_calamity()], 0)

    assert stores.calamities.read() == ((a_calamity(),), 1)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_a_table_that_does_not_answer_is_unavailable(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(*[Fault.SERVER_ERROR] * 3)

    with pytest.raises(Unavailable):
        stores.calamities.read()


def test_an_allocated_protocol_is_found_and_no_other(stores: Stores) -> None:
    stores.paper.add(a_paper())

    assert stores.paper.find(a_paper().protocol) == a_paper()
    assert stores.paper.find(Protocol("2632812345671")) is None


def test_a_protocol_is_allocated_once(stores: Stores) -> None:
    stores.paper.add(a_paper())

    with pytest.raises(ProtocolTaken):
        stores.paper.add(a_paper(batch="two"))

    assert stores.paper.find(a_paper().protocol) == a_paper()
