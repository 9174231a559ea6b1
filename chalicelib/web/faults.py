"""Word what is wrong with a form: beside each field, and in a summary above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib import wiring_citizen
from chalicelib.domain import errors
from chalicelib.domain.errors import DomainError, Fault, InvalidInput

REASONS = ("required", "too_long", "too_many", "not_uploaded", "unknown_media", "not_in_list")
REFUSALS: Mapping[type[DomainError], str] = {
    errors.TransitionNotAllowed: "transition",
    errors.ActorNotAllowed: "transition",
    errors.ContestTooLate: "contest-too-late",
    errors.AnswerTooLate: "answer-too-late",
    errors.TimelineFull: "timeline-full",
}
"""What an action is refused for while the page can still be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFaults:
    """What is wrong with a form: by field, and what is no field's fault."""

    by_field: Mapping[str, str]
    refusal: str | None = None
    status: int = 400


NO_FAULTS = FormFaults(by_field={}, status=200)


def worded(error: DomainError, language: str) -> FormFaults:
    """Word an error that the form can answer for; any other goes on to whoever called.

    Raises:
        DomainError: the very error, where the page cannot be shown any more.
    """
    pages = wiring_citizen.pages()
    if isinstance(error, InvalidInput):
        return FormFaults(by_field={_field(one): _message(one, language) for one in reversed(error.faults)})
    if type(error) in REFUSALS:
        refusal = pages.text(language, f"refused.{REFUSALS[type(error)]}")
        return FormFaults(by_field={}, refusal=refusal, status=409)
    raise error


def _field(fault: Fault) -> str:
    return fault.path.partition(".")[0]


def _message(fault: Fault, language: str) -> str:
    reason = fault.reason if fault.reason in REASONS else "other"
    position = fault.path.partition(".")[2]
    n = int(position) + 1 if position.isdigit() else ""
    return wiring_citizen.pages().text(language, f"fault.{reason}", n=n, **fault.facts)
