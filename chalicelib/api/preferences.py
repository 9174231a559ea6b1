"""Serve how a citizen wants to be told things, to an attendant who speaks with him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalice.app import Response

from chalicelib import wiring_messages
from chalicelib.api.http import Api, Call, only
from chalicelib.api.responses import json_response
from chalicelib.api.views import View
from chalicelib.domain.access import Grant
from chalicelib.domain.intake import ReporterDraft
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MAY_BE_OPTED_OUT, MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.observability import logger

api = Api()
WHO_SPEAKS_WITH_CITIZENS = only(Grant.ATTENDANT, Grant.OMBUDSMAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencesDraft:
    """Whose preferences, by CPF, phone or e-mail, and what he wants instead of what he wanted before."""

    reporter: ReporterDraft
    opted_out: tuple[MessageKind, ...] = ()
    medium: Medium | None = None
    language: str | None = None


class PreferencesView(View):
    """What a citizen chose, and what he may do without."""

    opted_out: tuple[str, ...] = ()
    may_be_opted_out: tuple[str, ...] = ()
    medium: str | None = None
    language: str | None = None
    changed_at: datetime | None = None


@api.route(
    "/v1/people/preferences",
    methods=["POST"],
    access=WHO_SPEAKS_WITH_CITIZENS,
    body=ReporterDraft,
    answers=PreferencesView,
)
def show_preferences(call: Call) -> Response:
    """Show how somebody wants to be told things, found by CPF, phone or e-mail; sent in the body."""
    reading = call.body(ReporterDraft)
    chosen = wiring_messages.preferences().of(reading.value, reading.faults)
    logger.info("preferences looked up", extra={"by": call.caller.name})
    return json_response(_shown(chosen))


@api.route(
    "/v1/people/preferences",
    methods=["PUT"],
    access=WHO_SPEAKS_WITH_CITIZENS,
    body=PreferencesDraft,
    answers=PreferencesView,
)
def change_preferences(call: Call) -> Response:
    """Put in force how somebody wants to be told things; questions and outcomes always come."""
    reading = call.body(PreferencesDraft)
    draft: PreferencesDraft = reading.value
    wanted = Preferences(opted_out=frozenset(draft.opted_out), medium=draft.medium, language=draft.language)
    reporter = draft.reporter or ReporterDraft()
    chosen = wiring_messages.preferences().change(reporter, wanted, reading.faults)
    logger.info("preferences changed", extra={"by": call.caller.name})
    return json_response(_shown(chosen))


def _shown(chosen: Preferences) -> PreferencesView:
    return PreferencesView(
        opted_out=tuple(sorted(chosen.opted_out)),
        may_be_opted_out=tuple(sorted(MAY_BE_OPTED_OUT)),
        medium=chosen.medium,
        language=chosen.language,
        changed_at=chosen.changed_at,
    )
