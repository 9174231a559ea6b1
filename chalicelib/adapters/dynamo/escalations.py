"""Keep the escalations of all secretariats for ninety days, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.adapters.dynamo.cursors import cursor_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.feed_positions import begin_of, day_of_position, line_position, utc_day
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.services.ports.basics import Clock, Page
from chalicelib.services.ports.oversight import EscalationLine

KEPT_FOR = timedelta(days=90)
A_DAY = timedelta(days=1)

_lines = msgspec.json.Decoder(EscalationLine)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoEscalations:
    """The `EscalationLog` port: a partition per UTC day."""

    clock: Clock

    def note(self, lines: Sequence[EscalationLine]) -> None:
        """Append lines; a line's key is its decision, so noting it twice is harmless."""
        models = {model.line: model for model in map(_model, lines)}
        with translated_failures(), OperationModel.batch_write() as batch:
            for model in models.values():
                batch.save(model)

    def since(self, moment: datetime, *, limit: int, cursor: str | None = None) -> Page[EscalationLine]:
        """List escalations from `moment` on, day by day, in order."""
        begin = max(begin_of(moment, cursor), sortable(self.clock.now() - KEPT_FOR))
        found: list[OperationModel] = []
        for day in self._days_from(day_of_position(begin)):
            found += _of_day(day, begin, limit + 1 - len(found))
            if len(found) > limit:
                return Page(items=_read(found[:limit]), next=cursor_of(found[limit - 1].line))
        return Page(items=_read(found))

    def _days_from(self, day: date) -> Iterator[date]:
        while day <= utc_day(self.clock.now()):
            yield day
            day += A_DAY


def _model(line: EscalationLine) -> OperationModel:
    return OperationModel(
        _partition(utc_day(line.at)),
        line_position(line.at, line.protocol, line.seq),
        document=msgspec.json.encode(line).decode(),
        expires_at=int((line.at + KEPT_FOR).timestamp()),
    )


def _of_day(day: date, begin: str, limit: int) -> list[OperationModel]:
    with translated_failures():
        behind = OperationModel.line > begin
        return list(OperationModel.query(_partition(day), behind, limit=limit, page_size=limit))


def _read(models: Sequence[OperationModel]) -> tuple[EscalationLine, ...]:
    return tuple(_lines.decode(model.document or "") for model in models)


def _partition(day: date) -> str:
    return f"escalations#{day.isoformat()}"
