"""Ask the citizen how satisfied he is: two questions that count, others if he likes."""

from __future__ import annotations

from typing import Any

from chalicelib import wiring_surveys
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import LONGEST_COMMENT, SCORES, Done, SurveyReason, SurveyRecord
from chalicelib.services.answer_drafts import AnswerDraft
from chalicelib.services.survey_consequences import Consequence
from chalicelib.web.facts import facts_of, moment
from chalicelib.web.faults import NO_FAULTS, FormFaults, worded
from chalicelib.web.visits import Page, Shown, Visit

SCALES = ("deadline", "quality", "clarity")
REASONS, COMMENT, MAY_CALL = "reasons", "comment", "allows_contact"
_MORE = {
    Consequence.RECORDED: "done.survey.thanks",
    Consequence.REOPENED: "done.survey.reopened",
    Consequence.MAY_OPEN_LINKED: "done.survey.linked",
}


def show(visit: Visit) -> Shown:
    """Show the questions; opening them changes nothing."""
    record, request = wiring_surveys.survey_answers().opened(visit.token)
    return _page(visit, record, request)


def submit(visit: Visit) -> Shown:
    """Take the answers, once."""
    answers = wiring_surveys.survey_answers()
    record, request = answers.opened(visit.token)
    language = visit.language(request.state.language)
    draft, found = _draft(visit)
    try:
        answered = answers.by_link(visit.token, draft, found)
    except InvalidInput as error:
        return _page(visit, record, request, faults=worded(error, language))
    values = {
        "done": "done.survey",
        "more": _MORE[answered.consequence],
        "facts": _facts(request, language),
    }
    return Shown(template="done.html", language=language, values=values)


def _draft(visit: Visit) -> tuple[AnswerDraft, list[Fault]]:
    """Read the form; of the two essential questions nothing may be left open."""
    overall, done = visit.number("overall"), visit.text("done")
    found = [Fault(path="overall", reason="required")] if not overall else []
    if done not in set(Done):
        found.append(Fault(path="done", reason="required"))
    reasons = [code for code in visit.form.get(REASONS, ()) if code in set(SurveyReason)]
    draft = AnswerDraft(
        overall=overall,
        done=Done(done) if done in set(Done) else Done.YES,
        **{name: visit.number(name) or None for name in SCALES},  # type: ignore[arg-type] # scores all
        reasons=tuple(SurveyReason(code) for code in reasons),
        allows_contact=bool(visit.text(MAY_CALL)),
        comment=visit.text(COMMENT),
    )
    return draft, found


def _page(
    visit: Visit, record: SurveyRecord, request: ServiceRequest, *, faults: FormFaults = NO_FAULTS
) -> Shown:
    language = visit.language(request.state.language)
    values: dict[str, Any] = {
        "facts": _facts(request, language),
        "until": moment(record.expires_at, language) if record.expires_at else "",
        "scores": [str(score) for score in SCORES],
        "outcomes": [one.value for one in Done],
        "scales": SCALES,
        "reasons": [one.value for one in SurveyReason],
        "longest": LONGEST_COMMENT,
        "faults": faults.by_field,
        "refusal": faults.refusal,
        "typed": {name: visit.text(name) for name in ("overall", "done", *SCALES, COMMENT, MAY_CALL)},
        "chosen": frozenset(visit.form.get(REASONS, ())),
    }
    return Shown(template="survey.html", language=language, values=values, status=faults.status)


def _facts(request: ServiceRequest, language: str) -> list[tuple[str, str]]:
    """Say which request it is about; a confidential service is not named on whatever screen this is."""
    shown = ("protocol",) if request.state.confidential else ("protocol", "service", "secretariat")
    return [(name, value) for name, value in facts_of(request, language)["facts"] if name in shown]


PAGE = Page(show=show, submit=submit)
