"""API keys are asked for once a minute, wrong ones every few seconds, and never too many are kept."""

from __future__ import annotations

import dataclasses

import pytest

from chalicelib.adapters.dynamo.lean_api_keys import MOST_CACHED, CachedApiKeys
from chalicelib.domain.access import Principal
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.people import ApiKey
from tests.fakes import NOW, FakeApiKeys, FakeClock

KEY = ApiKey(
    key_id="abc123",
    secret_sha256="0" * 64,
    principal=Principal(name="portal", scopes=frozenset({"channel:web"})),
    created_at=NOW,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def kept() -> FakeApiKeys:
    return FakeApiKeys({KEY.key_id: KEY})


@pytest.fixture
def cached(kept: FakeApiKeys, clock: FakeClock) -> CachedApiKeys:
    return CachedApiKeys(keys=kept, clock=clock)


def test_a_key_is_looked_up_once_a_minute(cached: CachedApiKeys, kept: FakeApiKeys, clock: FakeClock) -> None:
    assert [cached.find("abc123") for _ in range(3)] == [KEY] * 3
    clock.advance(seconds=59.9)
    cached.find("abc123")
    assert kept.lookups == 1

    clock.advance(seconds=0.1)
    cached.find("abc123")
    assert kept.lookups == 2


def test_a_revocation_elsewhere_counts_within_a_minute(
    cached: CachedApiKeys, kept: FakeApiKeys, clock: FakeClock
) -> None:
    cached.find("abc123")
    kept.put(revoked := dataclasses.replace(KEY, revoked_at=NOW))
    clock.advance(seconds=60)

    assert cached.find("abc123") == revoked


def test_a_change_made_here_counts_at_once(cached: CachedApiKeys) -> None:
    cached.find("abc123")

    cached.put(revoked := dataclasses.replace(KEY, revoked_at=NOW))

    assert cached.find("abc123") == revoked
    assert cached.all() == [revoked]


def test_an_unknown_key_is_remembered_briefly(
    cached: CachedApiKeys, kept: FakeApiKeys, clock: FakeClock
) -> None:
    assert [cached.find("new123") for _ in range(3)] == [None] * 3
    assert kept.lookups == 1
    kept.put(new := dataclasses.replace(KEY, key_id="new123"))

    clock.advance(seconds=10)

    assert cached.find("new123") == new


def test_a_stream_of_invented_keys_does_not_fill_the_memory(cached: CachedApiKeys, kept: FakeApiKeys) -> None:
    for number in range(MOST_CACHED + 10):
        cached.find(f"invented{number}")
        cached.find("abc123")

    assert kept.lookups == MOST_CACHED + 11
    assert len(cached._cached) == MOST_CACHED


def test_a_key_that_is_known_works_while_the_table_is_down_for_its_minute(
    cached: CachedApiKeys, kept: FakeApiKeys, clock: FakeClock
) -> None:
    cached.find("abc123")
    kept.is_down = True
    assert cached.find("abc123") == KEY

    clock.advance(minutes=1)
    with pytest.raises(Unavailable):
        cached.find("abc123")
