"""Contacts, followers and what is known of people, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.people import MOST_PERSON_KEYS
from chalicelib.domain.contacts import Contact, Follower
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page


@dataclass(slots=True)
class FakeContacts:
    """The `ContactLog`."""

    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    follows: dict[tuple[str, str], Follower] = field(default_factory=dict)
    is_down: bool = False

    def record(self, contact: Contact) -> Contact:
        self._refuse_if_down()
        key = (contact.protocol or contact.contact_id, contact.contact_id)
        return self.contacts.setdefault(key, contact)

    def follow(self, follower: Follower) -> bool:
        self._refuse_if_down()
        key = (follower.protocol, follower.follower_id)
        return self.follows.setdefault(key, follower) is follower

    def followers(
        self, protocol: Protocol, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[Follower]:
        self._refuse_if_down()
        after = position_of(cursor, 1)[0] if cursor is not None else ""
        found = sorted(id_ for subject, id_ in self.follows if subject == protocol and id_ > after)
        page = found[:limit]
        return Page(
            items=tuple(self.follows[protocol, id_] for id_ in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )

    def follower(self, protocol: Protocol, follower_id: str) -> Follower | None:
        self._refuse_if_down()
        return self.follows.get((protocol, follower_id))

    def count_followers(self, protocol: Protocol) -> int:
        self._refuse_if_down()
        return sum(subject == protocol for subject, _ in self.follows)

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakePeople:
    """The `PeopleProjection`."""

    person_keys_by_contact_key: dict[str, set[str]] = field(default_factory=dict)
    channels_by_contact_key: dict[str, set[str]] = field(default_factory=dict)

    def saw(self, contact_key: str, *, person_key: str, channel: str, at: datetime) -> None:
        known = self.person_keys_by_contact_key.setdefault(contact_key, set())
        if person_key in known or len(known) < MOST_PERSON_KEYS:
            known.add(person_key)
            self.channels_by_contact_key.setdefault(contact_key, set()).add(channel)

    def person_keys_seen_with(self, contact_key: str) -> frozenset[str]:
        return frozenset(self.person_keys_by_contact_key.get(contact_key, ()))
