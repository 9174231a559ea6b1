"""Publish a catalogue: refuse it whole, or put it in force whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.adapters.dynamo.catalogue_codec import decode, encode
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.catalogue_faults import CatalogueFault
from chalicelib.domain.catalogue_rules import faults
from infra.catalogue_source import content_hash
from infra.published_catalogues import CatalogueStore, pointer_to

PRODUCTION = "prod"
STAND_IN_DOMAINS = ("example.org", "example.com", "example.net")
"""Domains that belong to nobody (RFC 2606)."""


class DeployedQueues(Protocol):
    """Tells which secretariats can be delivered to."""

    def missing(self, secretariats: Iterable[str]) -> list[str]:
        """List those without their queue or its dead-letter queue."""
        ...


class CatalogueRefused(Exception):
    """The catalogue breaks rules of the domain; `faults` lists all of them."""

    def __init__(self, faults: tuple[CatalogueFault, ...]) -> None:
        """Keep every fault."""
        super().__init__("\n".join(f"{fault.path}: {fault.reason}" for fault in faults))
        self.faults = faults


class PeopleAreStandIns(Exception):
    """People of the catalogue have addresses that reach nobody; `people` are their codes."""

    def __init__(self, people: list[str]) -> None:
        """Say it in one line, and name one of them."""
        super().__init__(
            f"{len(people)} people have stand-ins for e-mail addresses, {people[0]} among them; "
            "production needs the real ones"
        )
        self.people = people


class SecretariatsWithoutQueue(Exception):
    """Requests for these secretariats would be delivered to nobody."""

    def __init__(self, secretariats: list[str]) -> None:
        """Keep all of them."""
        super().__init__(f"no queue: {', '.join(secretariats)}")
        self.secretariats = secretariats


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is in force after publishing, and whether that is new."""

    version: str
    changed: bool


def refuse_stand_ins(catalogue: Catalogue, stage: str) -> None:
    """Keep a catalogue out of production while its people cannot be reached; other stages accept it.

    Raises:
        PeopleAreStandIns: some of them have addresses of documentation.
    """
    stand_ins = [
        person.code
        for person in catalogue.people.values()
        if person.email.rpartition("@")[2].lower() in STAND_IN_DOMAINS
    ]
    if stage == PRODUCTION and stand_ins:
        raise PeopleAreStandIns(stand_ins)


def publish(
    catalogue: Catalogue, store: CatalogueStore, queues: DeployedQueues, now: datetime
) -> Publication:
    """Put a catalogue in force, unless what is in force says the same.

    Running functions see it within half a minute. What is in force stays so if anything fails.

    Raises:
        CatalogueRefused: it breaks rules.
        SecretariatsWithoutQueue: an organ in force has no queue; deploy the secretariats first.
        PublicationRaced: somebody else published meanwhile.
    """
    if found := faults(catalogue):
        raise CatalogueRefused(found)
    if missing := queues.missing(in_force(catalogue, now)):
        raise SecretariatsWithoutQueue(missing)
    seen = store.pointer()
    if seen is not None and seen.version.endswith(f"-{content_hash(catalogue)}"):
        return Publication(version=seen.version, changed=False)
    parts = encode(catalogue)
    store.put_parts(catalogue.version, parts)
    store.point(pointer_to(catalogue.version, parts, now), seen)
    return Publication(version=catalogue.version, changed=True)


def published(store: CatalogueStore) -> Catalogue | None:
    """Read the catalogue in force, None before the first publication."""
    pointer = store.pointer()
    return None if pointer is None else decode(store.parts(pointer))


def in_force(catalogue: Catalogue, now: datetime) -> list[str]:
    """List the organs that exist at `now`, in the city's own calendar."""
    today = now.astimezone(ZoneInfo(catalogue.city.timezone)).date()
    return [code for code, organ in catalogue.secretariats.items() if organ.in_force(today)]
