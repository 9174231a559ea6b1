"""Ask citizens how satisfied they are: whom, once, by which way; remind them; say why one is not asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import GivenResolution, resolution_of
from chalicelib.domain.surveys import (
    NOT_AGAIN_WITHIN,
    REMINDED_AFTER,
    Eligible,
    NotSent,
    NotSentReason,
    SurveyFacts,
    SurveyRecord,
    SurveyStatus,
    SurveyWay,
    draw_of,
    eligibility,
)
from chalicelib.domain.told_hours import is_daytime, next_daytime
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.notices import Deferred, SurveyNotice, SurveyStep, order_of_person
from chalicelib.services.ports.preferences import PreferenceStore
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.ports.surveys import SurveyReservations, SurveyStore
from chalicelib.services.survey_sending import Asked, SurveySending


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveys:
    """Begins surveys, reminds of them and forgets their texts; every step may be repeated."""

    requests: RequestStore
    store: SurveyStore
    reservations: SurveyReservations
    preferences: PreferenceStore
    sending: SurveySending
    deferred: Deferred
    catalogue: CatalogueSource
    clock: Clock

    def start(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        """Ask about the resolution of a generation, or record why not; None if it waits for the day.

        What is known of it stands: a survey that may have been sent is not sent again. There is none of a
        generation that was not resolved.

        Raises:
            Unavailable: something transient failed; nothing was sent, repeat it.
        """
        request, known = self._request(protocol), self.store.find(protocol, generation)
        resolution = resolution_of(request, generation) if request else None
        if request is None or resolution is None:
            return None
        if known is not None and known.status is not SurveyStatus.DUE:
            self._plan_reminder(request, known)
            return known
        if known is not None and (asked := self.sending.asked_before(known)) is not None:
            return self._note_asked(request, known, asked)
        now, chosen = self.clock.now(), self.preferences.of(request.contact_keys)
        facts = self._facts(request, resolution, chosen)
        decided = eligibility(facts)
        if isinstance(decided, Eligible):
            if self._waits_for_the_day(_notice(request, generation, SurveyStep.START), now):
                return None
            if not self._reserve(request, generation, now):
                decided = eligibility(replace(facts, is_surveyed_lately=True))
        record = known or self.store.open(self._record(request, resolution, decided, now))
        if isinstance(decided, NotSent):
            self._release(request, generation)
            return record if known is None else self._note(record.not_sent(decided.reason), record)
        return self._ask(request, record, chosen, now)

    def remind(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        """Remind once of a survey that was sent and not answered; whatever else it is, nothing is done."""
        record, request, now = (
            self.store.find(protocol, generation),
            self._request(protocol),
            self.clock.now(),
        )
        if record is None or request is None or not _may_be_reminded(record, request, now):
            return record
        chosen = self.preferences.of(request.contact_keys)
        if MessageKind.SURVEY_REMINDER in chosen.opted_out:
            return record
        if self._waits_for_the_day(_notice(request, generation, SurveyStep.REMIND), now):
            return record
        self.sending.ask(request, record, MessageKind.SURVEY_REMINDER, chosen)
        return self._note(replace(record, reminded_at=now), record)

    def forget(self, protocol: Protocol) -> bool:
        """Erase what was written in answers about a request; False if there was nothing. Grades stay."""
        written = [record for record in self.store.of(protocol) if record.private]
        for record in written:
            while not self.store.save(replace(record, private={}), seen=record):
                record = self._fresh(record)
        return bool(written)

    def _ask(
        self, request: ServiceRequest, record: SurveyRecord, chosen: Preferences, now: datetime
    ) -> SurveyRecord:
        if record.status is SurveyStatus.NOT_SENT:
            self._release(request, record.generation)
        if record.status is not SurveyStatus.DUE:
            return record
        if self.sending.has_ways(request, chosen):
            asked = self.sending.ask(request, record, MessageKind.SURVEY, chosen)
            if asked is not None:
                return self._note_asked(request, record, asked)
        elif self.sending.let_call(request, record.generation):
            return self._note(record.sent(SurveyWay.CALL, now), record)
        self._release(request, record.generation)
        return self._note(record.not_sent(NotSentReason.UNDELIVERABLE), record)

    def _note_asked(self, request: ServiceRequest, record: SurveyRecord, asked: Asked) -> SurveyRecord:
        """Note what is known of the message; whoever else knows more, or an answer, is not overruled."""
        way = SurveyWay(asked.medium)
        fate = SurveyStatus.SENT if asked.is_certain else SurveyStatus.UNKNOWN
        while not self.store.save(noted := record.sent(way, asked.at, fate), seen=record):
            record = self._fresh(record)
        self._plan_reminder(request, noted)
        return noted

    def _note(self, record: SurveyRecord, seen: SurveyRecord) -> SurveyRecord:
        return record if self.store.save(record, seen=seen) else self._fresh(seen)

    def _fresh(self, record: SurveyRecord) -> SurveyRecord:
        found = self.store.find(record.protocol, record.generation)
        if found is None:
            raise Unavailable
        return found

    def _plan_reminder(self, request: ServiceRequest, record: SurveyRecord) -> None:
        """Keep the reminder for its day; doing so again changes nothing, for its instant stays the same."""
        if record.status is not SurveyStatus.SENT or record.sent_at is None or record.reminded_at is not None:
            return
        if record.medium is not SurveyWay.CALL:
            notice = _notice(request, record.generation, SurveyStep.REMIND)
            self._postpone(notice, record.sent_at + REMINDED_AFTER)

    def _waits_for_the_day(self, notice: SurveyNotice, now: datetime) -> bool:
        if is_daytime(calendar_of(self.catalogue.current()), now):
            return False
        self._postpone(notice, now)
        return True

    def _postpone(self, notice: SurveyNotice, until: datetime) -> None:
        self.deferred.put(notice, next_daytime(calendar_of(self.catalogue.current()), until))

    def _facts(
        self, request: ServiceRequest, resolution: GivenResolution, chosen: Preferences
    ) -> SurveyFacts:
        state, service = request.state, self.catalogue.current().services.get(resolution.service)
        return SurveyFacts(
            is_duplicate=state.status is Status.DUPLICATE,
            is_resolved=_is_resolved(request, resolution.generation),
            is_anonymous=state.anonymous,
            is_erased=not state.anonymous and not request.contact_keys,
            is_reachable=request.is_reachable,
            is_opted_out=MessageKind.SURVEY in chosen.opted_out,
            is_confidential=state.confidential,
            percent=service.survey_percent if service else 100,
            draw=draw_of(request.protocol, resolution.generation),
        )

    def _record(
        self, request: ServiceRequest, resolution: GivenResolution, decided: Eligible | NotSent, now: datetime
    ) -> SurveyRecord:
        return SurveyRecord(
            protocol=request.protocol,
            generation=resolution.generation,
            channel=request.state.channel,
            service=resolution.service,
            secretariat=resolution.secretariat,
            resolved_at=resolution.at,
            day=calendar_of(self.catalogue.current()).local_day(resolution.at),
            at=now,
            status=SurveyStatus.NOT_SENT if isinstance(decided, NotSent) else SurveyStatus.DUE,
            reason=decided.reason if isinstance(decided, NotSent) else None,
        )

    def _reserve(self, request: ServiceRequest, generation: int, now: datetime) -> bool:
        """Reserve every contact point of the citizen's; what was reserved in vain is given back."""
        name = _name(request, generation)
        for key in request.contact_keys:
            if not self.reservations.reserve(key, name, now, not_within=NOT_AGAIN_WITHIN):
                self._release(request, generation)
                return False
        return True

    def _release(self, request: ServiceRequest, generation: int) -> None:
        for key in request.contact_keys:
            self.reservations.release(key, _name(request, generation))

    def _request(self, protocol: Protocol) -> ServiceRequest | None:
        try:
            return self.requests.load(protocol)
        except NotFound:
            return None


def _may_be_reminded(record: SurveyRecord, request: ServiceRequest, now: datetime) -> bool:
    waits = record.status_at(now) is SurveyStatus.SENT and record.reminded_at is None
    return waits and record.medium is not SurveyWay.CALL and _is_resolved(request, record.generation)


def _is_resolved(request: ServiceRequest, generation: int) -> bool:
    is_done = request.state.status in (Status.RESOLVED, Status.CLOSED)
    return is_done and request.state.generation == generation


def _notice(request: ServiceRequest, generation: int, step: SurveyStep) -> SurveyNotice:
    order = order_of_person(request.person_key, request.protocol)
    return SurveyNotice(protocol=request.protocol, generation=generation, step=step, order=order)


def _name(request: ServiceRequest, generation: int) -> str:
    return f"{request.protocol}#{generation}"
