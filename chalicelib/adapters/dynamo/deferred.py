"""Keep the notices that wait for their time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.feed_positions import line_position
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.services.ports.notices import DecisionNotice, Postponed, SurveyNotice

DEFERRED = "deferred"
BEHIND = "$"
"""Sorts next after `#`: an instant with it lies behind every line of that instant."""


class DynamoDeferred:
    """The `Deferred` port; the sort key tells notices apart, the earliest first."""

    def put(self, notice: Postponed, not_before: datetime) -> None:
        """Keep a notice until then; doing it twice changes nothing."""
        with translated_failures():
            _model(notice, not_before).save()

    def due(self, now: datetime, *, limit: int) -> list[tuple[datetime, Postponed]]:
        """List what may be told by now, the oldest first."""
        until = OperationModel.line < f"{sortable(now)}{BEHIND}"
        with translated_failures():
            found = OperationModel.query(DEFERRED, until, limit=limit, page_size=limit, consistent_read=True)
            return [_read(model) for model in found]

    def remove(self, notice: Postponed, not_before: datetime) -> None:
        """Forget one; harmless if it is gone."""
        with translated_failures():
            _model(notice, not_before).delete()


def _model(notice: Postponed, not_before: datetime) -> OperationModel:
    kept = replace(notice, waited_until=not_before)
    return OperationModel(DEFERRED, _line(notice, not_before), document=msgspec.json.encode(kept).decode())


def _line(notice: Postponed, not_before: datetime) -> str:
    """Tell notices apart; the decisions of a request stay in order."""
    if isinstance(notice, SurveyNotice):
        identity = replace(notice, waited_until=None).identity
        return f"{sortable(not_before)}#{identity}"
    whom = "#".join((notice.audience, notice.follower or ""))
    return f"{line_position(not_before, notice.protocol, notice.seq)}#{whom}"


def _read(model: OperationModel) -> tuple[datetime, Postponed]:
    facts = msgspec.json.decode(model.document or "{}", type=dict[str, Any])
    kind: type[Postponed] = SurveyNotice if "generation" in facts else DecisionNotice
    return datetime.fromisoformat(model.line.partition("#")[0]), msgspec.convert(facts, kind)
