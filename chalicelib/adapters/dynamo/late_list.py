"""Keep the list of the requests that are late beyond excuse, the longest due first."""

from __future__ import annotations

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.oversight import LateLine

LATE, LISTED = "late", "late-by-protocol"

_lines = msgspec.json.Decoder(LateLine)


class DynamoLateList:
    """The `LateList` port: partition `late` in order of due dates, and where each protocol stands in it.

    The second is written first and deleted last, so a call that ends midway is made good by its repetition.
    """

    def put(self, line: LateLine) -> None:
        """List a request; a second time changes nothing."""
        document = msgspec.json.encode(line).decode()
        listed = OperationModel(LISTED, line.protocol, document=document)
        if not happened(lambda: listed.save(condition=OperationModel.line.does_not_exist())):
            with translated_failures():
                listed = OperationModel.get(LISTED, line.protocol, consistent_read=True)
        with translated_failures():
            OperationModel(LATE, _position(listed), document=listed.document).save()

    def remove(self, protocol: Protocol) -> None:
        """Take a request off; harmless if it was not on."""
        with translated_failures():
            try:
                listed = OperationModel.get(LISTED, protocol, consistent_read=True)
            except DoesNotExist:
                return
            OperationModel(LATE, _position(listed)).delete()
            listed.delete()

    def page(self, *, limit: int, cursor: str | None = None) -> Page[LateLine]:
        """List the requests, the longest due first."""
        start = None
        if cursor is not None:
            (position,) = position_of(cursor, 1)
            start = {"subject": {"S": LATE}, "line": {"S": position}}
        with translated_failures():
            found = OperationModel.query(LATE, limit=limit, page_size=limit, last_evaluated_key=start)
            items = tuple(_lines.decode(model.document or "") for model in found)
        last = found.last_evaluated_key
        return Page(items=items, next=cursor_of(last["line"]["S"]) if last else None)


def _position(listed: OperationModel) -> str:
    line = _lines.decode(listed.document or "")
    return f"{sortable(line.due_at)}#{line.protocol}"
