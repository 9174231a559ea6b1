"""Show a citizen his request, and let him confirm, contest, answer, comment or cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib import wiring, wiring_citizen
from chalicelib.domain import orders
from chalicelib.domain.access import View
from chalicelib.domain.asked import may_be_revived
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.citizen_view import readable
from chalicelib.domain.contests import contestable_until
from chalicelib.domain.errors import DomainError, Fault, InvalidInput
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import TRANSITIONS, Command
from chalicelib.web.facts import facts_of, moment, timeline_of
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.uploads import ADD_PHOTO, photo_values, upload_step
from chalicelib.web.visits import Page, Shown, Visit

ACTS: Mapping[str, Callable[[Visit], orders.Order]] = {
    Command.CONFIRM: lambda visit: orders.Confirm(),
    Command.CONTEST: lambda visit: orders.Contest(reason=visit.text("reason"), photos=visit.photos),
    Command.ANSWER: lambda visit: orders.Answer(answer=visit.text("answer"), photos=visit.photos),
    Command.REVIVE: lambda visit: orders.Revive(answer=visit.text("answer"), photos=visit.photos),
    Command.COMMENT: lambda visit: orders.Comment(comment=visit.text("comment"), public=True),
    Command.CANCEL: lambda visit: orders.Cancel(reason=visit.text("cancel_reason")),
}
"""What each form of the page asks for."""
FIELDS: Mapping[tuple[str, str], str] = {(Command.CANCEL, "reason"): "cancel_reason"}
"""Where a field of a form is named otherwise than the order's."""
TEXTS = ("reason", "answer", "comment", "cancel_reason")
PICTURES = (".jpg.", ".png.", ".webp.")


def show(visit: Visit) -> Shown:
    """Show the request as it stands."""
    _, request = wiring_citizen.citizen_acts().opened(visit.token, LinkPurpose.REQUEST)
    return _page(visit, request)


def submit(visit: Visit) -> Shown:
    """Carry out what the form asks for, and show the request as it stands then."""
    acts = wiring_citizen.citizen_acts()
    _, request = acts.opened(visit.token, LinkPurpose.REQUEST)
    act = visit.text("act")
    try:
        if act == ADD_PHOTO:
            return upload_step(visit, visit.language(request.state.language))
        if act not in ACTS:
            raise InvalidInput(Fault(path="act", reason="not_in_list"))
        changed = acts.by_link(visit.token, ACTS[act](visit), seen_version=visit.number("seen"))
    except DomainError as error:
        faults = worded(error, visit.language(request.state.language))
        return _page(visit, acts.opened(visit.token, LinkPurpose.REQUEST)[1], faults=faults, act=act)
    return _page(visit, changed, done=act)


def _page(
    visit: Visit,
    request: ServiceRequest,
    *,
    faults: FormFaults = NO_FAULTS,
    act: str = "",
    done: str | None = None,
) -> Shown:
    language = visit.language(request.state.language)
    until = contestable_until(request, wiring.catalogue().current())
    pictures = _pictures(request)
    values: dict[str, Any] = {
        **facts_of(request, language),
        **photo_values(visit),
        "timeline": timeline_of(request, language),
        "acts": _possible(request, until, wiring.clock().now()),
        "until": moment(until, language) if until else "",
        "question": _newest(request, EntryType.ASKED, "question"),
        "resolution_text": _newest(request, EntryType.RESOLVED, "answer"),
        "pictures": pictures,
        "version": request.version,
        "faults": {FIELDS.get((act, name), name): text for name, text in faults.by_field.items()},
        "refusal": faults.refusal,
        "open_act": act,
        "done": done,
        "typed": {name: "" if done else visit.text(name) for name in TEXTS},
    }
    return Shown(
        template="request.html",
        language=language,
        values=values,
        status=faults.status,
        images_from=pictures[0] if pictures else None,
    )


def _possible(request: ServiceRequest, until: datetime | None, now: datetime) -> frozenset[str]:
    """Tell which forms the page offers: what the table lets citizens do, while there is time for it."""
    status, found = request.state.status, set[str]()
    for command in ACTS:
        rule = TRANSITIONS[Command(command)]
        if Role.CITIZEN in rule.roles and status in rule.moves:
            found.add(command)
    if until is None or now > until:
        found.discard(Command.CONTEST)
    if not may_be_revived(request, now):
        found.discard(Command.REVIVE)
    if not request.state.is_open:
        found.discard(Command.COMMENT)
    return frozenset(found)


def _newest(request: ServiceRequest, entry_type: EntryType, name: str) -> str | None:
    found = [entry.seq for entry in request.timeline if entry.type is entry_type]
    return readable(request.text(found[-1], name)) if found else None


def _pictures(request: ServiceRequest) -> Sequence[str]:
    """Give the addresses of the pictures by which the secretariat shows what it did."""
    resolution = request.state.resolution
    photos = [one for one in resolution.photos if any(kind in one for kind in PICTURES)] if resolution else []
    downloads = wiring.downloads() if photos else None
    return [downloads.address(request, View.CITIZEN, photo) for photo in photos] if downloads else []


PAGE = Page(show=show, submit=submit)
