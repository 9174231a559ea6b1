"""Let a page send files straight to the bucket, without JavaScript: the bucket sends the browser back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib import wiring
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.services.media import MOST_BYTES
from chalicelib.web.visits import MOST_PHOTOS, Shown, Visit

ADD_PHOTO = "add_photo"
KINDS = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


def upload_step(visit: Visit, language: str) -> Shown:
    """Show the form that takes one file; afterwards the page carries it in its address."""
    content_type = KINDS.get(visit.text("kind"))
    if content_type is None:
        raise InvalidInput(Fault(path="photos", reason="not_in_list"))
    if len(visit.photos) >= MOST_PHOTOS:
        raise InvalidInput(Fault(path="photos", reason="too_many"))
    page = f"{wiring.settings().public_base_url}/c/{visit.token}"
    upload = wiring.uploads().allow(
        content_type, MOST_BYTES, returning_to=lambda media_id: page + visit.address(photo=media_id, sent="1")
    )
    values = {
        "ticket": upload.ticket,
        "accept": content_type,
        "back": visit.address(),
    }
    return Shown(template="upload.html", language=language, values=values, sends_to=upload.ticket.url)


def photo_values(visit: Visit) -> Mapping[str, Any]:
    """Give a form what it needs to show and send the photos that were sent before."""
    return {"photos": visit.photos, "most_photos": MOST_PHOTOS, "photo_kinds": list(KINDS)}
