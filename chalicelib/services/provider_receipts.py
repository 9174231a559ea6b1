"""Note what providers report of messages that they took; a question that has arrived stops the deadline."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.domain import orders
from chalicelib.domain.casework import decide
from chalicelib.domain.citizen_messages import newest_question
from chalicelib.domain.errors import NotFound
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import RULES, MessageKind
from chalicelib.domain.people import SYSTEM, Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.tellings import CITIZEN
from chalicelib.domain.transitions import Status
from chalicelib.services.commands import change_request
from chalicelib.services.people_telling import let_people_tell
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.callbacks import CallbackQueue
from chalicelib.services.ports.notices import ProviderReport, Receipt, Send, SendLog
from chalicelib.services.ports.requests import RequestStore

MEANS = {Medium.EMAIL: Channel.EMAIL, Medium.SMS: Channel.SMS, Medium.WHATSAPP: Channel.WHATSAPP}
_WEIGHT = {Receipt.DELIVERED: 0, Receipt.BOUNCED: 1, Receipt.COMPLAINED: 2}
"""Of two reports the heavier one stays: a mailbox may take a message and send it back later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReceipts:
    """Marks sends with what became of them, and does what follows; every report may come twice."""

    sends: SendLog
    requests: RequestStore
    callbacks: CallbackQueue
    catalogue: CatalogueSource
    clock: Clock

    def take(self, report: ProviderReport) -> Send | None:
        """Note a report beside its message; None if the message is none of ours.

        Raises:
            Unavailable: a table did not answer; the report may be taken again.
        """
        send = self.sends.by_provider_id(report.provider_id)
        if send is None or not report.is_final:
            return send
        if send.receipt is None or _WEIGHT[send.receipt] < _WEIGHT[report.receipt]:
            send = replace(send, receipt=report.receipt, receipt_at=report.at)
            self.sends.mark(send)
        if send.kind is not None and send.to == CITIZEN:
            self._follow(send, send.kind, report)
        return send

    def _follow(self, send: Send, kind: MessageKind, report: ProviderReport) -> None:
        if report.receipt is Receipt.DELIVERED and kind is MessageKind.QUESTION:
            self._note_delivery(send)
        if report.receipt is Receipt.BOUNCED and RULES[kind].must_arrive:
            self._let_people_tell(send, kind)

    def _let_people_tell(self, send: Send, kind: MessageKind) -> None:
        """Let people tell what came back, unless nobody knows any more whom."""
        request = self._request(send)
        if request is None or request.person_key is None:
            return
        let_people_tell(
            request,
            kind,
            send.seq,
            callbacks=self.callbacks,
            sends=self.sends,
            catalogue=self.catalogue,
            clock=self.clock,
        )

    def _note_delivery(self, send: Send) -> None:
        request = self._request(send)
        if request is not None and _waits_for_delivery(request, send):
            change_request(self.requests, request.protocol, lambda fresh: self._delivered(fresh, send))

    def _request(self, send: Send) -> ServiceRequest | None:
        try:
            return self.requests.load(Protocol(send.subject))
        except NotFound:
            return None

    def _delivered(self, request: ServiceRequest, send: Send) -> ServiceRequest:
        """Note it unless the citizen was quicker: he has answered, or somebody has rung him up."""
        if not _waits_for_delivery(request, send):
            return request
        order = orders.ConfirmDelivery(means=MEANS[send.medium])
        act = Act(by=SYSTEM, at=max(self.clock.now(), request.updated_at))
        return decide(request, order, self.catalogue.current(), act)


def _waits_for_delivery(request: ServiceRequest, send: Send) -> bool:
    state = request.state
    is_open = state.status is Status.WAITING_CITIZEN and state.paused_since is None
    return is_open and newest_question(request) == send.seq
