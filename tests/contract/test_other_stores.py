"""What the stores of contacts, people, API keys and attempts must do, on every engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.attempts import ALLOWANCE, DynamoAttempts
from chalicelib.adapters.dynamo.contacts import DynamoContactLog
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.adapters.dynamo.lean_api_keys import LeanApiKeys
from chalicelib.adapters.dynamo.people import MOST_PERSON_KEYS, DynamoPeople
from chalicelib.domain.access import Principal
from chalicelib.domain.contacts import Contact, Follower, Served
from chalicelib.domain.errors import InvalidInput, TooManyAttempts
from chalicelib.domain.people import Channel
from chalicelib.domain.private import seal
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.people import ApiKey, ApiKeyStore, AttemptLimiter, ContactLog, PeopleProjection
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fakes import NOW, FakeApiKeys, FakeAttempts, FakeClock, FakeContacts, FakePeople
from tests.faulty_proxy import Fault, FaultyProxy

PROTOCOL = Protocol("2632812345671")
OTHER = Protocol("2632800000014")
REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]


@dataclass(frozen=True, slots=True)
class Stores:
    """The small stores of one engine, the clock they know, and what breaks the calls of a real one."""

    contacts: ContactLog
    people: PeopleProjection
    keys: ApiKeyStore
    attempts: AttemptLimiter
    clock: FakeClock
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def stores(request: pytest.FixtureRequest) -> Iterator[Stores]:
    clock = FakeClock()
    if request.param == "fake":
        yield Stores(FakeContacts(), FakePeople(), FakeApiKeys(), FakeAttempts(clock), clock)
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "contacts", "people", "config", "sessions") as engine:
        keys = LeanApiKeys(config=LeanConfig(client=engine.client, table_name=engine.table("config")))
        attempts = DynamoAttempts(clock=clock)
        yield Stores(DynamoContactLog(), DynamoPeople(), keys, attempts, clock, proxy)


def a_contact(**changes: object) -> Contact:
    contact = Contact(
        contact_id="contact-1",
        at=NOW,
        channel=Channel.PHONE,
        served_by=Served.HUMAN,
        topic="iptu",
        duration_seconds=95,
        protocol=PROTOCOL,
        private=seal({"note": "Perguntou da segunda via"}, bytes(16)),
    )
    return dataclasses.replace(contact, **changes)  # type: ignore[arg-type]


def a_follower(follower_id: str = "follower-1", **changes: object) -> Follower:
    follower = Follower(
        protocol=PROTOCOL,
        follower_id=follower_id,
        at=NOW,
        channel=Channel.WHATSAPP,
        person_key="f" * 32,
        private=seal({"reporter.phone": "+5551991234567"}, bytes(16)),
    )
    return dataclasses.replace(follower, **changes)  # type: ignore[arg-type]


def test_one_follower_of_a_request_is_found_and_no_other(stores: Stores) -> None:
    stores.contacts.follow(a_follower())

    assert stores.contacts.follower(PROTOCOL, "follower-1") == a_follower()
    assert stores.contacts.follower(PROTOCOL, "follower-2") is None
    assert stores.contacts.follower(OTHER, "follower-1") is None


def test_a_contact_is_recorded_once_even_if_it_is_repeated_later(stores: Stores) -> None:
    first = stores.contacts.record(a_contact())
    again = stores.contacts.record(a_contact(at=NOW + timedelta(minutes=2)))

    assert again == first


def test_a_contact_without_a_request_is_recorded_once_too(stores: Stores) -> None:
    first = stores.contacts.record(a_contact(protocol=None))
    assert stores.contacts.record(a_contact(protocol=None, at=NOW + timedelta(minutes=2))) == first


def test_a_contact_is_no_follower(stores: Stores) -> None:
    stores.contacts.record(a_contact())

    assert stores.contacts.count_followers(PROTOCOL) == 0


def test_somebody_follows_a_request_once(stores: Stores) -> None:
    first = stores.contacts.follow(a_follower())
    again = stores.contacts.follow(a_follower(at=NOW + timedelta(days=1)))
    other_request = stores.contacts.follow(a_follower(protocol=OTHER))

    assert (first, again, other_request) == (True, False, True)
    assert stores.contacts.count_followers(PROTOCOL) == 1


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_who_follows_is_told_so_even_if_the_first_answer_is_lost(stores: Stores) -> None:
    assert stores.proxy
    stores.proxy.fail(Fault.LOST_ANSWER)

    assert stores.contacts.follow(a_follower())
    assert not stores.contacts.follow(a_follower(at=NOW + timedelta(seconds=1)))


def test_a_follower_comes_back_as_he_was_added(stores: Stores) -> None:
    stores.contacts.follow(a_follower())

    assert stores.contacts.followers(PROTOCOL).items == (a_follower(),)


def test_a_thousand_may_follow_at_once_and_all_are_listed_by_cursors(stores: Stores) -> None:
    ids = [f"follower-{n:03}" for n in range(1_000)]
    with ThreadPoolExecutor(8) as citizens:
        assert all(citizens.map(lambda id_: stores.contacts.follow(a_follower(id_)), ids))

    found: list[str] = []
    cursor: str | None = None
    while True:
        page = stores.contacts.followers(PROTOCOL, limit=150, cursor=cursor)
        found += [follower.follower_id for follower in page.items]
        if (cursor := page.next) is None:
            break

    assert found == ids
    assert stores.contacts.count_followers(PROTOCOL) == 1_000


def test_a_false_cursor_of_followers_is_refused(stores: Stores) -> None:
    with pytest.raises(InvalidInput):
        stores.contacts.followers(PROTOCOL, cursor="no cursor")


def test_contact_points_lead_to_the_persons_seen_with_them(stores: Stores) -> None:
    for _ in range(2):
        stores.people.saw("phone", person_key="cpf-of-maria", channel="web", at=NOW)
    stores.people.saw("phone", person_key="cpf-of-jose", channel="phone", at=NOW)

    assert stores.people.person_keys_seen_with("phone") == {"cpf-of-maria", "cpf-of-jose"}
    assert stores.people.person_keys_seen_with("e-mail") == frozenset()


def test_a_contact_point_of_a_crowd_stops_collecting_persons(stores: Stores) -> None:
    keys = [f"person-{n}" for n in range(MOST_PERSON_KEYS + 5)]
    for key in keys:
        stores.people.saw("payphone", person_key=key, channel="phone", at=NOW)

    assert stores.people.person_keys_seen_with("payphone") == set(keys[:MOST_PERSON_KEYS])


def an_api_key(key_id: str = "abc123", **changes: object) -> ApiKey:
    key = ApiKey(
        key_id=key_id,
        secret_sha256="0" * 64,
        principal=Principal(name="portal", scopes=frozenset({"channel:web", "attendant"})),
        created_at=NOW,
        expires_at=NOW + timedelta(days=365),
    )
    return dataclasses.replace(key, **changes)  # type: ignore[arg-type]


def test_api_keys_are_found_by_their_id_and_listed(stores: Stores) -> None:
    stores.keys.put(an_api_key("aaa111"))
    stores.keys.put(an_api_key("bbb222"))

    assert stores.keys.find("aaa111") == an_api_key("aaa111")
    assert stores.keys.find("ccc333") is None
    assert sorted(key.key_id for key in stores.keys.all()) == ["aaa111", "bbb222"]


def test_a_changed_api_key_replaces_the_old_one(stores: Stores) -> None:
    stores.keys.put(an_api_key())

    stores.keys.put(revoked := an_api_key(revoked_at=NOW))

    assert stores.keys.find("abc123") == revoked


def test_ten_wrong_codes_close_a_protocol_for_the_rest_of_the_hour(stores: Stores) -> None:
    for _ in range(ALLOWANCE):
        stores.attempts.refuse_if_exhausted(PROTOCOL)
        stores.attempts.count_failure(PROTOCOL)
        stores.clock.advance(minutes=1)

    with pytest.raises(TooManyAttempts) as refused:
        stores.attempts.refuse_if_exhausted(PROTOCOL)

    assert refused.value.retry_after_seconds == 50 * 60
    stores.attempts.refuse_if_exhausted(OTHER)


def test_a_new_hour_forgives_wrong_codes(stores: Stores) -> None:
    for _ in range(ALLOWANCE):
        stores.attempts.count_failure(PROTOCOL)
    stores.clock.advance(hours=1)

    stores.attempts.refuse_if_exhausted(PROTOCOL)
    stores.attempts.count_failure(PROTOCOL)
    stores.attempts.refuse_if_exhausted(PROTOCOL)


@pytest.mark.parametrize("stores", REAL_ENGINES, indirect=True)
def test_wrong_codes_given_at_once_are_all_counted(stores: Stores) -> None:
    with ThreadPoolExecutor(5) as thieves:
        list(thieves.map(lambda _: stores.attempts.count_failure(PROTOCOL), range(ALLOWANCE)))

    with pytest.raises(TooManyAttempts):
        stores.attempts.refuse_if_exhausted(PROTOCOL)
