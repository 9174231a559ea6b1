"""A catalogue survives being stored, and damage is noticed."""

from __future__ import annotations

import pytest

from chalicelib.adapters.dynamo import catalogue_codec
from chalicelib.adapters.dynamo.catalogue_codec import PART_BYTES, CatalogueUnreadable, decode, encode
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


@pytest.mark.parametrize(
    "parts", [[], [b"not compressed"], encode(a_catalogue())[:-1], [encode(a_catalogue())[0][:-9]]]
)
def test_incomplete_or_damaged_parts_are_refused(parts: list[bytes]) -> None:
    with pytest.raises(CatalogueUnreadable):
        decode(parts)
