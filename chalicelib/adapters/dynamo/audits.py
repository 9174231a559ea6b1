"""Keep the list of resolutions that await a verdict, the oldest first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.audits import Audit
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page

AUDITS = "audits"
_audits = msgspec.json.Decoder(Audit)


class DynamoAudits:
    """The `AuditList` port: one partition, in order of the resolutions' instants."""

    def put(self, audit: Audit) -> None:
        """List a resolution; again changes nothing, and a newer reason takes the place of the old one."""
        line = _line(audit.protocol, audit.generation, audit.resolved_at)
        with translated_failures():
            OperationModel(AUDITS, line, document=msgspec.json.encode(audit).decode()).save()

    def remove(self, protocol: Protocol, generation: int, resolved_at: datetime) -> None:
        """Take a resolution off; harmless if it was not on."""
        with translated_failures():
            OperationModel(AUDITS, _line(protocol, generation, resolved_at)).delete()

    def page(self, *, limit: int, cursor: str | None = None) -> Page[Audit]:
        """List them."""
        start = None
        if cursor is not None:
            (line,) = position_of(cursor, 1)
            start = {"subject": {"S": AUDITS}, "line": {"S": line}}
        with translated_failures():
            found = OperationModel.query(AUDITS, limit=limit, page_size=limit, last_evaluated_key=start)
            items = tuple(_audits.decode(model.document or "") for model in found)
        last = found.last_evaluated_key
        return Page(items=items, next=cursor_of(last["line"]["S"]) if last else None)


def _line(protocol: Protocol, generation: int, resolved_at: datetime) -> str:
    return f"{sortable(resolved_at)}#{protocol}#{generation:03d}"
