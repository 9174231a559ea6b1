"""Show a follower how the request goes, and let him contest its result by a request of his own."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring, wiring_citizen
from chalicelib.domain.contests import contestable_until
from chalicelib.domain.errors import DomainError
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.intake import Opened
from chalicelib.web.facts import facts_of, moment
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.uploads import ADD_PHOTO, photo_values, upload_step
from chalicelib.web.visits import Page, Shown, Visit


def show(visit: Visit) -> Shown:
    """Show the request that he follows."""
    return _page(visit, wiring_citizen.follower_contests().followed(visit.token))


def submit(visit: Visit) -> Shown:
    """Open his own request."""
    contests = wiring_citizen.follower_contests()
    followed = contests.followed(visit.token)
    language = visit.language(followed.state.language)
    try:
        if visit.text("act") == ADD_PHOTO:
            return upload_step(visit, language)
        opened = contests.contest(visit.token, visit.text("reason"), visit.photos)
    except DomainError as error:
        return _page(visit, contests.followed(visit.token), faults=worded(error, language))
    return _done(opened, language)


def _page(visit: Visit, followed: ServiceRequest, *, faults: FormFaults = NO_FAULTS) -> Shown:
    language = visit.language(followed.state.language)
    until = contestable_until(followed, wiring.catalogue().current())
    values: dict[str, Any] = {
        **facts_of(followed, language),
        **photo_values(visit),
        "may_contest": until is not None and wiring.clock().now() <= until,
        "until": moment(until, language) if until else "",
        "faults": faults.by_field,
        "refusal": faults.refusal,
        "typed": {"reason": visit.text("reason")},
    }
    return Shown(template="follower.html", language=language, values=values, status=faults.status)


def _done(opened: Opened, language: str) -> Shown:
    facts = [
        ("protocol", display_protocol(opened.request.protocol)),
        ("done.follower.code", opened.access_code),
        ("due", moment(opened.request.state.due_at, language)),
    ]
    values = {"done": "done.follower", "facts": facts, "more": "done.follower.keep"}
    return Shown(template="done.html", language=language, values=values)


PAGE = Page(show=show, submit=submit)
