"""Look up API keys on the hot path: without an SDK, and from memory for at most a minute."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.adapters.dynamo.api_key_items import KIND, api_key_of, document_of
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.people import ApiKey, ApiKeyStore

KNOWN_FOR = timedelta(seconds=60)
UNKNOWN_FOR = timedelta(seconds=10)
MOST_CACHED = 1_000
KEY_ID = re.compile(r"[0-9a-z]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanApiKeys:
    """The `ApiKeyStore` port over the signed client."""

    config: LeanConfig

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key, or None; what cannot be a key id is not even looked up."""
        if not KEY_ID.fullmatch(key_id):
            return None
        item = self.config.get(KIND, key_id)
        return None if item is None else api_key_of(item)

    def put(self, key: ApiKey) -> None:
        """Keep a new or changed key."""
        self.config.put(KIND, key.key_id, {"document": document_of(key)})

    def all(self) -> list[ApiKey]:
        """List every key."""
        return [api_key_of(item) for item in self.config.query(KIND)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedApiKeys:
    """An `ApiKeyStore` that asks another at most once a minute per key, and forgets the least used.

    Unknown ids are remembered for a shorter time, so that a wrong key that is tried again and
    again costs no reads, and a new one works at once.
    """

    keys: ApiKeyStore
    clock: Clock
    _cached: OrderedDict[str, tuple[datetime, ApiKey | None]] = field(
        default_factory=OrderedDict, init=False, repr=False
    )

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key as it was at most a minute ago, or None."""
        now = self.clock.now()
        until, key = self._cached.get(key_id, (now, None))
        if until <= now:
            key = self.keys.find(key_id)
            self._keep(key_id, key, now)
        else:
            self._cached.move_to_end(key_id)
        return key

    def put(self, key: ApiKey) -> None:
        """Keep a new or changed key; here it counts at once, elsewhere within a minute."""
        self.keys.put(key)
        self._cached.pop(key.key_id, None)

    def all(self) -> list[ApiKey]:
        """List every key."""
        return self.keys.all()

    def _keep(self, key_id: str, key: ApiKey | None, now: datetime) -> None:
        self._cached[key_id] = (now + (UNKNOWN_FOR if key is None else KNOWN_FOR), key)
        self._cached.move_to_end(key_id)
        if len(self._cached) > MOST_CACHED:
            self._cached.popitem(last=False)
