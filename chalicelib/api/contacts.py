"""Serve contacts that open no request, and photos: where to upload them, where to fetch them."""

from __future__ import annotations

from dataclasses import dataclass

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.http import PUBLIC, Api, Call, only
from chalicelib.api.responses import json_response
from chalicelib.api.views import ContactView, UploadView
from chalicelib.domain.access import Grant
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.protocols import parse_protocol
from chalicelib.services.contacts import ContactDraft

api = Api()


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDraft:
    """What somebody wants to upload; the ticket allows exactly this."""

    content_type: str
    size_bytes: int


@api.route(
    "/v1/contacts",
    methods=["POST"],
    access=only(Grant.CHANNEL),
    body=ContactDraft,
    answers=ContactView,
    commands=True,
)
def record_contact(call: Call) -> Response:
    """Record a contact that opens no request: information given, or a status told."""
    reading = call.body(ContactDraft)
    contact = wiring.contacts().record(reading.value, call.caller, call.command(), reading.faults)
    shown = ContactView(
        contact_id=contact.contact_id,
        at=contact.at,
        channel=contact.channel.value,
        secretariat=contact.secretariat,
    )
    return json_response(shown, status=201)


@api.route(
    "/v1/uploads",
    methods=["POST"],
    access=only(Grant.CHANNEL, Grant.FOCAL),
    body=UploadDraft,
    answers=UploadView,
)
def allow_upload(call: Call) -> Response:
    """Allow one upload, bound to its type and size, straight to the private bucket."""
    reading = call.body(UploadDraft)
    if reading.faults:
        raise InvalidInput(*reading.faults)
    upload = wiring.uploads().allow(reading.value.content_type, reading.value.size_bytes)
    shown = UploadView(
        media_id=upload.media_id,
        url=upload.ticket.url,
        fields=upload.ticket.fields,
        expires_at=upload.ticket.expires_at,
        most_bytes=upload.most_bytes,
    )
    return json_response(shown, status=201)


@api.route("/v1/requests/{protocol}/photos/{media_id}", access=PUBLIC)
def fetch_photo(call: Call, protocol: str, media_id: str) -> Response:
    """Send whoever has a key or the `X-Access-Code` to a short-lived address of a quoted photo."""
    code = call.header("x-access-code")
    request, view = wiring.reading().show(parse_protocol(protocol), call.principal, code)
    address = wiring.downloads().address(request, view, media_id)
    return json_response({"url": address}, status=303, headers={"Location": address})
