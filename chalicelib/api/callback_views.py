"""Shape what attendants see of call-backs: what to say, to whom, and how earlier calls went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.api.presenters import STATUS_NAMES, named, secretariat_named, service_named
from chalicelib.api.views import NamedView, View
from chalicelib.domain.callbacks import Attempt
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.told_texts import told_words
from chalicelib.services.callback_lists import Callback


class AttemptView(View):
    """One call, what came of it, and for when the citizen asked another."""

    at: datetime
    outcome: str
    by: str
    call_again_at: datetime | None = None


class CallbackView(View):
    """Something to be told: `say` holds, by name and in the citizen's `language`, all that he is told.

    These are the texts of the decision, `when` a visit comes, the `reason` of a rejection, and until when he
    may answer (`answer_by`) or contest (`contest_by`). `way` says how he is told: by a call not before
    `not_before`, by letter, or at a counter. `ending` is there once it is over.
    """

    task_id: str
    protocol: str
    protocol_display: str
    kind: str
    way: str
    not_before: datetime
    created_at: datetime
    status: str
    status_name: str
    service: NamedView
    secretariat: NamedView
    language: str
    due_at: datetime
    confidential: bool = False
    seq: int | None = None
    generation: int | None = None
    say: Mapping[str, str] = {}
    attempts: tuple[AttemptView, ...] = ()
    ending: str | None = None
    ended_at: datetime | None = None


class CallbackPage(View):
    """Call-backs, the longest waiting first; `next` continues, also where a page has few or none."""

    items: tuple[CallbackView, ...]
    next: str | None = None


class ReachedView(View):
    """Whom to call or write to, as far as that is known; every reading of it is kept."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


class OpenCallbackView(View):
    """A call-back with whoever is to be told."""

    callback: CallbackView
    reporter: ReachedView


def present_callback(callback: Callback, catalogue: Catalogue, language: str, now: datetime) -> CallbackView:
    """Present a call-back, without the citizen's data; its dates are those of somebody who is told now."""
    task, request, state = callback.task, callback.request, callback.request.state
    return CallbackView(
        task_id=task.task_id,
        protocol=task.protocol,
        protocol_display=display_protocol(task.protocol),
        kind=task.kind,
        way=task.way.value,
        not_before=task.not_before,
        created_at=task.created_at,
        status=state.status.value,
        status_name=named(STATUS_NAMES[state.status], language),
        service=service_named(catalogue, state.service, language),
        secretariat=secretariat_named(catalogue, state.secretariat),
        language=state.language,
        due_at=state.rework_due_at or state.due_at,
        confidential=state.confidential,
        seq=task.seq,
        generation=task.generation,
        say=told_words(task, request, catalogue, now),
        attempts=tuple(_attempt(one) for one in task.attempts),
        ending=task.ending.value if task.ending else None,
        ended_at=task.ended_at,
    )


def present_open_callback(
    callback: Callback, catalogue: Catalogue, language: str, now: datetime
) -> OpenCallbackView:
    """Present a call-back with the citizen's name, number and address."""
    texts = {name: callback.request.latest_text(f"reporter.{name}") for name in ("name", "phone", "address")}
    known = {name: text for name, text in texts.items() if isinstance(text, str)}
    return OpenCallbackView(
        callback=present_callback(callback, catalogue, language, now), reporter=ReachedView(**known)
    )


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView(
        at=attempt.at, outcome=attempt.outcome.value, by=attempt.by, call_again_at=attempt.call_again_at
    )
