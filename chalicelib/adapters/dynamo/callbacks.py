"""Keep call-back tasks beside the contacts of their requests, and lists of those that wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.deferred import BEHIND
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ContactModel, OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.callbacks import CallbackTask, Way
from chalicelib.domain.errors import NotFound
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.callbacks import TaskChanged

CALLBACK = "callback"
CALLBACKS, LETTERS = "callbacks", "letters"

_tasks = msgspec.json.Decoder(CallbackTask)


class DynamoCallbacks:
    """The `CallbackQueue` port: the task stands in contacts, and a line points to it while it waits.

    The task is written first and its old line taken away last, so an open task always has a line; one that
    a call left behind when it ended midway is moved by whoever meets it.
    """

    def add(self, task: CallbackTask) -> None:
        """Keep a task once, by its id; adding it again changes nothing, also after it ended."""
        item = _item(task)
        if not happened(lambda: item.save(condition=ContactModel.at_id.does_not_exist())):
            task = self.find(task.task_id)
        _file(task)

    def due(self, now: datetime, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        """List the calls that wait for `now` or an earlier instant, the longest waiting first."""
        until = OperationModel.line < f"{sortable(now)}{BEHIND}"
        return _page(CALLBACKS, until, limit, cursor)

    def letters(self, *, limit: int, cursor: str | None = None) -> Page[CallbackTask]:
        """List what must be written or told at a counter, the longest waiting first."""
        return _page(LETTERS, None, limit, cursor)

    def of(self, protocol: Protocol) -> list[CallbackTask]:
        """List the tasks of a request, with those that ended, in order of their beginning."""
        with translated_failures():
            found = ContactModel.query(
                protocol, ContactModel.at_id.startswith(f"{CALLBACK}#"), consistent_read=True
            )
            tasks = [_tasks.decode(model.document) for model in found]
        return sorted(tasks, key=lambda task: (task.created_at, task.task_id))

    def find(self, task_id: str) -> CallbackTask:
        """Return a task, also one that ended, or raise `NotFound`."""
        with translated_failures():
            try:
                model = ContactModel.get(*_key(task_id), consistent_read=True)
            except DoesNotExist as error:
                raise NotFound("callback", task_id) from error
        return _tasks.decode(model.document)

    def change(self, task: CallbackTask, *, seen: CallbackTask) -> None:
        """Put `task` in the place of `seen`; doing it again with the same values is harmless.

        When an answer is lost on the way, the SDK repeats the write and its condition fails on its own
        traces: what is stored then is exactly what was to be written.
        """
        item = _item(task)
        was_seen = ContactModel.document == _document(seen)
        if not happened(lambda: item.save(condition=was_seen)) and self.find(task.task_id) != task:
            raise TaskChanged
        _file(task)
        if (old := _line(seen)) != _line(task):
            _remove(*old)


def _item(task: CallbackTask) -> ContactModel:
    return ContactModel(
        *_key(task.task_id),
        kind=CALLBACK,
        at=sortable(task.created_at),
        document=_document(task),
        private="{}",
    )


def _document(task: CallbackTask) -> str:
    return msgspec.json.encode(task).decode()


def _key(task_id: str) -> tuple[str, str]:
    """A task stands under its protocol, with which its id begins."""
    return task_id.partition("-")[0], f"{CALLBACK}#{task_id}"


def _line(task: CallbackTask) -> tuple[str, str]:
    partition = CALLBACKS if task.way is Way.CALL else LETTERS
    return partition, f"{sortable(task.not_before)}#{task.task_id}"


def _file(task: CallbackTask) -> None:
    """Let an open task be listed where it belongs, and one that ended no longer."""
    with translated_failures():
        model = OperationModel(*_line(task))
        if task.is_open:
            model.save()
        else:
            model.delete()


def _remove(partition: str, line: str) -> None:
    with translated_failures():
        OperationModel(partition, line).delete()


def _page(partition: str, condition: Any, limit: int, cursor: str | None) -> Page[CallbackTask]:
    start = None
    if cursor is not None:
        (position,) = position_of(cursor, 1)
        start = {"subject": {"S": partition}, "line": {"S": position}}
    with translated_failures():
        found = OperationModel.query(
            partition, condition, limit=limit, page_size=limit, last_evaluated_key=start, consistent_read=True
        )
        lines = [model.line for model in found]
    last = found.last_evaluated_key
    return Page(items=tuple(_standing(partition, lines)), next=cursor_of(last["line"]["S"]) if last else None)


def _standing(partition: str, lines: list[str]) -> Iterable[CallbackTask]:
    """Read the tasks that lines point to; a line that its task has left is taken away."""
    ids = [line.partition("#")[2] for line in lines]
    with translated_failures():
        models = ContactModel.batch_get([_key(task_id) for task_id in ids], consistent_read=True)
        tasks = {task.task_id: task for task in (_tasks.decode(model.document) for model in models)}
    for line, task_id in zip(lines, ids, strict=True):
        task = tasks.get(task_id)
        if task is not None and task.is_open and _line(task) == (partition, line):
            yield task
            continue
        if task is not None and task.is_open:
            _file(task)
        _remove(partition, line)
