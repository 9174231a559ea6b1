"""Say what is true when a decision cannot be made; facts travel as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


class DomainError(Exception):
    """The root of everything the domain refuses; the API answers each type from one table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One offending field: where it is, which rule it breaks, and the rule's figures."""

    path: str
    reason: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class InvalidInput(DomainError):
    """The input breaks at least one rule; `faults` names all of them."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{fault.path}: {fault.reason}" for fault in faults))
        self.faults = faults


class ProtocolMalformed(DomainError):
    """The text is not thirteen digits."""


class ProtocolCheckDigitWrong(DomainError):
    """The thirteen digits cannot be a protocol: its check digit says that one was mistyped."""


class NotFound(DomainError):
    """Nothing is known under this name."""

    def __init__(self, what: str, name: str = "") -> None:
        super().__init__(f"{what} not found")
        self.what = what
        self.name = name


class Unauthenticated(DomainError):
    """No valid credential came with the call; `reason` is `missing`, `unknown`, `expired` or `revoked`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TransitionNotAllowed(DomainError):
    """The request's status does not allow the command."""

    def __init__(self, command: str, status: str) -> None:
        super().__init__(f"{command} is not allowed while {status}")
        self.command = command
        self.status = status


class CitizenCannotBeAsked(DomainError):
    """Nothing may be asked: nobody can be reached, it cannot wait, or two questions were asked."""


class TriageBinds(DomainError):
    """The secretariat may not return what triage gave it; it may appeal to the direction."""


class ActorNotAllowed(DomainError):
    """The actor may not do this to this request."""


class StaleVersion(DomainError):
    """The request changed after the caller read it; `version` is the present one."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the request is at version {version}")
        self.version = version


class IdempotencyKeyReused(DomainError):
    """The same `Idempotency-Key` came with another body."""


class EvidenceRequired(DomainError):
    """The service asks for evidence that the answer does not carry."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"evidence required: {rule}")
        self.rule = rule


class ExtensionNotAllowed(DomainError):
    """The deadline cannot be extended; `rule` is once, too_late, emergency, rework or no_legal_term."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"extension not allowed: {rule}")
        self.rule = rule


class AnswerTooLate(DomainError):
    """The request was archived more than 30 days ago; a new one may link to it."""


class LinkUnknown(DomainError):
    """The link is none of ours, or was edited on the way."""


class LinkExpired(DomainError):
    """The time of the link is over, or what it was for is."""


class LinkUsed(DomainError):
    """The link worked once and was used already."""


class ContestTooLate(DomainError):
    """The window in which the result can be contested is over; a new request may link to this one."""


class CallNotDue(DomainError):
    """The citizen may not be called at this time; `not_before` is when he may be next."""

    def __init__(self, not_before: datetime) -> None:
        super().__init__("not a time to call")
        self.not_before = not_before


class CallbackEnded(DomainError):
    """The citizen was told already, or no longer needs to be."""


class ReturnTooLate(DomainError):
    """The secretariat kept the request for longer than it may and still return it."""


class TimelineFull(DomainError):
    """The timeline or its texts reached what people may write; the system keeps its reserve."""


class ReportGoesToOmbudsman(DomainError):
    """A report about the conduct of agents is received by the ombudsman, not by the 156."""


class PreconditionRequired(DomainError):
    """The command must say which version its giver saw (`If-Match`, RFC 6585)."""


class MalformedBody(DomainError):
    """The body is not a JSON object."""


class UnsupportedContentType(DomainError):
    """The body is not in the one format that is read here."""

    def __init__(self, wanted: str) -> None:
        super().__init__(f"send {wanted}")
        self.wanted = wanted


class BodyTooLarge(DomainError):
    """The body is larger than any honest one."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"at most {most_bytes} bytes")
        self.most_bytes = most_bytes


class TooManyAttempts(DomainError):
    """Too many wrong access codes were tried for this protocol."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("too many wrong access codes")
        self.retry_after_seconds = retry_after_seconds


class ReceiptExpired(DomainError):
    """The receipt no longer holds its message: the visibility time is over."""


class QueueMissing(DomainError):
    """The secretariat has no queue."""

    def __init__(self, secretariat: str) -> None:
        super().__init__(f"{secretariat} has no queue")
        self.secretariat = secretariat


class Unavailable(DomainError):
    """A table, queue or bucket did not answer; repeating the call is safe."""
