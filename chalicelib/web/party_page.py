"""Ask a contractor or utility, who has no account; of the citizen he learns nothing."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring, wiring_citizen
from chalicelib.domain.citizen_view import readable
from chalicelib.domain.errors import DomainError
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry
from chalicelib.domain.waiting import wait_ends_at
from chalicelib.web.facts import moment, secretariat_name, service_name
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.uploads import ADD_PHOTO, photo_values, upload_step
from chalicelib.web.visits import Page, Shown, Visit


def show(visit: Visit) -> Shown:
    """Show what is asked."""
    return _page(visit, *wiring_citizen.linked_answers().party_question(visit.token))


def submit(visit: Visit) -> Shown:
    """Take the answer, or a photo for it."""
    answers, language = wiring_citizen.linked_answers(), visit.language()
    try:
        if visit.text("act") == ADD_PHOTO:
            answers.party_question(visit.token)
            return upload_step(visit, language)
        request = answers.answer_as_party(visit.token, visit.text("answer"), visit.photos)
    except DomainError as error:
        faults = worded(error, language)
        return _page(visit, *answers.party_question(visit.token), faults=faults)
    facts = [("protocol", display_protocol(request.protocol))]
    return Shown(template="done.html", language=language, values={"done": "done.party", "facts": facts})


def _page(visit: Visit, request: ServiceRequest, asked: Entry, *, faults: FormFaults = NO_FAULTS) -> Shown:
    language, catalogue = visit.language(), wiring.catalogue().current()
    until = wait_ends_at(request, catalogue)
    values: dict[str, Any] = {
        **photo_values(visit),
        "protocol": display_protocol(request.protocol),
        "service": service_name(request, catalogue, language),
        "secretariat": secretariat_name(request, catalogue),
        "party": readable(request.text(asked.seq, "party")),
        "asked": readable(request.text(asked.seq, "note")),
        "place": None if request.state.confidential else readable(request.latest_text("address")),
        "until": moment(until, language) if until else "",
        "faults": faults.by_field,
        "refusal": faults.refusal,
        "typed": {"answer": visit.text("answer")},
    }
    return Shown(template="party.html", language=language, values=values, status=faults.status)


PAGE = Page(show=show, submit=submit)
