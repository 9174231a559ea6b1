"""Collect what people tell a citizen of a decision: its texts, why, when, and until when he may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.call_reports import is_newest
from chalicelib.domain.callbacks import CallbackTask, Way
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.letters import local_moment
from chalicelib.domain.message_templates import language_of
from chalicelib.domain.message_words import DAY_FORMATS, reason_words
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import is_result_told, wait_ends_at

TOLD: Mapping[str, tuple[EntryType, tuple[str, ...]]] = {
    "question": (EntryType.ASKED, ("question",)),
    "scheduled": (EntryType.SCHEDULED, ("note",)),
    "resolved": (EntryType.RESOLVED, ("answer",)),
    "rejected": (EntryType.REJECTED, ("answer", "legal_basis")),
    "cancelled": (EntryType.CANCELLED, ("reason",)),
}
"""Which texts of which decision the citizen is told, by kind of message."""
HOLDS_IN: Mapping[str, Status] = {
    "question": Status.WAITING_CITIZEN,
    "scheduled": Status.SCHEDULED,
    "resolved": Status.RESOLVED,
    "rejected": Status.REJECTED,
}
"""In which status the dates of a kind are still true."""
UNTIL: Mapping[str, str] = {"question": "answer_by", "resolved": "contest_by", "rejected": "contest_by"}
"""What the citizen may still do, by kind; he is told until when."""


def told_words(
    task: CallbackTask, request: ServiceRequest, catalogue: Catalogue, now: datetime
) -> dict[str, str]:
    """Collect by name all that the citizen is told, in his language and on the city's clock.

    Beside the texts: `when` a visit comes, the `reason` of a rejection, and `answer_by` or `contest_by`, as
    long as the decision stands.
    """
    texts, state = told_texts(task, request), request.state
    if not _holds(task, request):
        return texts
    language = language_of(state.language)
    words = dict[str, str]()
    if task.kind == "scheduled" and state.scheduled_for is not None:
        words["when"] = local_moment(state.scheduled_for, catalogue, DAY_FORMATS[language])
    if task.kind == "rejected" and state.rejection is not None:
        words["reason"] = reason_words(state.rejection.reason, language)
    words |= texts
    ends_at = wait_ends_at(replace(request, state=_as_told(task, state, now)), catalogue)
    if task.kind in UNTIL and ends_at is not None:
        words[UNTIL[task.kind]] = local_moment(ends_at, catalogue, DAY_FORMATS[language])
    return words


def told_texts(task: CallbackTask, request: ServiceRequest) -> dict[str, str]:
    """Collect the texts of the decision that the task is about, by name; what was erased is left out."""
    entry_type, names = TOLD.get(task.kind, (None, ()))
    latest = task.seq or request.version
    seqs = [entry.seq for entry in request.timeline if entry.type is entry_type and entry.seq <= latest]
    if not seqs:
        return {}
    texts = {name: request.text(seqs[-1], name) for name in names}
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def _holds(task: CallbackTask, request: ServiceRequest) -> bool:
    """Tell whether the decision stands, so that what the request says of it is about this one."""
    is_in_force = request.state.status is HOLDS_IN.get(task.kind)
    return is_in_force and is_newest(TOLD[task.kind][0], task, request)


def _as_told(task: CallbackTask, state: State, now: datetime) -> State:
    """Give the state as it is once he is told now; what is in the post proves nothing, so nothing changes."""
    if task.way is Way.LETTER:
        return state
    if task.kind == "question":
        return replace(state, paused_since=state.paused_since or now)
    return state if is_result_told(state) else replace(state, result_told_at=now)
