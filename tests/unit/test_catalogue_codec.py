"""A catalogue survives being stored, and damage is noticed."""

from __future__ import annotations

import zlib

import msgspec
import pytest

from chalicelib.adapters.dynamo import catalogue_codec
from chalicelib.adapters.dynamo.catalogue_codec import PART_BYTES, CatalogueUnreadable, decode, encode
from chalicelib.domain.levels import EscalationLevel, EscalationRules
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue_source import load_city
from tests.city import a_catalogue


@pytest.mark.parametrize("catalogue", [a_catalogue(), load_city("porto_alegre")], ids=["small", "real"])
def test_a_catalogue_is_read_back_as_it_was_written(catalogue: object) -> None:
    assert decode(encode(catalogue)) == catalogue  # type: ignore[arg-type]


def test_the_real_catalogue_fits_into_one_item() -> None:
    assert [len(part) < PART_BYTES for part in encode(load_city("porto_alegre"))] == [True]


def test_a_large_catalogue_is_cut_into_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_codec, "PART_BYTES", 100)

    parts = encode(a_catalogue())

    assert len(parts) > 2
    assert max(map(len, parts)) == 100
    assert decode(parts) == a_catalogue()


def test_a_catalogue_of_before_there_was_staff_is_still_read() -> None:
    now = a_catalogue()
    old = msgspec.msgpack.decode(msgspec.msgpack.encode(now))
    for name in ("people", "posts", "escalation"):
        del old[name]
    for organ in old["secretariats"].values():
        del organ["posts"], organ["on_call"]
        for unit in organ["units"]:
            del unit["head"], unit["on_call"]
    for service in old["services"].values():
        del service["screening"]

    read = decode([zlib.compress(msgspec.msgpack.encode(old))])

    assert (read.people, read.posts, read.escalation) == ({}, {}, EscalationRules())
    assert (read.secretariats["DMLU"].posts, read.secretariats["DMLU"].units[1].head) == ({}, None)
    assert read.services == now.services


def test_delays_by_level_survive_being_stored() -> None:
    delays = {EscalationLevel.LEVEL_2: Term(amount=2, unit=TermUnit.HOURS)}
    rules = EscalationRules(default=(*delays.values(),), services={"dumping": delays})

    assert decode(encode(a_catalogue(escalation=rules))).escalation == rules


@pytest.mark.parametrize(
    "parts", [[], [b"not compressed"], encode(a_catalogue())[:-1], [encode(a_catalogue())[0][:-9]]]
)
def test_incomplete_or_damaged_parts_are_refused(parts: list[bytes]) -> None:
    with pytest.raises(CatalogueUnreadable):
        decode(parts)
