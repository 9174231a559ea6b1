"""Name what the use cases need from the outside world; adapters and fakes provide it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, TypeVar
from typing import Protocol as Port

from chalicelib.domain.access import Principal
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.contacts import Contact, Follower
from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import Fault
from chalicelib.domain.opening import Identity
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest

T = TypeVar("T")


class Clock(Port):
    """Tells the time; only this port and the stores' TTLs know it."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class Randomness(Port):
    """Gives unpredictable bytes."""

    def seed(self) -> bytes:
        """Return 16 fresh random bytes."""
        ...


class CatalogueSource(Port):
    """Gives the published catalogue in force."""

    def current(self) -> Catalogue:
        """Return the catalogue, at most 30 s behind the newest publication."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A slice of a list; `next` continues it, None at its end."""

    items: tuple[T, ...]
    next: str | None = None


class ProtocolTaken(Exception):
    """The protocol already names another request."""


class RequestStore(Port):
    """Keeps requests; every write is one conditional put, every load is consistent."""

    def add(self, request: ServiceRequest) -> None:
        """Put a new request.

        Raises:
            ProtocolTaken: an item with this protocol exists and is not this very write.
            Unavailable: the table did not answer; repeating is safe.
        """
        ...

    def load(self, protocol: Protocol) -> ServiceRequest:
        """Return the request, or raise `NotFound`."""
        ...

    def save(self, request: ServiceRequest, *, seen_version: int) -> None:
        """Put the next version, or raise `StaleVersion` if `seen_version` is no longer the stored one."""
        ...


