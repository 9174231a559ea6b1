"""Keep contacts and followers, each as an item of its own beside the requests."""

from __future__ import annotations

import dataclasses

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ContactModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.adapters.dynamo.request_store import ConditionFailed
from chalicelib.domain.contacts import Contact, Follower
from chalicelib.domain.private import Private
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page

CONTACT, FOLLOWER = "contact", "follower"
_contacts = msgspec.json.Decoder(Contact)
_followers = msgspec.json.Decoder(Follower)
_privates = msgspec.json.Decoder(dict[str, Private])


class DynamoContactLog:
    """The `ContactLog` port.

    The sort key is made of what stays the same when a call is repeated (kind and id, not the
    instant), so that the same contact or follower is never there twice.
    """

    def record(self, contact: Contact) -> Contact:
        """Keep a contact once; return it, or the one that was there already."""
        subject = contact.protocol or contact.contact_id
        return _contact(_put_once(_item(CONTACT, subject, contact.contact_id, contact)))

    def follow(self, follower: Follower) -> bool:
        """Add a follower to a request once; False if he follows it already.

        When an answer is lost on the way, the SDK repeats the write and its condition fails on the
        write's own traces: what is stored then is exactly what was to be written.
        """
        item = _item(FOLLOWER, follower.protocol, follower.follower_id, follower)
        stored = _put_once(item)
        return (stored.document, stored.private) == (item.document, item.private)

    def followers(
        self, protocol: Protocol, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[Follower]:
        """List who follows a request."""
        start: dict[str, dict[str, str]] | None = None
        if cursor is not None:
            (at_id,) = position_of(cursor, 1)
            start = {"subject": {"S": protocol}, "at_id": {"S": at_id}}
        with translated_failures():
            found = ContactModel.query(
                protocol,
                ContactModel.at_id.startswith(f"{FOLLOWER}#"),
                limit=limit,
                page_size=limit,
                last_evaluated_key=start,
            )
            items = tuple(_follower(model) for model in found)
        last = found.last_evaluated_key
        return Page(items=items, next=cursor_of(last["at_id"]["S"]) if last else None)

    def follower(self, protocol: Protocol, follower_id: str) -> Follower | None:
        """Return one follower of a request, None if he does not follow it."""
        with translated_failures():
            try:
                model = ContactModel.get(protocol, f"{FOLLOWER}#{follower_id}", consistent_read=True)
            except DoesNotExist:
                return None
        return _follower(model)

    def count_followers(self, protocol: Protocol) -> int:
        """Count who follows a request."""
        with translated_failures():
            return ContactModel.count(protocol, ContactModel.at_id.startswith(f"{FOLLOWER}#"))


def _item(kind: str, subject: str, identity: str, value: Contact | Follower) -> ContactModel:
    bare = dataclasses.replace(value, private={})
    return ContactModel(
        subject,
        f"{kind}#{identity}",
        kind=kind,
        at=sortable(value.at),
        document=msgspec.json.encode(bare).decode(),
        private=msgspec.json.encode(value.private).decode(),
    )


def _put_once(item: ContactModel) -> ContactModel:
    """Put what is not there yet; return what is there then."""
    try:
        with translated_failures():
            item.save(condition=ContactModel.subject.does_not_exist())
    except ConditionFailed:
        with translated_failures():
            return ContactModel.get(item.subject, item.at_id, consistent_read=True)
    return item


def _contact(model: ContactModel) -> Contact:
    return dataclasses.replace(_contacts.decode(model.document), private=_privates.decode(model.private))


def _follower(model: ContactModel) -> Follower:
    return dataclasses.replace(_followers.decode(model.document), private=_privates.decode(model.private))
