"""Answer errors as RFC 9457 problem+json, from one table, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Response

from chalicelib.api.responses import json_response
from chalicelib.api.texts import FIELD_REASONS, PROBLEMS
from chalicelib.domain import errors
from chalicelib.domain.errors import DomainError, Fault

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and stable name with which an error is answered."""

    status: int
    name: str


UNEXPECTED = Answer(500, "unexpected")
ANSWERS: Mapping[type[DomainError], Answer] = {
    errors.InvalidInput: Answer(400, "invalid-input"),
    errors.MalformedBody: Answer(400, "malformed-body"),
    errors.ProtocolMalformed: Answer(400, "protocol-malformed"),
    errors.ProtocolCheckDigitWrong: Answer(400, "protocol-check-digit-wrong"),
    errors.Unauthenticated: Answer(401, "unauthenticated"),
    errors.ActorNotAllowed: Answer(403, "not-allowed"),
    errors.NotFound: Answer(404, "not-found"),
    errors.TransitionNotAllowed: Answer(409, "transition-not-allowed"),
    errors.StaleVersion: Answer(409, "stale-version"),
    errors.ReceiptExpired: Answer(409, "receipt-expired"),
    errors.CitizenCannotBeAsked: Answer(409, "citizen-cannot-be-asked"),
    errors.TriageBinds: Answer(409, "triage-binds"),
    errors.ExtensionNotAllowed: Answer(409, "extension-not-allowed"),
    errors.AnswerTooLate: Answer(409, "answer-too-late"),
    errors.LinkUnknown: Answer(404, "link-unknown"),
    errors.LinkExpired: Answer(410, "link-expired"),
    errors.LinkUsed: Answer(410, "link-used"),
    errors.ContestTooLate: Answer(409, "contest-too-late"),
    errors.CallNotDue: Answer(409, "call-not-due"),
    errors.CallbackEnded: Answer(409, "callback-ended"),
    errors.ReturnTooLate: Answer(409, "return-too-late"),
    errors.TimelineFull: Answer(409, "timeline-full"),
    errors.QueueMissing: Answer(409, "queue-missing"),
    errors.BodyTooLarge: Answer(413, "body-too-large"),
    errors.UnsupportedContentType: Answer(415, "unsupported-content-type"),
    errors.IdempotencyKeyReused: Answer(422, "idempotency-key-reused"),
    errors.EvidenceRequired: Answer(422, "evidence-required"),
    errors.ReportGoesToOmbudsman: Answer(422, "report-goes-to-ombudsman"),
    errors.PreconditionRequired: Answer(428, "precondition-required"),
    errors.TooManyAttempts: Answer(429, "too-many-attempts"),
    errors.Unavailable: Answer(503, "unavailable"),
}


def problem_response(
    error: DomainError | None, language: str, more: Mapping[str, Any] | None = None
) -> Response:
    """Present `error` (None: something unforeseen, of which nothing is told)."""
    answer = ANSWERS.get(type(error), UNEXPECTED) if error else UNEXPECTED
    title, detail = PROBLEMS[answer.name][language]
    body: dict[str, Any] = {
        "type": f"urn:central156:problem:{answer.name}",
        "title": title,
        "status": answer.status,
        "detail": detail,
        **(_facts(error) if error else {}),
        **(more or {}),
    }
    if isinstance(error, errors.InvalidInput):
        body["errors"] = [_fault(fault, language) for fault in error.faults]
    headers = {"Content-Language": language, **_headers(error)}
    return json_response(body, status=answer.status, headers=headers, content_type=PROBLEM_JSON)


def _facts(error: DomainError) -> dict[str, Any]:
    told = (
        "command",
        "status",
        "version",
        "rule",
        "reason",
        "what",
        "wanted",
        "most_bytes",
        "secretariat",
        "not_before",
    )
    facts = {name: getattr(error, name) for name in told if hasattr(error, name)}
    if "status" in facts:
        facts["request_status"] = facts.pop("status")
    return facts


def _headers(error: DomainError | None) -> dict[str, str]:
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TooManyAttempts):
        return {"Retry-After": str(error.retry_after_seconds)}
    if isinstance(error, errors.Unavailable):
        return {"Retry-After": str(RETRY_SECONDS)}
    return {}


def _fault(fault: Fault, language: str) -> dict[str, Any]:
    message = FIELD_REASONS[fault.reason][language]
    return {"field": fault.path, "reason": fault.reason, "message": message, **fault.facts}
