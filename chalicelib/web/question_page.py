"""Ask the citizen what the secretariat wants to know; having opened the page proves the delivery."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring, wiring_citizen
from chalicelib.domain.citizen_view import readable
from chalicelib.domain.errors import DomainError
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import wait_ends_at
from chalicelib.web.facts import facts_of, moment
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.uploads import ADD_PHOTO, photo_values, upload_step
from chalicelib.web.visits import Page, Shown, Visit


def show(visit: Visit) -> Shown:
    """Show the question, and record that it has reached the citizen."""
    request, asked = wiring_citizen.linked_answers().question(visit.token)
    return _page(visit, request, asked)


def submit(visit: Visit) -> Shown:
    """Take the answer, or a photo for it; the proof of delivery is left to the page that shows it."""
    answers = wiring_citizen.linked_answers()
    language = visit.language(wiring_citizen.citizen_acts().language_of(visit.token))
    try:
        if visit.text("act") == ADD_PHOTO:
            answers.asked(visit.token)
            return upload_step(visit, language)
        request = answers.answer_question(visit.token, visit.text("answer"), visit.photos)
    except DomainError as error:
        faults = worded(error, language)
        return _page(visit, *answers.asked(visit.token), faults=faults)
    values = {"done": "done.answer", "facts": facts_of(request, language)["facts"]}
    return Shown(template="done.html", language=language, values=values)


def _page(visit: Visit, request: ServiceRequest, asked: Entry, *, faults: FormFaults = NO_FAULTS) -> Shown:
    language = visit.language(request.state.language)
    until = wait_ends_at(request, wiring.catalogue().current())
    values: dict[str, Any] = {
        **facts_of(request, language),
        **photo_values(visit),
        "question": readable(request.text(asked.seq, "question")),
        "is_late": request.state.status is Status.ARCHIVED,
        "until": moment(until, language) if until else "",
        "faults": faults.by_field,
        "refusal": faults.refusal,
        "typed": {"answer": visit.text("answer")},
    }
    return Shown(template="question.html", language=language, values=values, status=faults.status)


PAGE = Page(show=show, submit=submit)
