"""Let channels and secretariats upload photos and evidence straight to the bucket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.access import View
from chalicelib.domain.errors import ActorNotAllowed, Fault, InvalidInput, NotFound
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.basics import Clock, Randomness
from chalicelib.services.ports.people import IdentityKeys, MediaStore, UploadTicket

MOST_BYTES = 10 * 1024 * 1024
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A media id to quote as photo or evidence, and the ticket to upload it with."""

    media_id: str
    ticket: UploadTicket
    most_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """Issue upload tickets bound to a type and a size."""

    media: MediaStore
    identity: IdentityKeys
    clock: Clock
    randomness: Randomness

    def allow(
        self, content_type: str, size_bytes: int, *, returning_to: Callable[[str], str] | None = None
    ) -> Upload:
        """Allow one file; the media id is signed, so nobody can quote what was not allowed here.

        `returning_to` gives the page, by media id, that the bucket sends a browser back to.
        """
        faults = []
        if content_type not in EXTENSIONS:
            faults.append(Fault(path="content_type", reason="not_in_list", facts={"choices": [*EXTENSIONS]}))
        if not 0 < size_bytes <= MOST_BYTES:
            facts = {"least": 1, "most": MOST_BYTES}
            faults.append(Fault(path="size_bytes", reason="out_of_range", facts=facts))
        if faults:
            raise InvalidInput(*faults)
        name = f"{self.randomness.seed().hex()}.{EXTENSIONS[content_type]}"
        media_id = f"{name}.{self.identity.media_signature(name)}"
        page = returning_to(media_id) if returning_to else None
        ticket = self.media.ticket(media_id, content_type, size_bytes, self.clock.now(), returning_to=page)
        return Upload(media_id=media_id, ticket=ticket, most_bytes=size_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloads:
    """Let whoever sees more of a request than its public status fetch its photos and evidence."""

    media: MediaStore

    def address(self, request: ServiceRequest, view: View, media_id: str) -> str:
        """Return a short-lived address of a photo that the request quotes.

        Raises:
            ActorNotAllowed: the caller sees only the public status.
            NotFound: the request does not quote this photo.
        """
        if view is View.PUBLIC:
            raise ActorNotAllowed
        if media_id not in request.photos_quoted():
            raise NotFound("photo", media_id)
        return self.media.download(media_id)
