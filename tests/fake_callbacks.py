"""What people must tell citizens, in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.callbacks import CallbackTask, Way
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.callbacks import TaskChanged


@dataclass(slots=True)
class FakeCallbacks:
    """The `CallbackQueue`; `tasks` holds them by id, with those that ended."""

    tasks: dict[str, CallbackTask] = field(default_factory=dict)
    is_down: bool = False

    def add(self, task: CallbackTask) -> None:
        self._refuse_if_down()
        self.tasks.setdefault(task.task_id, task)

    def due(self, now: datetime, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        waiting = (one for one in self.tasks.values() if one.way is Way.CALL and one.not_before <= now)
        return self._page(waiting, limit, cursor)

    def letters(self, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        return self._page((one for one in self.tasks.values() if one.way is not Way.CALL), limit, cursor)

    def of(self, protocol: Protocol) -> list[CallbackTask]:
        self._refuse_if_down()
        found = (one for one in self.tasks.values() if one.protocol == protocol)
        return sorted(found, key=lambda task: (task.created_at, task.task_id))

    def find(self, task_id: str) -> CallbackTask:
        self._refuse_if_down()
        if task_id not in self.tasks:
            raise NotFound("callback", task_id)
        return self.tasks[task_id]

    def change(self, task: CallbackTask, *, seen: CallbackTask) -> None:
        self._refuse_if_down()
        if self.tasks.get(task.task_id) not in (seen, task):
            raise TaskChanged
        self.tasks[task.task_id] = task

    def _page(self, tasks: Iterable[CallbackTask], limit: int, cursor: str | None) -> Page[CallbackTask]:
        self._refuse_if_down()
        lines = {f"{sortable(one.not_before)}#{one.task_id}": one for one in tasks if one.is_open}
        after = "" if cursor is None else position_of(cursor, 1)[0]
        found = sorted(line for line in lines if line > after)
        page = found[:limit]
        return Page(
            items=tuple(lines[line] for line in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable
