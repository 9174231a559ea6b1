"""Take answers by signed link: the citizen's to a question, a third party's to what it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import orders
from chalicelib.domain.asked import party_asked, question_asked
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.people import SYSTEM, Channel
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status
from chalicelib.services.acts import CITIZEN, THIRD_PARTY
from chalicelib.services.citizen import CitizenActs, link_command


class _Delivered(Exception):
    """Nothing is left to record: the question had reached the citizen before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAnswers:
    """Answers of people without an account; only the newest question's link is good for one."""

    citizens: CitizenActs

    def question(self, token: str) -> tuple[ServiceRequest, Entry]:
        """Show the question that a link is about: having opened it proves that it has reached the citizen.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: the link is good for nothing (any more).
        """
        request, asked = self.asked(token)
        return self._delivered(request, asked.seq), asked

    def asked(self, token: str) -> tuple[ServiceRequest, Entry]:
        """Find the question that a link is about, which proves nothing; raises as `question` does."""
        claim, request = self.citizens.opened(token, LinkPurpose.QUESTION)
        return request, question_asked(request, claim.number, self.citizens.acts.clock.now())

    def answer_question(self, token: str, answer: str, photos: Sequence[str] = ()) -> ServiceRequest:
        """Take the citizen's answer, also a late one that brings the request back; sent twice it counts once.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: the link is good for nothing (any more).
            InvalidInput: naming every fault.
        """
        claim, _ = self.citizens.opened(token, LinkPurpose.QUESTION)

        def order_for(request: ServiceRequest) -> orders.Order:
            question_asked(request, claim.number, self.citizens.acts.clock.now())
            is_late = request.state.status is Status.ARCHIVED
            return (orders.Revive if is_late else orders.Answer)(answer=answer, photos=tuple(photos))

        command = link_command(token, [answer, photos])
        return self.citizens.acts.carry_out(claim.protocol, order_for, CITIZEN, command)

    def party_question(self, token: str) -> tuple[ServiceRequest, Entry]:
        """Show what a third party is asked; raises as `question` does."""
        claim, request = self.citizens.opened(token, LinkPurpose.THIRD_PARTY)
        return request, party_asked(request, claim.number)

    def answer_as_party(self, token: str, answer: str, photos: Sequence[str] = ()) -> ServiceRequest:
        """Take a third party's answer: the work goes on with it; raises as `answer_question` does."""
        claim, _ = self.citizens.opened(token, LinkPurpose.THIRD_PARTY)

        def order_for(request: ServiceRequest) -> orders.Order:
            party_asked(request, claim.number)
            return orders.Resume(answer=answer, photos=tuple(photos))

        command = link_command(token, [answer, photos])
        return self.citizens.acts.carry_out(claim.protocol, order_for, THIRD_PARTY, command)

    def _delivered(self, request: ServiceRequest, seq: int) -> ServiceRequest:
        """Record once that the question was read; from then on the deadline stands still."""

        def order_for(fresh: ServiceRequest) -> orders.Order:
            if not _awaits_proof(fresh, seq):
                raise _Delivered
            return orders.ConfirmDelivery(means=Channel.WEB)

        if not _awaits_proof(request, seq):
            return request
        try:
            return self.citizens.acts.carry_out(request.protocol, order_for, SYSTEM, None)
        except _Delivered:
            return self.citizens.acts.requests.load(request.protocol)


def _awaits_proof(request: ServiceRequest, seq: int) -> bool:
    newest = max(entry.seq for entry in request.timeline if entry.type is EntryType.ASKED)
    is_waiting = request.state.status is Status.WAITING_CITIZEN and request.state.paused_since is None
    return is_waiting and newest == seq
