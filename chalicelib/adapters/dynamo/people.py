"""Remember which contact points were seen together, by their keys."""

from __future__ import annotations

from datetime import datetime

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import size
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import PersonModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.adapters.dynamo.request_store import ConditionFailed

MOST_PERSON_KEYS = 50
"""A contact point used for more persons (a payphone, an association's e-mail) tells nobody apart."""


class DynamoPeople:
    """The `PeopleProjection` port; adding to a set twice changes nothing."""

    def saw(self, contact_key: str, *, person_key: str, channel: str, at: datetime) -> None:
        """Note that a contact point was used; one shared by too many notes no further person."""
        seen = PersonModel.seen_person_keys
        actions: list[Action] = [
            seen.add({person_key}),
            PersonModel.seen_channels.add({channel}),
            PersonModel.seen_first_at.set(PersonModel.seen_first_at | sortable(at)),
        ]
        known = size(seen)  # type: ignore[no-untyped-call]
        has_room = seen.does_not_exist() | (known < MOST_PERSON_KEYS) | seen.contains(person_key)
        try:
            with translated_failures():
                PersonModel(contact_key).update(actions=actions, condition=has_room)
        except ConditionFailed:
            return

    def person_keys_seen_with(self, contact_key: str) -> frozenset[str]:
        """Return the person keys under which requests with this contact point were opened."""
        with translated_failures():
            try:
                return frozenset(PersonModel.get(contact_key).seen_person_keys or ())
            except DoesNotExist:
                return frozenset()
