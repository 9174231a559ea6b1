"""Let attendants tell citizens who have no digital channel, and take down what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Protocol as Port

from chalicelib.domain.access import Principal, View, view_of
from chalicelib.domain.call_reports import CallReport, delivery_by, orders_after, report_faults, still_matters
from chalicelib.domain.callbacks import (
    Attempt,
    CallbackTask,
    Ending,
    Way,
    after_call,
    has_address,
)
from chalicelib.domain.errors import (
    ActorNotAllowed,
    CallbackEnded,
    Fault,
    NotFound,
    Unavailable,
)
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Answers
from chalicelib.services.callback_lists import Callback
from chalicelib.services.commands import MOST_TRIES, Command
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.callbacks import CallbackQueue, TaskChanged
from chalicelib.services.ports.operations import AuditTrail, Intervention
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.refusals import refuse_faulty
from chalicelib.services.spoken_orders import SpokenOrders

TASK_ID = re.compile(r"[0-9]{13}-[a-z_]+-g?[0-9]+", re.ASCII)


class SurveyAnswers(Port):
    """Takes down the answers to a survey that an attendant read out; a repeated command changes nothing."""

    def __call__(
        self,
        protocol: Protocol,
        generation: int,
        answers: Answers,
        *,
        comment: str,
        identity_check: str,
        by: Principal,
        command: Command,
    ) -> None:
        """Keep the answers, or raise what a link to that survey would meet."""
        ...


class HandOver(StrEnum):
    """How a letter left the centre: by post, or into the citizen's hands at a counter."""

    POSTED = Ending.POSTED.value
    HANDED_OVER = Ending.HANDED_OVER.value


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverReport:
    """How a letter left; `note` says how the attendant knew whom he gave it to."""

    how: HandOver
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """The call-backs of the centre: what each needs, what came of calls, what left by letter."""

    queue: CallbackQueue
    requests: RequestStore
    spoken: SpokenOrders
    surveys: SurveyAnswers
    catalogue: CatalogueSource
    audit: AuditTrail
    clock: Clock

    def open(self, task_id: str, principal: Principal) -> Callback:
        """Show all that a call or a letter needs, the citizen's number too; who read it is kept.

        Raises:
            NotFound: there is no such task.
            CallbackEnded: nobody needs to be told any more.
            ActorNotAllowed: the request is not for the caller to see.
        """
        callback = self._readable(task_id, principal)
        if not callback.task.is_open:
            raise CallbackEnded
        self.audit.record(
            Intervention(
                by=principal.name,
                at=self.clock.now(),
                action="callback_read",
                subject=callback.task.protocol,
                facts={"task": task_id},
            )
        )
        return callback

    def record(
        self,
        task_id: str,
        report: CallReport,
        principal: Principal,
        command: Command,
        found: Sequence[Fault] = (),
    ) -> Callback:
        """Take down what came of a call, and carry out what the citizen said; a repeat changes nothing.

        What he said is carried out first, and recognised when the call is repeated, so that a crash in
        between loses nothing.

        Raises:
            InvalidInput: naming every fault.
            CallbackEnded, CallNotDue: the task is over; or nobody was to be called at that time.
            TransitionNotAllowed, ContestTooLate, AnswerTooLate, LinkUsed: as what he said meets it.
        """
        for _ in range(MOST_TRIES):
            callback = self._readable(task_id, principal)
            task, now = callback.task, self.clock.now()
            if any(command.repeats(attempt.command) for attempt in task.attempts):
                return callback
            if not task.is_open:
                raise CallbackEnded
            refuse_faulty(found, report_faults(report, task, now))
            called = self._after(report, callback, principal, command, now)
            request = self._carry_out(report, task, principal, command)
            with suppress(TaskChanged):
                self.queue.change(called, seen=task)
                return Callback(task=called, request=request)
        raise Unavailable

    def hand_over(
        self,
        task_id: str,
        report: HandOverReport,
        principal: Principal,
        command: Command,
        found: Sequence[Fault] = (),
    ) -> Callback:
        """Note that a letter was posted or handed over; a question given into his hands is delivered.

        What is in the post proves nothing yet: the clock of a question stands still once somebody confirms
        its delivery. A repeat changes nothing.
        """
        refuse_faulty(found)
        for _ in range(MOST_TRIES):
            callback = self._readable(task_id, principal)
            task, request = callback.task, callback.request
            if task.ending is Ending(report.how):
                return callback
            if not task.is_open or task.way is Way.CALL:
                raise CallbackEnded
            if report.how is HandOver.HANDED_OVER:
                delivered = partial(delivery_by, Channel.COUNTER, task, note=report.note)
                request = self.spoken.carry_out(task.protocol, delivered, principal, Channel.COUNTER, command)
            ended = task.ended(Ending(report.how), self.clock.now(), principal.name)
            with suppress(TaskChanged):
                self.queue.change(ended, seen=task)
                return Callback(task=ended, request=request)
        raise Unavailable

    def _readable(self, task_id: str, principal: Principal) -> Callback:
        if not TASK_ID.fullmatch(task_id):
            raise NotFound("callback", task_id)
        task = self.queue.find(task_id)
        request = self.requests.load(task.protocol)
        if view_of(principal, request) is not View.CENTRE:
            raise ActorNotAllowed
        return Callback(task=task, request=request)

    def _after(
        self, report: CallReport, callback: Callback, principal: Principal, command: Command, now: datetime
    ) -> CallbackTask:
        attempt = Attempt(
            at=report.called_at or now,
            outcome=report.outcome,
            by=principal.name,
            call_again_at=report.call_again_at,
            command=command.digests(),
        )
        calendar = calendar_of(self.catalogue.current())
        called = after_call(callback.task, attempt, calendar, has_address=has_address(callback.request))
        is_moot = called.is_open and not still_matters(called, callback.request, now)
        return called.ended(Ending.WITHDRAWN, now, principal.name) if is_moot else called

    def _carry_out(
        self, report: CallReport, task: CallbackTask, principal: Principal, command: Command
    ) -> ServiceRequest:
        if report.survey is not None and task.generation is not None:
            self.surveys(
                task.protocol,
                task.generation,
                report.survey,
                comment=report.comment,
                identity_check=report.identity_check,
                by=principal,
                command=command,
            )
        said = partial(orders_after, report, task)
        return self.spoken.carry_out(task.protocol, said, principal, Channel.PHONE, command)
