"""Check the photos that a request or an order quotes."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.errors import Fault
from chalicelib.services.ports.people import IdentityKeys, MediaStore


def upload_faults(identity: IdentityKeys, media: MediaStore, photos: Sequence[str]) -> Iterator[Fault]:
    """Name the photos that were not issued here, else those that were never uploaded."""
    if unknown := list(photo_faults(identity, photos, "photos")):
        yield from unknown
        return
    missing = set(media.missing(photos))
    for position, photo in enumerate(photos):
        if photo in missing:
            yield Fault(path=f"photos.{position}", reason="not_uploaded")


def photo_faults(identity: IdentityKeys, media_ids: Iterable[str], path: str) -> Iterator[Fault]:
    """Name the media ids that were not issued here."""
    for index, media_id in enumerate(media_ids):
        name, _, signature = media_id.rpartition(".")
        expected = identity.media_signature(name)
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            yield Fault(path=f"{path}.{index}", reason="unknown_media")
