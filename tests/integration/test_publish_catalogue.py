"""A catalogue is put in force whole, or refused whole."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.adapters.dynamo.catalogue_codec import decode
from chalicelib.domain.catalogue import Catalogue
from infra.catalogue_source import content_hash, load_city
from infra.publication import (
    CatalogueRefused,
    PeopleAreStandIns,
    SecretariatsWithoutQueue,
    in_force,
    publish,
    published,
    refuse_stand_ins,
)
from infra.published_catalogues import ConfigTable, PublicationRaced
from infra.target import Target
from tests.engines import create_table_in_process
from tests.unit.broken_city import city, service, valid

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
TARGET = Target(stage="dev")


@dataclass(frozen=True)
class Queues:
    """Queues for everyone but some."""

    without: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)

    def missing(self, secretariats: Iterable[str]) -> list[str]:
        self.asked.extend(secretariats)
        return [code for code in self.asked if code in self.without]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[ConfigTable]:
    with mock_aws():
        config = ConfigTable.of(TARGET)
        create_table_in_process(config.client, TARGET.stage, "config")
        yield config


def versioned(catalogue: Catalogue, day: str = "2026-03-02") -> Catalogue:
    return dataclasses.replace(catalogue, version=f"{day}-{content_hash(catalogue)}")


SMALL = versioned(valid())


def keys_in(store: ConfigTable) -> set[str]:
    answer: dict[str, Any] = store.client.query(
        TableName=store.table_name,
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues={":kind": {"S": "catalogue"}},
    )
    return {item["key"]["S"] for item in answer["Items"]}


def test_a_published_catalogue_is_in_force_under_its_version(store: ConfigTable) -> None:
    done = publish(SMALL, store, Queues(), NOW)

    assert (done.version, done.changed) == (SMALL.version, True)
    assert published(store) == SMALL
    assert keys_in(store) == {"current", f"{SMALL.version}#00"}


def test_the_real_catalogue_is_published(store: ConfigTable) -> None:
    real = load_city("porto_alegre", date(2026, 3, 2))

    publish(real, store, Queues(), NOW)

    assert published(store) == real


def test_nothing_is_in_force_before_the_first_publication(store: ConfigTable) -> None:
    assert published(store) is None


def test_publishing_the_same_content_on_another_day_changes_nothing(store: ConfigTable) -> None:
    publish(SMALL, store, Queues(), NOW)

    done = publish(versioned(valid(), "2026-03-09"), store, Queues(), NOW)

    assert (done.version, done.changed) == (SMALL.version, False)
    assert keys_in(store) == {"current", f"{SMALL.version}#00"}


def test_an_earlier_version_stays_readable_after_the_next(store: ConfigTable) -> None:
    publish(SMALL, store, Queues(), NOW)
    first = store.pointer()
    changed = versioned(service(priority=1)(valid()))

    publish(changed, store, Queues(), NOW)

    assert first is not None
    assert decode(store.parts(first)) == SMALL
    assert published(store) == changed


def test_every_organ_in_force_needs_its_queue_and_extinct_ones_do_not(store: ConfigTable) -> None:
    queues = Queues(frozenset({"SMGOV", "DMLU"}))

    with pytest.raises(SecretariatsWithoutQueue) as refusal:
        publish(SMALL, store, queues, NOW)

    assert refusal.value.secretariats == ["SMGOV", "DMLU"]
    assert "FASC" not in queues.asked
    assert keys_in(store) == set()


def test_an_organ_is_in_force_until_midnight_in_the_city() -> None:
    last_evening = datetime(2025, 1, 1, 2, 30, tzinfo=UTC)

    assert "FASC" in in_force(SMALL, last_evening)
    assert "FASC" not in in_force(SMALL, datetime(2025, 1, 1, 3, 0, tzinfo=UTC))


def test_a_catalogue_with_faults_is_refused_with_all_of_them(store: ConfigTable) -> None:
    broken = city(centre="X")(service(priority=9)(valid()))

    with pytest.raises(CatalogueRefused) as refusal:
        publish(broken, store, Queues(), NOW)

    assert {fault.path for fault in refusal.value.faults} == {"city.centre", "services.dumping.priority"}
    assert keys_in(store) == set()


def test_production_refuses_people_who_cannot_be_reached_and_other_stages_do_not() -> None:
    for stage in ("local", "dev"):
        refuse_stand_ins(SMALL, stage)

    with pytest.raises(PeopleAreStandIns) as refusal:
        refuse_stand_ins(SMALL, "prod")

    assert refusal.value.people == list(SMALL.people)
    assert "\n" not in str(refusal.value)


def test_production_accepts_real_addresses() -> None:
    real = {
        code: dataclasses.replace(one, email=f"{code}@portoalegre.rs.gov.br")
        for code, one in SMALL.people.items()
    }

    refuse_stand_ins(dataclasses.replace(SMALL, people=real), "prod")


@dataclass(frozen=True)
class Overtaken:
    """A store in which somebody else publishes just before the pointer is moved."""

    store: ConfigTable

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def put_parts(self, version: str, parts: list[bytes]) -> None:
        self.store.put_parts(version, parts)
        publish(versioned(service(priority=2)(valid())), self.store, Queues(), NOW)


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_publications_at_once_one_is_told_to_look_again(store: ConfigTable, is_first: bool) -> None:
    if not is_first:
        publish(SMALL, store, Queues(), NOW)

    with pytest.raises(PublicationRaced):
        publish(versioned(service(priority=1)(valid())), Overtaken(store), Queues(), NOW)

    in_use = published(store)
    assert in_use is not None
    assert in_use.services["dumping"].priority == 2
