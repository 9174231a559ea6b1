"""Take the answers to surveys, each survey once, and let follow what they call for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.access import Grant, Principal
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.errors import Fault, LinkExpired, LinkUnknown, LinkUsed
from chalicelib.domain.people import Channel
from chalicelib.domain.private import seal
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import (
    LONGEST_IDENTITY_CHECK,
    Answers,
    Done,
    SurveyRecord,
    SurveyStatus,
    Via,
    answer_faults,
)
from chalicelib.domain.transitions import Status
from chalicelib.services.answer_drafts import AnswerDraft
from chalicelib.services.citizen import CitizenActs
from chalicelib.services.commands import Command
from chalicelib.services.ports.notices import Deferred, SurveyNotice, SurveyStep, order_of_person
from chalicelib.services.ports.surveys import SurveyStore
from chalicelib.services.refusals import refuse_faulty
from chalicelib.services.survey_consequences import Consequence, SurveyConsequences

SETTLED_WITHIN = timedelta(minutes=5)
"""Whoever takes an answer settles it at once; should he break down, a notice does it after this long."""
_OVER = frozenset({Status.CANCELLED, Status.DUPLICATE, Status.ARCHIVED})
_VIAS: Mapping[Channel, Via] = {
    Channel.PHONE: Via.KEYPAD,
    Channel.WHATSAPP: Via.CHAT,
    Channel.SMS: Via.CHAT,
    Channel.CHAT: Via.CHAT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that was taken, and what followed."""

    record: SurveyRecord
    consequence: Consequence
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Answers, and how they came, on which channel if that is known; by `command` a repeat is recognised."""

    answers: Answers
    comment: str
    via: Via
    channel: Channel | None = None
    identity_check: str = ""
    command: Command | None = None

    def are_those_of(self, record: SurveyRecord) -> bool:
        """Tell whether the very command that brings them was taken before.

        Raises:
            IdempotencyKeyReused: its key was, with other answers.
        """
        return self.command is not None and self.command.repeats(record.command or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswers:
    """Takes answers by link, by channels and by attendants; one answer wins, however many come at once."""

    store: SurveyStore
    citizens: CitizenActs
    consequences: SurveyConsequences
    deferred: Deferred

    def opened(self, token: str) -> tuple[SurveyRecord, ServiceRequest]:
        """Show the survey that a link is about, while it can be answered.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: it cannot, or no longer.
        """
        claim, request = self.citizens.opened(token, LinkPurpose.SURVEY)
        record = self._record(claim.protocol, claim.number)
        self._refuse(record, request)
        return record, request

    def by_link(self, token: str, draft: AnswerDraft, found: Sequence[Fault] = ()) -> Answered:
        """Take the answer of whoever has the link.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: the survey cannot be answered, or no longer.
            InvalidInput: naming every fault.
        """
        claim, _ = self.citizens.opened(token, LinkPurpose.SURVEY)
        given = _Given(answers=draft.answers(), comment=draft.comment, via=Via.LINK)
        return self._take(claim.protocol, claim.number, given, found)

    def by_key(
        self,
        protocol: Protocol,
        draft: AnswerDraft,
        principal: Principal,
        access_code: str | None,
        command: Command,
        found: Sequence[Fault] = (),
    ) -> Answered:
        """Take the answer that a channel or an attendant hands over; a repeat answers the first result.

        Raises:
            ActorNotAllowed: a channel has no access code, or a wrong one.
            LinkUnknown, LinkExpired, LinkUsed: the survey cannot be answered, or no longer.
            InvalidInput: naming every fault.
        """
        is_attendant = principal.has(Grant.ATTENDANT)
        if access_code is not None or not is_attendant:
            self.citizens.codes.check(protocol, access_code)
        faults = [*found, *_caller_faults(draft, principal, proven=access_code is not None)]
        channel = draft.channel or next(iter(principal.channels()), None)
        given = _Given(
            answers=draft.answers(),
            comment=draft.comment,
            via=Via.ATTENDANT if is_attendant else _VIAS.get(channel or Channel.WEB, Via.PORTAL),
            channel=channel,
            identity_check=draft.identity_check,
            command=command,
        )
        return self._take(protocol, draft.generation, given, faults)

    def by_call(
        self,
        protocol: Protocol,
        generation: int,
        answers: Answers,
        *,
        comment: str,
        identity_check: str,
        by: Principal,
        command: Command,
    ) -> None:
        """Take the answer that an attendant wrote down on a call; a repeated command changes nothing.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: the survey cannot be answered, or no longer.
            InvalidInput: naming every fault.
        """
        given = _Given(
            answers=answers,
            comment=comment,
            via=Via.ATTENDANT,
            identity_check=identity_check,
            command=command,
        )
        self._take(protocol, generation, given, tuple(_identity_faults(identity_check, proven=False)))

    def of(self, protocol: Protocol) -> list[SurveyRecord]:
        """List the surveys of a request; raises `NotFound` where there is no such request."""
        self.citizens.acts.requests.load(protocol)
        return self.store.of(protocol)

    def _take(
        self, protocol: Protocol, generation: int | None, given: _Given, found: Sequence[Fault]
    ) -> Answered:
        refuse_faulty(found, answer_faults(given.answers, given.comment))
        record = self._record(protocol, generation)
        request = self.citizens.acts.requests.load(protocol)
        if given.are_those_of(record):
            return self._settled(record, given, repeated=True)
        self._refuse(record, request)
        notice, until = _to_settle(record, request), self.citizens.acts.clock.now() + SETTLED_WITHIN
        if given.answers.done is Done.NO:
            self.deferred.put(notice, until)
        answered = self._kept(record, request, given)
        if given.answers.done is Done.NO:
            self.deferred.remove(notice, until)
        return answered

    def _kept(self, record: SurveyRecord, request: ServiceRequest, given: _Given) -> Answered:
        """Keep the answers unless others came first; what else becomes known meanwhile does no harm."""
        while not self.store.save(answered := self._answered(record, given), seen=record):
            record = self._record(record.protocol, record.generation)
            if given.are_those_of(record):
                return self._settled(record, given, repeated=True)
            self._refuse(record, request)
        return self._settled(answered, given)

    def _settled(self, record: SurveyRecord, given: _Given, *, repeated: bool = False) -> Answered:
        consequence = self.consequences.of_answer(record, given.channel)
        return Answered(record=record, consequence=consequence, repeated=repeated)

    def _refuse(self, record: SurveyRecord, request: ServiceRequest) -> None:
        """Refuse what cannot be answered; of what was answered already, finish what may be unfinished."""
        try:
            record.refuse_unanswerable(self.citizens.acts.clock.now())
        except LinkUsed:
            self.consequences.of_answer(record)
            raise
        if request.state.status in _OVER:
            raise LinkExpired

    def _answered(self, record: SurveyRecord, given: _Given) -> SurveyRecord:
        texts = {"comment": given.comment.strip(), "identity_check": given.identity_check.strip()}
        return replace(
            record,
            status=SurveyStatus.ANSWERED,
            answers=given.answers,
            answered_at=self.citizens.acts.clock.now(),
            via=given.via,
            command=given.command.digests() if given.command else {},
            private=seal(texts, self.citizens.acts.randomness.seed()),
        )

    def _record(self, protocol: Protocol, generation: int | None) -> SurveyRecord:
        """Find the survey that is meant, the newest if none is named; raises `LinkUnknown`."""
        if generation is not None:
            record = self.store.find(protocol, generation)
        else:
            record = next(reversed(self.store.of(protocol)), None)
        if record is None:
            raise LinkUnknown
        return record


def _caller_faults(draft: AnswerDraft, principal: Principal, *, proven: bool) -> Iterator[Fault]:
    channels = principal.channels()
    if draft.channel is not None and draft.channel not in channels:
        yield Fault(path="channel", reason="channel_not_yours", facts={"choices": channels})
    yield from _identity_faults(draft.identity_check, proven=proven)


def _identity_faults(identity_check: str, *, proven: bool) -> Iterator[Fault]:
    """Ask how it was made sure who speaks, where no access code proves it."""
    if not proven and not identity_check.strip():
        yield Fault(path="identity_check", reason="required")
    if len(identity_check) > LONGEST_IDENTITY_CHECK:
        yield Fault(path="identity_check", reason="too_long", facts={"longest": LONGEST_IDENTITY_CHECK})


def _to_settle(record: SurveyRecord, request: ServiceRequest) -> SurveyNotice:
    order = order_of_person(request.person_key, request.protocol)
    return SurveyNotice(
        protocol=record.protocol, generation=record.generation, step=SurveyStep.SETTLE, order=order
    )
