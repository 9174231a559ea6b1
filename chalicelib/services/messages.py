"""Derive the messages of a request with the catalogue in force and the city's public address."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.envelopes import Message, message_to, messages_between
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.ports.basics import CatalogueSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Messages:
    """Derives messages; `base_url` is the public address without a trailing slash."""

    catalogue: CatalogueSource
    base_url: str

    def after(self, seq: int, request: ServiceRequest) -> list[Message]:
        """Derive what every decision above `seq` tells to whom, in order."""
        return messages_between(seq, request, self.catalogue.current(), self.base_url)

    def to(self, secretariat: str, request: ServiceRequest, seq: int) -> Message | None:
        """Derive again what decision `seq` told to `secretariat`; None if nothing."""
        return message_to(secretariat, seq, request, self.catalogue.current(), self.base_url)
