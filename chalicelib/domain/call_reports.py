"""Read what an attendant reports of a call: what came of it, and what the citizen said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain import orders
from chalicelib.domain.callbacks import CallbackTask, CallOutcome
from chalicelib.domain.citizen_orders import identity_faults
from chalicelib.domain.errors import CallbackEnded, Fault
from chalicelib.domain.intake import time_fault
from chalicelib.domain.order_faults import order_faults
from chalicelib.domain.people import Channel, Role
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.surveys import SURVEY_LASTS, Answers, answer_faults
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import is_result_told

QUESTION, RESULT, SURVEY = "answer", "verdict", "survey"
ASKED_BY_KIND: Mapping[str, str] = {
    "question": QUESTION,
    "resolved": RESULT,
    "rejected": RESULT,
    "survey": SURVEY,
    "survey_reminder": SURVEY,
}
"""What the citizen may say to each kind of message; to the others he only listens."""
_RESULTS: Mapping[str, EntryType] = {"resolved": EntryType.RESOLVED, "rejected": EntryType.REJECTED}
LATEST_CALL = timedelta(days=30)


class CitizensVerdict(StrEnum):
    """What the citizen says of the result."""

    CONFIRM = "confirm"
    CONTEST = "contest"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReport:
    """What came of a call, and what the citizen said; `called_at` where it is written down later.

    An `answer` goes to the question, a `verdict` (a contest has a `reason`) to the result, `survey` and its
    `comment` to the questionnaire; whoever takes them down says in `identity_check` how he knew who spoke.
    """

    outcome: CallOutcome
    called_at: datetime | None = None
    call_again_at: datetime | None = None
    identity_check: str = ""
    answer: str = ""
    verdict: CitizensVerdict | None = None
    reason: str = ""
    survey: Answers | None = None
    comment: str = ""


def report_faults(report: CallReport, task: CallbackTask, now: datetime) -> Iterator[Fault]:
    """Name everything that is wrong with a report of a call of this task."""
    yield from _called_at_faults(report, task, now)
    yield from _call_again_faults(report, now)
    misplaced = tuple(_misplaced(report, task))
    yield from misplaced
    paths = {fault.path for fault in misplaced}
    for order in _said(report):
        if (QUESTION if isinstance(order, orders.Answer) else RESULT) not in paths:
            yield from order_faults(order)
            yield from identity_faults(order, Role.ATTENDANT)
    if report.survey is not None and SURVEY not in paths:
        yield from _survey_faults(report.survey, report)


def orders_after(report: CallReport, task: CallbackTask, request: ServiceRequest) -> Iterator[orders.Order]:
    """Give what a call that reached the citizen orders: that he was told, then what he said.

    Raises:
        CallbackEnded: he answers a question in whose place there is another one.
    """
    if report.outcome is not CallOutcome.REACHED:
        return
    if report.answer and not is_newest(EntryType.ASKED, task, request):
        raise CallbackEnded
    yield from delivery_by(Channel.PHONE, task, request, note=report.identity_check)
    is_archived = request.state.status is Status.ARCHIVED
    for order in _said(report):
        is_late_answer = is_archived and isinstance(order, orders.Answer)
        yield _revival(report) if is_late_answer else order


def delivery_by(
    means: Channel, task: CallbackTask, request: ServiceRequest, *, note: str = ""
) -> Iterator[orders.Order]:
    """Give the order that says that the open question, or the result, has reached the citizen.

    None if it had before, or is another one by now.
    """
    asked, state = ASKED_BY_KIND.get(task.kind), request.state
    if asked == QUESTION and _is_awaited(task, request) and state.paused_since is None:
        yield orders.ConfirmDelivery(means=means, note=note)
    if asked == RESULT and _is_contestable(task, request) and not is_result_told(state):
        yield orders.ConfirmTold(means=means, note=note)


def still_matters(task: CallbackTask, request: ServiceRequest, now: datetime) -> bool:
    """Tell whether the citizen still must be told: of nothing that is over, or that another one replaced."""
    asked, state = ASKED_BY_KIND.get(task.kind), request.state
    if asked == SURVEY:
        return now <= task.created_at + SURVEY_LASTS and _is_surveyed(task, state)
    if asked == QUESTION:
        return _is_awaited(task, request)
    if asked == RESULT:
        return _stands(state) and is_newest(_RESULTS[task.kind], task, request)
    if task.kind == "scheduled":
        return state.status is Status.SCHEDULED and is_newest(EntryType.SCHEDULED, task, request)
    return task.kind != "late" or state.is_open


def is_newest(entry_type: EntryType, task: CallbackTask, request: ServiceRequest) -> bool:
    """Tell whether nothing of that type was decided after the decision that the task is about."""
    return not any(
        entry.type is entry_type and entry.seq > (task.seq or request.version) for entry in request.timeline
    )


def _is_awaited(task: CallbackTask, request: ServiceRequest) -> bool:
    return request.state.status is Status.WAITING_CITIZEN and is_newest(EntryType.ASKED, task, request)


def _is_contestable(task: CallbackTask, request: ServiceRequest) -> bool:
    is_open_to_contest = request.state.status in (Status.RESOLVED, Status.REJECTED)
    return is_open_to_contest and is_newest(_RESULTS[task.kind], task, request)


def _stands(state: State) -> bool:
    return (state.resolution or state.rejection) is not None


def _is_surveyed(task: CallbackTask, state: State) -> bool:
    """Tell whether the result that the survey is about still stands, as it was."""
    return state.status in (Status.RESOLVED, Status.CLOSED) and state.generation == task.generation


def _said(report: CallReport) -> Iterator[orders.Order]:
    if report.answer:
        yield orders.Answer(answer=report.answer, identity_check=report.identity_check)
    if report.verdict is CitizensVerdict.CONFIRM:
        yield orders.Confirm(note=report.reason, identity_check=report.identity_check)
    if report.verdict is CitizensVerdict.CONTEST:
        yield orders.Contest(reason=report.reason, identity_check=report.identity_check)


def _revival(report: CallReport) -> orders.Order:
    return orders.Revive(answer=report.answer, identity_check=report.identity_check)


def _survey_faults(answers: Answers, report: CallReport) -> Iterator[Fault]:
    for fault in answer_faults(answers, report.comment):
        yield fault if fault.path == "comment" else replace(fault, path=f"survey.{fault.path}")
    if not report.identity_check.strip():
        yield Fault(path="identity_check", reason="required")


def _called_at_faults(report: CallReport, task: CallbackTask, now: datetime) -> Iterator[Fault]:
    if fault := time_fault("called_at", report.called_at, now):
        yield fault
        return
    earliest = task.attempts[-1].at if task.attempts else task.created_at
    if report.called_at is not None and report.called_at < earliest:
        yield Fault(path="called_at", reason="out_of_range", facts={"earliest": earliest.isoformat()})


def _call_again_faults(report: CallReport, now: datetime) -> Iterator[Fault]:
    moment, path = report.call_again_at, "call_again_at"
    if report.outcome is not CallOutcome.CALL_LATER:
        if moment is not None:
            yield Fault(path=path, reason="not_of_this_call")
    elif moment is None:
        yield Fault(path=path, reason="required")
    elif moment.tzinfo is None:
        yield Fault(path=path, reason="time_zone_missing")
    elif moment <= now:
        yield Fault(path=path, reason="not_in_the_future")
    elif moment > now + LATEST_CALL:
        yield Fault(path=path, reason="out_of_range", facts={"latest": (now + LATEST_CALL).isoformat()})


def _misplaced(report: CallReport, task: CallbackTask) -> Iterator[Fault]:
    """Refuse what the citizen cannot have said: to nobody, or to another kind of message."""
    asked = ASKED_BY_KIND.get(task.kind) if report.outcome is CallOutcome.REACHED else None
    said = {QUESTION: report.answer, RESULT: report.verdict, SURVEY: report.survey}
    for name, value in said.items():
        if value and name != asked:
            yield Fault(path=name, reason="not_of_this_call")
    if report.reason and report.verdict is None:
        yield Fault(path="reason", reason="not_of_this_call")
    if report.comment and report.survey is None:
        yield Fault(path="comment", reason="not_of_this_call")
