"""Let citizens act on their requests by what proves that they may: a signed link or an access code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain import orders
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.errors import Fault, LinkUnknown, NotFound, Unavailable
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.access_codes import AccessCodes
from chalicelib.services.acts import CITIZEN, Acts
from chalicelib.services.commands import Command
from chalicelib.services.ports.links import SignedLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenActs:
    """Confirm, contest, answer, cancel, revive, comment: the protocol alone allows nothing."""

    acts: Acts
    codes: AccessCodes
    links: SignedLinks

    def by_code(
        self,
        protocol: Protocol,
        access_code: str | None,
        order: orders.Order,
        command: Command,
        *,
        channel: Channel = Channel.WEB,
        found: Sequence[Fault] = (),
    ) -> ServiceRequest:
        """Carry out `order` for whoever has the code; a repeated command answers the present state.

        Raises:
            ActorNotAllowed: there is no code, it is wrong, or the order is not the citizen's to give.
            TooManyAttempts: ten wrong access codes came within the hour.
            InvalidInput, TransitionNotAllowed, ContestTooLate, AnswerTooLate, TimelineFull: as the domain
            decides.
        """
        self.codes.check(protocol, access_code)
        return self.acts.carry_out(
            protocol, lambda request: order, CITIZEN, command, channel=channel, found=found
        )

    def opened(self, token: str, purpose: LinkPurpose) -> tuple[LinkClaim, ServiceRequest]:
        """Read a link and the request that it is about; nothing changes.

        Raises:
            LinkUnknown: it is not one of ours, was edited, or is for something else.
            LinkExpired: its time is over.
        """
        claim = self.links.read(token, purpose)
        claim.refuse_if_expired(self.acts.clock.now())
        try:
            return claim, self.acts.requests.load(claim.protocol)
        except NotFound as error:
            raise LinkUnknown from error

    def language_of(self, token: str) -> str | None:
        """Tell the language of whoever got a link, also one that is over; None for no link of ours."""
        try:
            claim = self.links.read(token, self.links.purpose_of(token))
            return self.acts.requests.load(claim.protocol).state.language
        except (LinkUnknown, NotFound, Unavailable):
            return None

    def by_link(self, token: str, order: orders.Order, *, seen_version: int) -> ServiceRequest:
        """Carry out `order` for whoever has the link of the request.

        The same order given twice from the same page is carried out once: `seen_version` is the version that
        the page showed, so that a later page may give the same order again.

        Raises:
            LinkUnknown, LinkExpired: as `opened` does; or as `by_code` does.
        """
        claim, _ = self.opened(token, LinkPurpose.REQUEST)
        particulars = [seen_version, order.COMMAND, order]
        return self.acts.carry_out(
            claim.protocol, lambda request: order, CITIZEN, link_command(token, particulars)
        )


def link_command(token: str, particulars: object) -> Command:
    """Name what was sent by a link, so that a second sending of the same is recognised."""
    content = canonical_json(particulars)
    return Command(owner="link", key=f"{token}\n{content}", body=content.encode())
