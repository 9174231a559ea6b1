"""Let a citizen choose how he is told things, and what he would rather not be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib import wiring_citizen, wiring_messages
from chalicelib.domain.errors import DomainError
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MAY_BE_OPTED_OUT, MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.visits import Page, Shown, Visit

KINDS = tuple(kind for kind in MessageKind if kind in MAY_BE_OPTED_OUT)


def show(visit: Visit) -> Shown:
    """Show what is in force."""
    return _page(visit, wiring_messages.preferences().by_link(visit.token))


def submit(visit: Visit) -> Shown:
    """Put the choice in force; sent twice it is the same choice."""
    service, wanted = wiring_messages.preferences(), _wanted(visit)
    try:
        chosen = service.change_by_link(visit.token, wanted)
    except DomainError as error:
        return _page(visit, wanted, faults=worded(error, _language(visit)))
    return _page(visit, chosen, done=True)


def _wanted(visit: Visit) -> Preferences:
    """Read the form: a kind that is not ticked is not wanted, an unknown word chooses nothing."""
    ticked, medium = set(visit.form.get("kinds", ())), visit.text("medium")
    chosen = Preferences(
        opted_out=frozenset(kind for kind in KINDS if kind not in ticked),
        medium=Medium(medium) if medium in set(Medium) else None,
    )
    written_in = visit.text("written_in")
    return replace(chosen, language=written_in if written_in in wiring_citizen.pages().languages() else None)


def _page(visit: Visit, chosen: Preferences, *, faults: FormFaults = NO_FAULTS, done: bool = False) -> Shown:
    values: dict[str, Any] = {
        "kinds": [(kind.value, kind not in chosen.opted_out) for kind in KINDS],
        "media": [(medium.value, medium is chosen.medium) for medium in Medium],
        "chosen_language": chosen.language,
        "has_medium": chosen.medium is not None,
        "faults": faults.by_field,
        "refusal": faults.refusal,
        "done": done,
    }
    language = _language(visit)
    return Shown(template="preferences.html", language=language, values=values, status=faults.status)


def _language(visit: Visit) -> str:
    return visit.language(wiring_citizen.citizen_acts().language_of(visit.token))


PAGE = Page(show=show, submit=submit)
