"""Name what is known of people: contacts, keys, credentials, uploads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from typing import Protocol as Port

from chalicelib.domain.access import Principal
from chalicelib.domain.errors import Fault
from chalicelib.domain.opening import Identity
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page

if TYPE_CHECKING:
    from chalicelib.domain.contacts import Contact, Follower


class ContactLog(Port):
    """Records contacts and followers beside the requests."""

    def record(self, contact: Contact) -> Contact:
        """Keep a contact once; return it, or the one that was there already."""
        ...

    def follow(self, follower: Follower) -> bool:
        """Add a follower to a request once; False if he follows it already."""
        ...

    def followers(
        self, protocol: Protocol, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[Follower]:
        """List who follows a request."""
        ...

    def follower(self, protocol: Protocol, follower_id: str) -> Follower | None:
        """Return one follower of a request, None if he does not follow it."""
        ...

    def count_followers(self, protocol: Protocol) -> int:
        """Count who follows a request."""
        ...


class PeopleProjection(Port):
    """Remembers which contact points were seen together, on which channels."""

    def saw(self, contact_key: str, *, person_key: str, channel: str, at: datetime) -> None:
        """Note that a contact point was used; noting it twice changes nothing."""
        ...

    def person_keys_seen_with(self, contact_key: str) -> frozenset[str]:
        """Return the person keys under which requests with this contact point were opened."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoints:
    """Normalised contact points by kind (`cpf`, `phone`, `email`) and the faults found on the way."""

    points: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


class IdentityKeys(Port):
    """Turns personal data and secrets into keys and codes; nothing of it can be turned back."""

    def normalise(self, *, cpf: str, phone: str, email: str, path: str) -> ContactPoints:
        """Bring contact points into the one form in which they are compared (E.164, digits, lower case)."""
        ...

    def identify(self, points: Mapping[str, str]) -> Identity:
        """Derive the HMAC keys of normalised contact points, the strongest as the person's."""
        ...

    def number(self, owner: str, idempotency_key: str, attempt: int) -> int:
        """Derive the seven digits of a protocol from who asks and under which key."""
        ...

    def access_code(self, protocol: Protocol) -> str:
        """Derive the six-digit code that lets a citizen act on his protocol."""
        ...

    def media_signature(self, media_id: str) -> str:
        """Sign a media id, so that only uploads of ours can be named as photos."""
        ...


class AttemptLimiter(Port):
    """Counts wrong access codes per protocol."""

    def refuse_if_exhausted(self, subject: str) -> None:
        """Raise `TooManyAttempts` when the hour's allowance is used up."""
        ...

    def count_failure(self, subject: str) -> None:
        """Add one to the hour's count."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A credential at rest: only the SHA-256 of its secret is kept."""

    key_id: str
    secret_sha256: str
    principal: Principal
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class ApiKeyStore(Port):
    """Keeps API keys."""

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key, or None."""
        ...

    def put(self, key: ApiKey) -> None:
        """Keep a new or changed key."""
        ...

    def all(self) -> list[ApiKey]:
        """List every key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTicket:
    """A presigned form POST: where to send the file and with which fields, until when."""

    url: str
    fields: Mapping[str, str]
    expires_at: datetime


class MediaStore(Port):
    """Keeps photos and other evidence in a private bucket."""

    def ticket(
        self,
        media_id: str,
        content_type: str,
        most_bytes: int,
        now: datetime,
        *,
        returning_to: str | None = None,
    ) -> UploadTicket:
        """Allow one upload of exactly this type, up to this size, for a short time.

        `returning_to` is the page that a browser is sent to once the file is there.
        """
        ...

    def download(self, media_id: str) -> str:
        """Return an address at which the file can be fetched for a few minutes."""
        ...

    def keep(self, media_id: str) -> None:
        """Keep an upload that a request quotes; the others are deleted after some days."""
        ...

    def missing(self, media_ids: Iterable[str]) -> list[str]:
        """Name those that were never uploaded."""
        ...
