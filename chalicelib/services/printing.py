"""Give citizens on paper what others get on a screen: receipts at the counter, and letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.access import Principal, View, view_of
from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.errors import ActorNotAllowed
from chalicelib.domain.letters import local_moment, service_name
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.told_texts import told_words
from chalicelib.services.callback_lists import Callback
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.links import SignedLinks
from chalicelib.services.ports.operations import AuditTrail, Intervention
from chalicelib.services.ports.people import IdentityKeys
from chalicelib.services.ports.printing import PaperLetter, Printer, Receipt
from chalicelib.services.ports.requests import RequestStore

DAY_FORMATS: Mapping[str, str] = {"en": "%d %b %Y"}
DAY_FORMAT = "%d/%m/%Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Print for people of the centre; each receipt and letter shows an access code, so each is kept."""

    requests: RequestStore
    catalogue: CatalogueSource
    identity: IdentityKeys
    links: SignedLinks
    printer: Printer
    audit: AuditTrail
    clock: Clock
    base_url: str

    def receipt(self, protocol: Protocol, principal: Principal) -> str:
        """Print the receipt of a request, in the citizen's language.

        Raises:
            NotFound: no request has this protocol.
            ActorNotAllowed: the request is not for the caller to see.
        """
        request = self.requests.load(protocol)
        if view_of(principal, request) is not View.CENTRE:
            raise ActorNotAllowed
        self._note("receipt_printed", protocol, principal)
        return self.printer.receipt(self._receipt(request))

    def letter(self, callback: Callback, principal: Principal) -> str:
        """Print what a call-back, which the caller may read, has to tell."""
        task, request, now = callback.task, callback.request, self.clock.now()
        self._note("letter_printed", request.protocol, principal)
        return self.printer.letter(
            PaperLetter(
                receipt=self._receipt(request),
                kind=task.kind,
                written_on=self._day(now, request),
                name=_text(request, "reporter.name"),
                postal_address=_text(request, "reporter.address"),
                texts=told_words(task, request, self.catalogue.current(), now),
            )
        )

    def _receipt(self, request: ServiceRequest) -> Receipt:
        catalogue, state = self.catalogue.current(), request.state
        secretariat = catalogue.secretariats.get(state.secretariat)
        return Receipt(
            language=state.language,
            city=catalogue.city.name,
            protocol=display_protocol(request.protocol),
            access_code=self.identity.access_code(request.protocol),
            service=service_name(state, catalogue, state.language),
            secretariat=secretariat.name if secretariat else state.secretariat,
            opened_on=self._day(state.received_at, request),
            due_on=self._day(state.rework_due_at or state.due_at, request),
            address=self._address(request),
        )

    def _address(self, request: ServiceRequest) -> str:
        claim = LinkClaim(
            purpose=LinkPurpose.REQUEST,
            protocol=request.protocol,
            number=request.state.generation,
            issued_at=self.clock.now(),
        )
        return f"{self.base_url}/c/{self.links.issue(claim)}"

    def _day(self, moment: datetime, request: ServiceRequest) -> str:
        day = DAY_FORMATS.get(request.state.language, DAY_FORMAT)
        return local_moment(moment, self.catalogue.current(), day)

    def _note(self, action: str, protocol: Protocol, principal: Principal) -> None:
        now = self.clock.now()
        self.audit.record(Intervention(by=principal.name, at=now, action=action, subject=protocol, facts={}))


def _text(request: ServiceRequest, name: str) -> str:
    text = request.latest_text(name)
    return text if isinstance(text, str) else ""
