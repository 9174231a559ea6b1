"""Record sends beside the contacts of a request: claimed before, marked after."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ContactModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.letters import Medium
from chalicelib.services.ports.notices import Send

SEND, PROVIDER, POINTER = "send", "provider", "send"
CLAIM_BYTES = 9

_sends = msgspec.json.Decoder(Send)
_places = msgspec.json.Decoder(tuple[str, str])


def new_claim() -> str:
    """Name one claim unmistakably."""
    return secrets.token_urlsafe(CLAIM_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSendLog:
    """The `SendLog` port.

    When an answer is lost on the way, the SDK repeats the claim and its condition fails on its own
    traces: the random name of the claim tells. The instant of a send tells whose claim it is, whoever
    marks or releases it later.
    """

    claim_id: Callable[[], str] = new_claim

    def claim(self, send: Send) -> bool:
        """Reserve a send; False if somebody did before."""
        item = _item(send, self.claim_id())
        if happened(lambda: item.save(condition=ContactModel.at_id.does_not_exist())):
            return True
        with translated_failures():
            try:
                return ContactModel.get(item.subject, item.at_id, consistent_read=True).claim == item.claim
            except DoesNotExist:
                return False  # released meanwhile: the caller's next try may have it

    def release(self, send: Send) -> None:
        """Give a claim back when it is certain that nothing was sent; another's is left alone."""
        ours = ContactModel.claim.exists() & (ContactModel.at == sortable(send.at))
        happened(lambda: ContactModel(send.subject, _at_id(send)).delete(condition=ours))

    def mark(self, send: Send) -> None:
        """Record what became of it; another's claim is left alone.

        Providers report on e-mails, by an id of their own: where that leads stands in an item beside.
        """
        if send.medium is Medium.EMAIL and send.provider_id is not None and send.receipt is None:
            with translated_failures():
                _pointer(send, send.provider_id).save()
        ours = ContactModel.at_id.does_not_exist() | (ContactModel.at == sortable(send.at))
        happened(lambda: _item(send, None).save(condition=ours))

    def of(self, subject: str) -> list[Send]:
        """List the sends about a subject, in order of their names."""
        with translated_failures():
            found = ContactModel.query(
                subject, ContactModel.at_id.startswith(f"{SEND}#"), consistent_read=True
            )
            return [_sends.decode(model.document) for model in found]

    def by_provider_id(self, provider_id: str) -> Send | None:
        """Find the e-mail that a provider gave this id; None if it is none of ours."""
        with translated_failures():
            try:
                pointer = ContactModel.get(f"{PROVIDER}#{provider_id}", POINTER, consistent_read=True)
                subject, at_id = _places.decode(pointer.document)
                return _sends.decode(ContactModel.get(subject, at_id, consistent_read=True).document)
            except DoesNotExist:
                return None


def _pointer(send: Send, provider_id: str) -> ContactModel:
    place = msgspec.json.encode((send.subject, _at_id(send))).decode()
    return ContactModel(
        f"{PROVIDER}#{provider_id}",
        POINTER,
        kind=PROVIDER,
        at=sortable(send.at),
        document=place,
        private="{}",
    )


def _item(send: Send, claim: str | None) -> ContactModel:
    return ContactModel(
        send.subject,
        _at_id(send),
        kind=SEND,
        at=sortable(send.at),
        document=msgspec.json.encode(send).decode(),
        private="{}",
        claim=claim,
    )


def _at_id(send: Send) -> str:
    return f"{SEND}#{send.name}"
