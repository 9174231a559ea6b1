"""Private texts: committed to, not told, and gone when erased."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.private import SEED_BYTES, Private, seal

texts = st.dictionaries(st.text(max_size=12), st.text(min_size=1, max_size=40), min_size=1, max_size=6)
seeds = st.binary(min_size=SEED_BYTES, max_size=SEED_BYTES)


@given(texts, seeds)
def test_each_text_gets_a_salt_of_its_own_of_128_bits(given_texts: dict[str, str], seed: bytes) -> None:
    sealed = seal(given_texts, seed)

    assert {name: text.value for name, text in sealed.items()} == given_texts
    assert {len(bytes.fromhex(text.salt)) for text in sealed.values()} == {16}
    assert len({text.salt for text in sealed.values()}) == len(given_texts)


@given(st.text(min_size=1), seeds, seeds)
def test_the_same_text_is_committed_to_differently_each_time(text: str, one: bytes, other: bytes) -> None:
    first, second = seal({"note": text}, one)["note"], seal({"note": text}, other)["note"]

    assert (first.digest == second.digest) is (one == other)


@given(st.text(), st.text())
def test_a_digest_commits_to_one_text_only(one: str, other: str) -> None:
    salt = "00" * 16

    assert (Private(value=one, salt=salt).digest == Private(value=other, salt=salt).digest) is (one == other)


def test_empty_texts_are_not_kept() -> None:
    assert seal({"note": "", "name": ""}, b"") == {}


@pytest.mark.parametrize("seed", [b"", b"too short"])
def test_a_text_is_never_sealed_with_a_salt_that_can_be_guessed(seed: bytes) -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        seal({"name": "Ana"}, seed)
