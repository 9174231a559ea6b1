"""List whom attendants must call now, and what goes by letter or waits at a counter."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.access import Principal, View, view_of
from chalicelib.domain.call_reports import still_matters
from chalicelib.domain.callbacks import CallbackTask, Ending, may_be_called, part_of
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import SurveyStatus
from chalicelib.services.ports.basics import CatalogueSource, Clock, Page
from chalicelib.services.ports.callbacks import CallbackQueue, TaskChanged
from chalicelib.services.ports.requests import RequestIndex, RequestStore
from chalicelib.services.ports.surveys import SurveyStore

MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """Something to be told, and the request that it is about."""

    task: CallbackTask
    request: ServiceRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackLists:
    """The call-backs that wait; of a request only for those who may see all of it."""

    queue: CallbackQueue
    requests: RequestStore
    index: RequestIndex
    surveys: SurveyStore
    catalogue: CatalogueSource
    clock: Clock

    def due(
        self,
        principal: Principal,
        *,
        limit: int = MOST_PER_PAGE,
        cursor: str | None = None,
        found: Sequence[Fault] = (),
    ) -> Page[Callback]:
        """List the calls to make now, the longest waiting first; none where it is no time for calls.

        What no longer matters is withdrawn on the way, so a page may hold fewer than `limit` and continue.
        """
        _refuse(limit, found)
        now, calendar = self.clock.now(), calendar_of(self.catalogue.current())
        if part_of(now, calendar) is None:
            return Page(items=())
        page = self.queue.due(now, limit=limit, cursor=cursor)
        callable_now = [task for task in page.items if may_be_called(task, now, calendar)]
        return Page(items=self._with_requests(callable_now, principal, now), next=page.next)

    def letters(
        self,
        principal: Principal,
        *,
        limit: int = MOST_PER_PAGE,
        cursor: str | None = None,
        found: Sequence[Fault] = (),
    ) -> Page[Callback]:
        """List what goes by letter or waits at a counter, the longest waiting first."""
        _refuse(limit, found)
        page = self.queue.letters(limit=limit, cursor=cursor)
        return Page(items=self._with_requests(page.items, principal, self.clock.now()), next=page.next)

    def of(self, protocol: Protocol) -> list[CallbackTask]:
        """List what people were to tell the citizen of a request, and every call, in order."""
        return self.queue.of(protocol)

    def withdraw(self, task: CallbackTask) -> None:
        """End a task that no longer matters; harmless if somebody was faster."""
        with suppress(TaskChanged):
            self.queue.change(task.ended(Ending.WITHDRAWN, self.clock.now(), SYSTEM.name), seen=task)

    def _with_requests(
        self, tasks: Sequence[CallbackTask], principal: Principal, now: datetime
    ) -> tuple[Callback, ...]:
        protocols = list(dict.fromkeys(task.protocol for task in tasks))
        requests = {request.protocol: request for request in self.index.load_many(protocols)}
        shown = []
        for task in tasks:
            request = requests.get(task.protocol)
            if request is None or view_of(principal, request) is not View.CENTRE:
                continue
            if self._is_answered(task):
                self.withdraw(task)
            elif still_matters(task, request, now):
                shown.append(Callback(task=task, request=request))
            elif not still_matters(task, self.requests.load(task.protocol), now):
                self.withdraw(task)  # lists may be a moment behind, the request itself is not
        return tuple(shown)

    def _is_answered(self, task: CallbackTask) -> bool:
        """Tell whether a survey, which is the only task about a generation, was answered by another way."""
        if task.generation is None:
            return False
        survey = self.surveys.find(task.protocol, task.generation)
        return survey is not None and survey.status is SurveyStatus.ANSWERED


def _refuse(limit: int, found: Sequence[Fault]) -> None:
    faults = list(found)
    if not 1 <= limit <= MOST_PER_PAGE:
        facts = {"least": 1, "most": MOST_PER_PAGE}
        faults.append(Fault(path="limit", reason="out_of_range", facts=facts))
    if faults:
        raise InvalidInput(*faults)
