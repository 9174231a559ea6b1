"""Name where the resolutions wait that the centre must judge."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol as Port

from chalicelib.domain.audits import Audit
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page


class AuditList(Port):
    """The resolutions that await a verdict, the oldest first."""

    def put(self, audit: Audit) -> None:
        """List a resolution; again changes nothing, and a newer reason takes the place of the old one."""
        ...

    def remove(self, protocol: Protocol, generation: int, resolved_at: datetime) -> None:
        """Take a resolution off; harmless if it was not on."""
        ...

    def page(self, *, limit: int, cursor: str | None = None) -> Page[Audit]:
        """List them."""
        ...