class RequestIndex(Port):
    """Finds requests; lists are eventually consistent, and cursors are opaque."""

    def load_many(self, protocols: Sequence[Protocol]) -> list[ServiceRequest]:
        """Return those that exist, in the order asked."""
        ...

    def desk(self, secretariat: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a secretariat's open requests, the earliest due first."""
        ...

    def of_person(self, person_key: str, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List a person's requests, the newest first."""
        ...

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[Protocol]:
        """List the requests opened on a local day, in order."""
        ...

    def in_cells(self, service: str, cells: Iterable[str]) -> list[Protocol]:
        """List the open requests of a service in search cells."""
        ...


class ContactLog(Port):
    """Records contacts and followers beside the requests."""

    def record(self, contact: Contact) -> bool:
        """Keep a contact once; False if the same one is there already."""
        ...

    def follow(self, follower: Follower) -> bool:
        """Add a follower to a request once; False if he follows it already."""
        ...

    def followers(
        self, protocol: Protocol, *, limit: int = 1000, cursor: str | None = None
    ) -> Page[Follower]:
        """List who follows a request."""
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

    def ticket(self, media_id: str, content_type: str, most_bytes: int, now: datetime) -> UploadTicket:
        """Allow one upload of exactly this type, up to this size, for a short time."""
        ...

    def missing(self, media_ids: Iterable[str]) -> list[str]:
        """Name those that were never uploaded."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message in a consumer's hands, under a receipt that expires."""

    message: Mapping[str, Any]
    receipt: str
    receive_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What may be shown of a message that its consumer failed ten times.

    `resend` is the suffix of its deduplication id (`r1`), None for a message sent for the first time.
    """

    message_id: str
    protocol: Protocol
    seq: int
    type: str
    receive_count: int
    sent_at: datetime
    resend: str | None = None


class HoldTooLong(Exception):
    """The message would be hidden for more than twelve hours since it was received."""


class MessagesRefused(Exception):
    """The queue will never take these messages; all the others of the call are sent."""

    def __init__(self, protocols: Iterable[Protocol]) -> None:
        super().__init__("messages refused")
        self.protocols = frozenset(protocols)


class SecretariatQueues(Port):
    """The FIFO queue of each secretariat, and its dead letters."""

    def exists(self, secretariat: str) -> bool:
        """Tell whether the secretariat has a queue."""
        ...

    def send(self, secretariat: str, messages: Sequence[Message]) -> None:
        """Send, never a later message of a protocol when an earlier one was not taken.

        Raises:
            QueueMissing: permanent; there is no such queue.
            MessagesRefused: permanent for these protocols; the others are sent.
            Unavailable: transient; some may be sent, and sending all of them again is harmless.
        """
        ...

    def receive(self, secretariat: str, *, most: int, wait_seconds: int) -> list[Received]:
        """Take up to `most` messages (1 to 10), waiting 0 to 10 s for the first."""
        ...

    def ack(self, secretariat: str, receipt: str) -> None:
        """Remove a message; raises `ReceiptExpired`."""
        ...

    def hold(self, secretariat: str, receipt: str, seconds: int) -> None:
        """Keep a message hidden for `seconds` from now (0 gives it back).

        Raises:
            ReceiptExpired: the receipt no longer holds the message.
            HoldTooLong: it would be hidden for more than twelve hours since it was received.
        """
        ...

    def dead_letters(self, secretariat: str, *, most: int = 100) -> list[DeadLetter]:
        """Show dead letters without taking them away, ordered by protocol and seq."""
        ...

    def remove_dead_letters(self, secretariat: str, message_ids: Iterable[str]) -> frozenset[str]:
        """Delete dead letters; return which were there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One line of a secretariat's change feed: decision `seq` of `protocol` was sent at `at`."""

    secretariat: str
    protocol: Protocol
    seq: int
    at: datetime


FEED_KEPT_FOR = timedelta(days=90)
"""How far back a change feed reaches; what is older is read from the requests themselves."""


class DeliveryLog(Port):
    """The change feed of each secretariat, and what could not be delivered."""

    def note(self, deliveries: Sequence[Delivery]) -> None:
        """Append to the feed; noting the same line twice is harmless."""
        ...

    def since(
        self, secretariat: str, moment: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[Delivery]:
        """Read the feed from `moment` on, in order of sending."""
        ...

    def park(self, protocol: Protocol, seq: int, reason: str, at: datetime) -> None:
        """Remember that `protocol` is undelivered from `seq` on."""
        ...

    def parked(self) -> Mapping[Protocol, Parked]:
        """List what is parked."""
        ...

    def unpark(self, parked: Parked) -> bool:
        """Forget it if nothing was parked since it was read; False otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An undelivered request: decisions `first_seq`..`last_seq` wait for a redrive."""

    protocol: Protocol
    first_seq: int
    last_seq: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A request as the stream shows it, and the version it had before (0 for a new one)."""

    before: int
    request: ServiceRequest


class UnreadableChange(Exception):
    """A stream record that this release cannot decode; `before` is 0 if not even that can be read."""

    def __init__(self, protocol: Protocol, before: int) -> None:
        super().__init__("unreadable change")
        self.protocol = protocol
        self.before = before


class ChangeReader(Port):
    """Decodes the records of the requests table's stream."""

    def read(self, record: Mapping[str, Any]) -> Change | None:
        """Return what changed; None for a removal.

        Raises:
            UnreadableChange: the item's image cannot be decoded.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A dead letter that an operator set aside; it can be derived again whenever it is wanted."""

    secretariat: str
    letter: DeadLetter
    by: str
    at: datetime


class Quarantine(Port):
    """Keeps dead letters that wait for a person instead of a redrive."""

    def put(self, quarantined: Quarantined) -> None:
        """Set one aside; doing it twice is harmless."""
        ...

    def of(self, secretariat: str) -> list[Quarantined]:
        """List those of a secretariat."""
        ...

    def remove(self, secretariat: str, message_id: str) -> None:
        """Forget one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What an operator did to the delivery of messages: who, when, what, on which subject."""

    by: str
    at: datetime
    action: str
    subject: str
    facts: Mapping[str, Any]


class AuditTrail(Port):
    """Keeps what operators did; entries are never changed."""

    def record(self, intervention: Intervention) -> None:
        """Keep an intervention."""
        ...
