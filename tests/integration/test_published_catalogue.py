"""A published catalogue reaches running functions within half a minute, and bad news never stops them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chalicelib.adapters.dynamo.catalogue import PublishedCatalogue
from chalicelib.adapters.dynamo.catalogue_codec import encode
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import Unavailable
from tests.city import a_catalogue
from tests.contract.stores import Engine, empty_tables
from tests.engines import moto_server
from tests.fakes import FakeClock
from tests.faulty_proxy import Fault, FaultyProxy, faulty_proxy


@dataclass(frozen=True, slots=True)
class Publication:
    """A config table, what functions read from it, and their clock."""

    engine: Engine
    source: PublishedCatalogue
    clock: FakeClock

    def publish(self, catalogue: Catalogue, parts: int = 2, *, missing: int = 0) -> None:
        packed = b"".join(encode(catalogue))
        size = -(-len(packed) // parts)
        for number in range(parts - missing):
            data = base64.b64encode(packed[number * size : (number + 1) * size]).decode()
            self._put(key=f"{catalogue.version}#{number:02d}", data={"B": data})
        self._put(key="current", version={"S": catalogue.version}, parts={"N": str(parts)})

    def reads(self) -> list[str]:
        return [name for name in self.engine.proxy.operations if name != "PutItem"]

    def _put(self, *, key: str, **attributes: dict[str, str]) -> None:
        item = {"kind": {"S": "catalogue"}, "key": {"S": key}, **attributes}
        self.engine.client.call("PutItem", {"TableName": self.engine.table("config"), "Item": item})


@pytest.fixture(scope="module")
def moto() -> Iterator[FaultyProxy]:
    with moto_server() as url, faulty_proxy(url) as proxy:
        yield proxy


@pytest.fixture
def publication(moto: FaultyProxy) -> Iterator[Publication]:
    clock = FakeClock()
    with empty_tables(moto, "config") as engine:
        config = LeanConfig(client=engine.client, table_name=engine.table("config"))
        yield Publication(engine, PublishedCatalogue(config=config, clock=clock), clock)


def test_nothing_published_is_unavailable(publication: Publication) -> None:
    with pytest.raises(Unavailable):
        publication.source.current()


def test_the_published_catalogue_is_read_once_and_checked_twice_a_minute(publication: Publication) -> None:
    publication.publish(a_catalogue())

    for _ in range(5):
        assert publication.source.current() == a_catalogue()
    assert publication.reads() == ["GetItem", "Query"]

    publication.clock.advance(seconds=30)
    publication.source.current()
    assert publication.reads() == ["GetItem", "Query", "GetItem"]


def test_a_new_version_is_in_force_within_half_a_minute(publication: Publication) -> None:
    publication.publish(a_catalogue())
    publication.source.current()
    publication.publish(a_catalogue(version="v2"), parts=3)
    assert publication.source.current().version == "v1"

    publication.clock.advance(seconds=30)

    assert publication.source.current().version == "v2"


@pytest.mark.parametrize("faults", [[Fault.SERVER_ERROR] * 3, [Fault.DENIED]], ids=["silent", "refusing"])
def test_the_old_catalogue_serves_while_the_table_does_not_answer(
    publication: Publication, faults: list[Fault]
) -> None:
    publication.publish(a_catalogue())
    publication.source.current()
    publication.publish(a_catalogue(version="v2"))
    publication.clock.advance(seconds=30)
    publication.engine.proxy.fail(*faults)

    assert publication.source.current().version == "v1"
    assert publication.source.current().version == "v1"
    publication.clock.advance(seconds=5)
    assert publication.source.current().version == "v2"


@pytest.mark.parametrize("missing", [0, 1])
def test_the_old_catalogue_serves_while_the_new_one_cannot_be_read(
    publication: Publication, missing: int
) -> None:
    publication.publish(a_catalogue())
    publication.source.current()
    publication.publish(a_catalogue(version="v2"), missing=missing)
    if not missing:
        publication._put(key="v2#01", data={"B": base64.b64encode(b"rubbish").decode()})
    publication.clock.advance(seconds=30)

    assert publication.source.current().version == "v1"


def test_a_function_that_starts_on_an_incomplete_catalogue_is_unavailable(publication: Publication) -> None:
    publication.publish(a_catalogue(), missing=1)

    with pytest.raises(Unavailable):
        publication.source.current()
