"""Name where call-back tasks wait: calls to make, letters to write, what is told at a counter."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol as Port

from chalicelib.domain.callbacks import CallbackTask
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page


class TaskChanged(Exception):
    """Somebody else changed the task since it was read; read and decide again."""


class CallbackQueue(Port):
    """Keeps what people must tell citizens; `callback_task` makes a task to add."""

    def add(self, task: CallbackTask) -> None:
        """Keep a task once, by its id; adding it again changes nothing, also after it ended."""
        ...

    def due(self, now: datetime, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        """List the calls that wait for `now` or an earlier instant, the longest waiting first."""
        ...

    def letters(self, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        """List what must be written or told at a counter, the longest waiting first."""
        ...

    def of(self, protocol: Protocol) -> list[CallbackTask]:
        """List the tasks of a request, with those that ended, in order of their beginning."""
        ...

    def find(self, task_id: str) -> CallbackTask:
        """Return a task, also one that ended, or raise `NotFound`."""
        ...

    def change(self, task: CallbackTask, *, seen: CallbackTask) -> None:
        """Put `task` in the place of `seen`; doing it again with the same values is harmless.

        Raises:
            TaskChanged: what is kept is no longer `seen`.
        """
        ...
