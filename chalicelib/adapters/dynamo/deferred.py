"""Keep the notices that wait for working hours."""

from __future__ import annotations

from datetime import datetime

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.feed_positions import line_position
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.notices import DecisionNotice

DEFERRED = "deferred"
BEHIND = "$"
"""Sorts next after `#`: an instant with it lies behind every line of that instant."""


class DynamoDeferred:
    """The `Deferred` port; the sort key says all of a notice, the earliest first."""

    def put(self, notice: DecisionNotice, not_before: datetime) -> None:
        """Keep a notice until then; doing it twice changes nothing."""
        with translated_failures():
            _model(notice, not_before).save()

    def due(self, now: datetime, *, limit: int) -> list[tuple[datetime, DecisionNotice]]:
        """List what may be told by now, the oldest first."""
        until = OperationModel.line < f"{sortable(now)}{BEHIND}"
        with translated_failures():
            found = OperationModel.query(DEFERRED, until, limit=limit, page_size=limit, consistent_read=True)
            return [_read(model.line) for model in found]

    def remove(self, notice: DecisionNotice, not_before: datetime) -> None:
        """Forget one; harmless if it is gone."""
        with translated_failures():
            _model(notice, not_before).delete()


def _model(notice: DecisionNotice, not_before: datetime) -> OperationModel:
    return OperationModel(DEFERRED, line_position(not_before, notice.protocol, notice.seq))


def _read(line: str) -> tuple[datetime, DecisionNotice]:
    not_before, protocol, seq = line.split("#")
    notice = DecisionNotice(protocol=Protocol(protocol), seq=int(seq))
    return datetime.fromisoformat(not_before), notice
