"""Describe the tables to PynamoDB; importing this reads no environment and opens no connection."""

from __future__ import annotations

from collections.abc import Callable

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

CONNECT_TIMEOUT_SECONDS = 1
READ_TIMEOUT_SECONDS = 2
MOST_RETRIES = 2


class DeskIndex(GlobalSecondaryIndex["RequestModel"]):  # type: ignore[no-untyped-call]
    """Open requests of a secretariat by due date."""

    class Meta:
        """Name and projection."""

        index_name = "desk"
        projection = KeysOnlyProjection()

    secretariat = UnicodeAttribute(hash_key=True)
    due_at = UnicodeAttribute(range_key=True)


class TimersIndex(GlobalSecondaryIndex["RequestModel"]):  # type: ignore[no-untyped-call]
    """Requests that somebody must look at, by shard and instant."""

    class Meta:
        """Name and projection."""

        index_name = "timers"
        projection = KeysOnlyProjection()

    timer_shard = NumberAttribute(hash_key=True)
    timer_at = UnicodeAttribute(range_key=True)


class PersonIndex(GlobalSecondaryIndex["RequestModel"]):  # type: ignore[no-untyped-call]
    """Requests of a person by opening."""

    class Meta:
        """Name and projection."""

        index_name = "person"
        projection = KeysOnlyProjection()

    person_key = UnicodeAttribute(hash_key=True)
    opened_at = UnicodeAttribute(range_key=True)


class DayIndex(GlobalSecondaryIndex["RequestModel"]):  # type: ignore[no-untyped-call]
    """Requests opened on a local day."""

    class Meta:
        """Name and projection."""

        index_name = "day"
        projection = KeysOnlyProjection()

    opened_day = UnicodeAttribute(hash_key=True)
    opened_at = UnicodeAttribute(range_key=True)


class PlaceIndex(GlobalSecondaryIndex["RequestModel"]):  # type: ignore[no-untyped-call]
    """Open requests of a service in a search cell."""

    class Meta:
        """Name and projection."""

        index_name = "place"
        projection = KeysOnlyProjection()

    place_cell = UnicodeAttribute(hash_key=True)
    opened_at = UnicodeAttribute(range_key=True)


class RequestModel(Model):
    """One request; see `request_items` for what the attributes hold."""

    class Meta:
        """Filled by `bind`."""

        table_name: str

    protocol = UnicodeAttribute(hash_key=True)
    version = NumberAttribute()
    write_id = UnicodeAttribute()
    document = BinaryAttribute(legacy_encoding=False)
    private = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    opened_day = UnicodeAttribute()
    opened_at = UnicodeAttribute()
    person_key = UnicodeAttribute(null=True)
    secretariat = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    place_cell = UnicodeAttribute(null=True)
    timer_shard = NumberAttribute(null=True)
    timer_at = UnicodeAttribute(null=True)
    desk_index = DeskIndex()
    timers_index = TimersIndex()
    person_index = PersonIndex()
    day_index = DayIndex()
    place_index = PlaceIndex()


class ContactModel(Model):
    """A contact, a follower of a request, or a send; `private` is apart so that it can be erased.

    `claim` names the one write that claimed a send.
    """

    class Meta:
        """Filled by `bind`."""

        table_name: str

    subject = UnicodeAttribute(hash_key=True)
    at_id = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    document = UnicodeAttribute()
    private = UnicodeAttribute()
    claim = UnicodeAttribute(null=True)


class PersonModel(Model):
    """What is known of a contact point by its key; `seen_*` is projected from requests, `prefs` chosen."""

    class Meta:
        """Filled by `bind`."""

        table_name: str

    person_key = UnicodeAttribute(hash_key=True)
    seen_first_at = UnicodeAttribute(null=True)
    seen_channels = UnicodeSetAttribute(null=True)
    seen_person_keys = UnicodeSetAttribute(null=True)
    prefs = UnicodeAttribute(null=True)
    surveyed_at = UnicodeAttribute(null=True)
    surveyed_for = UnicodeAttribute(null=True)


class ConfigModel(Model):
    """Catalogue parts and their pointer, API keys, and what could not be delivered."""

    class Meta:
        """Filled by `bind`."""

        table_name: str

    kind = UnicodeAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute(null=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)
    version = UnicodeAttribute(null=True)
    published_at = UnicodeAttribute(null=True)
    parts = NumberAttribute(null=True)
    first_seq = NumberAttribute(null=True)
    last_seq = NumberAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)


class SessionModel(Model):
    """Short-lived counters and states; DynamoDB removes an item some time after `expires_at`."""

    class Meta:
        """Filled by `bind`."""

        table_name: str

    key = UnicodeAttribute(hash_key=True)
    failures = NumberAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()


class DeliveryModel(Model):
    """A line of a secretariat's change feed."""

    class Meta:
        """Filled by `bind`."""

        table_name: str

    secretariat_day = UnicodeAttribute(hash_key=True)
    position = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute()


class OperationModel(Model):
    """What the sweep, the ladder and their overseers keep; some of it only until `expires_at`.

    `document` holds a value whole; what writes compare or set one by one stands in attributes of its own.
    """

    class Meta:
        """Filled by `bind`."""

        table_name: str

    subject = UnicodeAttribute(hash_key=True)
    line = UnicodeAttribute(range_key=True)
    document = UnicodeAttribute(null=True)
    at = UnicodeAttribute(null=True)
    data = BinaryAttribute(legacy_encoding=False, null=True)
    version = NumberAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    closed = NumberAttribute(null=True)
    polled_at = UnicodeAttribute(null=True)
    idle_since = UnicodeAttribute(null=True)
    alarmed_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)


MODELS_BY_SUFFIX: dict[str, type[Model]] = {
    "requests": RequestModel,
    "contacts": ContactModel,
    "people": PersonModel,
    "config": ConfigModel,
    "sessions": SessionModel,
    "deliveries": DeliveryModel,
    "operations": OperationModel,
}


def bind(table_name: Callable[[str], str], *, region: str, endpoint_url: str | None = None) -> None:
    """Say which stage's tables the models mean; binding again lets go of the connections made before.

    `table_name` builds a name from a suffix, as `Settings.resource_name` does.
    """
    for suffix, model in MODELS_BY_SUFFIX.items():
        meta = model.Meta
        meta.table_name = table_name(suffix)
        meta.region = region
        meta.host = endpoint_url
        meta.connect_timeout_seconds = CONNECT_TIMEOUT_SECONDS
        meta.read_timeout_seconds = READ_TIMEOUT_SECONDS
        meta.max_retry_attempts = MOST_RETRIES
        model._connection = None
