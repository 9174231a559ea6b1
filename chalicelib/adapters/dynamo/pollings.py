"""Keep how each secretariat's queue is served."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.services.ports.oversight import Polling

POLLINGS = "pollings"


class DynamoPollings:
    """The `Pollings` port: a line per secretariat, whose attributes are set one by one."""

    def polled(self, secretariat: str, at: datetime) -> None:
        """Note that a secretariat asked for its messages; an earlier instant changes nothing."""
        polled_at, instant = OperationModel.polled_at, sortable(at)
        newer = polled_at.does_not_exist() | (polled_at < instant)
        happened(
            lambda: OperationModel(POLLINGS, secretariat).update([polled_at.set(instant)], condition=newer)
        )

    def all(self) -> dict[str, Polling]:
        """Read all of them, by secretariat."""
        with translated_failures():
            lines = OperationModel.query(POLLINGS, consistent_read=True)
            return {line.line: _polling(line) for line in lines}

    def watch(self, polling: Polling) -> None:
        """Keep `idle_since` and `alarmed_at`; `polled_at` is left alone."""
        actions = [
            _assigned("idle_since", polling.idle_since),
            _assigned("alarmed_at", polling.alarmed_at),
        ]
        with translated_failures():
            OperationModel(POLLINGS, polling.secretariat).update(actions)


def _assigned(name: str, moment: datetime | None) -> Action:
    attribute = getattr(OperationModel, name)
    action: Action = attribute.remove() if moment is None else attribute.set(sortable(moment))
    return action


def _polling(line: OperationModel) -> Polling:
    return Polling(
        secretariat=line.line,
        polled_at=_moment(line.polled_at),
        idle_since=_moment(line.idle_since),
        alarmed_at=_moment(line.alarmed_at),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
