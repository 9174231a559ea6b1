"""Keys, codes, attempts and media, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.adapters.dynamo.attempts import ALLOWANCE, WINDOW
from chalicelib.adapters.identity.contact_points import normal_cpf, normal_email
from chalicelib.adapters.identity.keys import HmacIdentityKeys
from chalicelib.adapters.identity.links import ItsdangerousLinks
from chalicelib.adapters.identity.phones import normal_phone
from chalicelib.domain.errors import TooManyAttempts, Unavailable
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.people import ApiKey, UploadTicket


def an_identity(pepper: bytes = b"a pepper for tests") -> HmacIdentityKeys:
    """Give the real `IdentityKeys`: they are pure."""
    return HmacIdentityKeys(
        pepper=pepper, normalisers={"cpf": normal_cpf, "phone": normal_phone, "email": normal_email}
    )


def some_links() -> ItsdangerousLinks:
    """Give the real `SignedLinks`: they are pure."""
    return ItsdangerousLinks(keys=("a link key for tests", "the one before"))


@dataclass(slots=True)
class FakeApiKeys:
    """The `ApiKeyStore`; `lookups` counts what a cache would save."""

    keys: dict[str, ApiKey] = field(default_factory=dict)
    lookups: int = 0
    is_down: bool = False

    def find(self, key_id: str) -> ApiKey | None:
        if self.is_down:
            raise Unavailable
        self.lookups += 1
        return self.keys.get(key_id)

    def put(self, key: ApiKey) -> None:
        self.keys[key.key_id] = key

    def all(self) -> list[ApiKey]:
        return list(self.keys.values())


@dataclass(slots=True)
class FakeAttempts:
    """The `AttemptLimiter`; an hour begins with its first wrong code."""

    clock: Clock
    counters: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def refuse_if_exhausted(self, subject: str) -> None:
        failures, until = self._counter(subject)
        if failures >= ALLOWANCE:
            raise TooManyAttempts(int((until - self.clock.now()).total_seconds()))

    def count_failure(self, subject: str) -> None:
        failures, until = self._counter(subject)
        self.counters[subject] = (failures + 1, until)

    def _counter(self, subject: str) -> tuple[int, datetime]:
        now = self.clock.now()
        failures, until = self.counters.get(subject, (0, now))
        return (failures, until) if until > now else (0, now + WINDOW)


@dataclass(slots=True)
class FakeMedia:
    """The `MediaStore`; a test puts into `uploaded` what a citizen has sent."""

    uploaded: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    is_down: bool = False

    def ticket(
        self,
        media_id: str,
        content_type: str,
        most_bytes: int,
        now: datetime,
        *,
        returning_to: str | None = None,
    ) -> UploadTicket:
        fields = {"key": media_id, "Content-Type": content_type, "most_bytes": str(most_bytes)}
        if returning_to is not None:
            fields["success_action_redirect"] = returning_to
        return UploadTicket(
            url="https://media.example/", fields=fields, expires_at=now + timedelta(minutes=15)
        )

    def download(self, media_id: str) -> str:
        return f"https://media.example/{media_id}"

    def keep(self, media_id: str) -> None:
        if self.is_down:
            raise Unavailable
        self.kept.add(media_id)

    def missing(self, media_ids: Iterable[str]) -> list[str]:
        if self.is_down:
            raise Unavailable
        return [media_id for media_id in media_ids if media_id not in self.uploaded]
