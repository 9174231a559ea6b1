"""Open requests: one conditional write, and the citizen leaves with protocol, code and due date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.access import Grant, Principal
from chalicelib.domain.catalogue import Catalogue, Kind, Service
from chalicelib.domain.errors import Fault, InvalidInput, NotFound, ReportGoesToOmbudsman, Unavailable
from chalicelib.domain.intake import IntakeDraft, ReporterDraft, intake_faults
from chalicelib.domain.opening import calendar_of, open_request, private_texts
from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.protocols import Protocol, compose_protocol, online_number, parse_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.services.commands import Command
from chalicelib.services.paper import allocated_for, refused_paper
from chalicelib.services.photos import photo_faults
from chalicelib.services.ports.basics import CatalogueSource, Clock, Randomness
from chalicelib.services.ports.paper import PaperProtocols
from chalicelib.services.ports.people import ContactPoints, IdentityKeys
from chalicelib.services.ports.requests import ProtocolTaken, RequestStore
from chalicelib.services.refusals import read_protocol, refuse_faulty

MOST_COLLISIONS = 8
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The result of an intake; a repeat answers the first one."""

    request: ServiceRequest
    access_code: str
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Open requests for the channels."""

    requests: RequestStore
    catalogue: CatalogueSource
    identity: IdentityKeys
    clock: Clock
    randomness: Randomness
    paper: PaperProtocols

    def open(
        self, draft: IntakeDraft, principal: Principal, command: Command, found: Sequence[Fault] = ()
    ) -> Opened:
        """Open `draft`, or answer what its first sending opened.

        `found` are the faults that reading the body brought up; they are reported with all others.

        Raises:
            InvalidInput: naming every fault; nothing is written.
            ReportGoesToOmbudsman: it is about the conduct of agents.
            IdempotencyKeyReused: the key came before, with another body.
        """
        catalogue, now = self.catalogue.current(), self.clock.now()
        reporter = draft.reporter or ReporterDraft()
        contact = self.identity.normalise(
            cpf=reporter.cpf, phone=reporter.phone, email=reporter.email, path="reporter"
        )
        allocated = allocated_for(self.paper, draft, principal)
        try:
            unknown = self._unknown_contested(draft)
            self._refuse(draft, principal, catalogue, allocated, (*found, *contact.faults, *unknown))
        except InvalidInput:
            if earlier := self._first_result(command, allocated, catalogue, now, now - AN_HOUR):
                return self._answer(earlier, repeated=True)
            raise
        if _is_first_hour(now, catalogue) and (
            earlier := self._first_result(command, allocated, catalogue, now - AN_HOUR)
        ):
            return self._answer(earlier, repeated=True)
        return self._add(draft, contact, catalogue, command, principal, allocated, now)

    def _unknown_contested(self, draft: IntakeDraft) -> Sequence[Fault]:
        """Name what is wrong with the protocol that is contested, if any."""
        if not draft.contests:
            return ()
        protocol, faults = read_protocol(draft.contests, "contests")
        if not faults:
            try:
                self.requests.load(protocol)
            except NotFound:
                faults = [Fault(path="contests", reason="unknown_protocol")]
        return faults

    def _refuse(
        self,
        draft: IntakeDraft,
        principal: Principal,
        catalogue: Catalogue,
        allocated: PaperProtocol | None,
        found: Sequence[Fault],
    ) -> None:
        service = catalogue.services.get(draft.service)
        if Kind.REPORT in (draft.kind, service.kind if service else None):
            raise ReportGoesToOmbudsman
        refuse_faulty(
            found,
            intake_faults(draft, catalogue),
            photo_faults(self.identity, draft.photos, "photos"),
            _authority_faults(draft, principal, service),
            refused_paper(draft, principal, allocated, calendar_of(catalogue), self.clock.now()),
        )

    def _add(
        self,
        draft: IntakeDraft,
        contact: ContactPoints,
        catalogue: Catalogue,
        command: Command,
        principal: Principal,
        allocated: PaperProtocol | None,
        now: datetime,
    ) -> Opened:
        channel = _channels(draft, principal)[0]
        act = Act(
            by=Actor(role=Role.CHANNEL, name=principal.name),
            at=now,
            channel=channel,
            texts=private_texts(draft, catalogue.services[draft.service], contact.points),
            seed=self.randomness.seed(),
            command=command.digests(),
        )
        identity = self.identity.identify(contact.points)
        contested = parse_protocol(draft.contests) if draft.contests else None
        day = calendar_of(catalogue).local_day(now)
        for protocol in self._candidates(command, day, allocated):
            request = open_request(
                protocol, draft, channel, identity, catalogue, act, allocated, contests=contested
            )
            try:
                self.requests.add(request)
            except ProtocolTaken:
                stored = self.requests.load(protocol)
                if command.repeats(stored.timeline[0].data.get("command")):
                    return self._answer(stored, repeated=True)
                continue
            return self._answer(request, repeated=False)
        if allocated:
            raise InvalidInput(Fault(path="paper.protocol", reason="already_used"))
        raise Unavailable

    def _first_result(
        self, command: Command, allocated: PaperProtocol | None, catalogue: Catalogue, *moments: datetime
    ) -> ServiceRequest | None:
        """Find what a first sending of `command` opened on the local day of one of `moments`."""
        calendar = calendar_of(catalogue)
        for day in {calendar.local_day(moment) for moment in moments}:
            for protocol in self._candidates(command, day, allocated):
                try:
                    stored = self.requests.load(protocol)
                except NotFound:
                    break
                if command.repeats(stored.timeline[0].data.get("command")):
                    return stored
        return None

    def _candidates(self, command: Command, day: date, allocated: PaperProtocol | None) -> Iterator[Protocol]:
        """Go through the protocols that the request may get: what stands on paper has but one."""
        if allocated:
            yield allocated.protocol
            return
        for attempt in range(MOST_COLLISIONS):
            number = self.identity.number(command.owner, command.key, attempt)
            yield compose_protocol(day, online_number(number))

    def _answer(self, request: ServiceRequest, *, repeated: bool) -> Opened:
        code = self.identity.access_code(request.protocol)
        return Opened(request=request, access_code=code, repeated=repeated)


def _is_first_hour(now: datetime, catalogue: Catalogue) -> bool:
    calendar = calendar_of(catalogue)
    return calendar.local_day(now) != calendar.local_day(now - AN_HOUR)


def _channels(draft: IntakeDraft, principal: Principal) -> list[Channel]:
    allowed = principal.channels()
    if draft.channel is None:
        return allowed
    return [draft.channel] if draft.channel in allowed else []


def _authority_faults(draft: IntakeDraft, principal: Principal, service: Service | None) -> Iterator[Fault]:
    if not _channels(draft, principal):
        yield Fault(path="channel", reason="channel_not_yours", facts={"choices": principal.channels()})
    elif draft.channel is None and len(principal.channels()) > 1:
        yield Fault(path="channel", reason="required", facts={"choices": principal.channels()})
    if draft.urgency is None:
        return
    if not principal.has(Grant.ATTENDANT):
        yield Fault(path="urgency", reason="attendants_only")
    elif not draft.urgency_reason.strip():
        yield Fault(path="urgency_reason", reason="required")
