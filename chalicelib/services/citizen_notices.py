"""Tell citizens, followers and third parties what was decided, by a medium that reaches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.citizen_messages import (
    MessageFacts,
    link_number,
    message_values,
    tells_still,
)
from chalicelib.domain.contacts import Follower
from chalicelib.domain.letters import Letter, Medium
from chalicelib.domain.message_kinds import RULES, Audience, MessageKind
from chalicelib.domain.message_templates import PORTUGUESE, language_of
from chalicelib.domain.people import Channel
from chalicelib.domain.preferences import Preferences, ways_to_reach
from chalicelib.domain.private import Private
from chalicelib.domain.reach import reporters_points
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.tellings import CITIZEN, FOLLOWER, THIRD_PARTY, Telling
from chalicelib.services.people_telling import let_people_tell
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.callbacks import CallbackQueue
from chalicelib.services.ports.links import SignedLinks
from chalicelib.services.ports.notices import DecisionNotice, Send, order_of_person
from chalicelib.services.ports.people import ContactLog, IdentityKeys
from chalicelib.services.ports.preferences import PreferenceStore
from chalicelib.services.ports.templates import Renderer, TemplateSource
from chalicelib.services.sending import Fate, Sending, Told

FOLLOWERS_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who is told: as whom, by what contact points, in which language."""

    to: str
    name: str
    channel: Channel
    points: Mapping[str, str]
    contact_keys: tuple[str, ...]
    language: str
    follower: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenNotices:
    """Words messages to citizens and sends them by the first medium that takes them.

    `base_url` is the public address without a slash at its end; links open `{base_url}/c/{token}`.
    """

    sending: Sending
    templates: TemplateSource
    renderer: Renderer
    links: SignedLinks
    identity: IdentityKeys
    preferences: PreferenceStore
    contacts: ContactLog
    callbacks: CallbackQueue
    catalogue: CatalogueSource
    clock: Clock
    base_url: str

    def kind_for(self, request: ServiceRequest, notice: DecisionNotice) -> MessageKind | None:
        """Name what a notice still tells its audience; None if nothing any more."""
        kind = tells_still(request, notice.seq, self.clock.now(), notice.audience)
        return MessageKind.FOLLOWER_NEWS if kind and notice.audience is Audience.FOLLOWER else kind

    def tell(
        self, request: ServiceRequest, notice: DecisionNotice, kind: MessageKind
    ) -> tuple[tuple[Told, ...], bool]:
        """Tell the reporter, a follower or a third party; the second value says that people must tell him.

        Where the medium refuses the address for good, the next one is tried.

        Raises:
            Unavailable: a provider did not answer; nothing else was tried, for it may be back soon.
        """
        somebody = self._addressee(request, notice)
        if somebody is None:
            return (), False
        told = self._tell(request, notice.seq, kind, somebody)
        is_told = any(one.fate is not Fate.FAILED for one in told)
        if is_told or not RULES[kind].must_arrive:
            return told, False
        let_people_tell(
            request,
            kind,
            notice.seq,
            callbacks=self.callbacks,
            sends=self.sending.sends,
            catalogue=self.catalogue,
            clock=self.clock,
        )
        return told, True

    def of_followers(self, request: ServiceRequest, notice: DecisionNotice) -> Iterator[DecisionNotice]:
        """Give a notice for each follower of a request, if there is still news."""
        if tells_still(request, notice.seq, self.clock.now(), notice.audience) is None:
            return
        for follower in self._followers(request):
            if follower.person_key is not None and follower.person_key not in request.contact_keys:
                yield DecisionNotice(
                    protocol=request.protocol,
                    seq=notice.seq,
                    audience=Audience.FOLLOWER,
                    follower=follower.follower_id,
                    order=order_of_person(follower.person_key, request.protocol),
                )

    def letters(
        self, kind: MessageKind, facts: MessageFacts, ways: tuple[tuple[Medium, str], ...], to: str
    ) -> Iterator[Telling]:
        """Word a message for each way in turn, the later ones only where the earlier were in vain."""
        templates, values = self.templates.current(), message_values(kind, facts)
        for medium, address in ways:
            if medium is Medium.WHATSAPP:
                approved = templates.approved[kind]
                words = tuple(values[name] for name in approved.parameters)
                letter = Letter(text="", template=approved.name, parameters=words)
            else:
                wording = templates.wording(kind, medium, facts.language)
                letter = self.renderer.letter(wording, values, is_text_message=medium is Medium.SMS)
            yield Telling(
                to=to, medium=medium, matter=RULES[kind].matter, address=address, letter=letter, kind=kind
            )

    def link(self, purpose: LinkPurpose, request: ServiceRequest, number: int, follower: str | None) -> str:
        """Give the address of a page that only its holder can open."""
        claim = LinkClaim(
            purpose=purpose,
            protocol=request.protocol,
            number=number,
            issued_at=self.clock.now(),
            follower=follower,
        )
        return f"{self.base_url}/c/{self.links.issue(claim)}"

    def _tell(
        self, request: ServiceRequest, seq: int, kind: MessageKind, somebody: Addressee
    ) -> tuple[Told, ...]:
        chosen = self.preferences.of(somebody.contact_keys)
        if kind in chosen.opted_out and RULES[kind].may_be_opted_out:
            return ()
        ways = ways_to_reach(somebody.channel, somebody.points, chosen.medium, self.sending.senders)
        if not ways:
            return ()
        facts = self._facts(request, seq, kind, somebody, chosen)
        told: list[Told] = []
        for telling in self.letters(kind, facts, ways, somebody.to):
            claim = _claim(request, seq, kind, somebody, telling.medium, self.clock.now())
            told.append(self.sending.tell(claim, telling))
            if told[-1].fate is not Fate.FAILED:
                break
        return tuple(told)

    def _facts(
        self,
        request: ServiceRequest,
        seq: int,
        kind: MessageKind,
        somebody: Addressee,
        chosen: Preferences,
    ) -> MessageFacts:
        rule, number = RULES[kind], link_number(kind, request, seq)
        unwanted = (
            self.link(LinkPurpose.PREFERENCES, request, number, somebody.follower)
            if rule.may_be_opted_out
            else ""
        )
        return MessageFacts(
            request=request,
            seq=seq,
            catalogue=self.catalogue.current(),
            language=language_of(chosen.language or somebody.language),
            link=self.link(rule.link, request, number, somebody.follower),
            preferences_link=unwanted,
            access_code=self.identity.access_code(request.protocol) if "access_code" in rule.more else "",
        )

    def _addressee(self, request: ServiceRequest, notice: DecisionNotice) -> Addressee | None:
        """Find who is meant; None for the anonymous and those whose data were erased."""
        if notice.audience is Audience.FOLLOWER:
            found = self.contacts.follower(request.protocol, notice.follower or "")
            return _follower(found) if found and found.person_key else None
        if notice.audience is Audience.THIRD_PARTY:
            return _third_party(request, notice.seq)
        if request.state.anonymous or request.person_key is None:
            return None
        return Addressee(
            to=CITIZEN,
            name=CITIZEN,
            channel=request.state.channel,
            points=reporters_points(request),
            contact_keys=request.contact_keys,
            language=request.state.language,
        )

    def _followers(self, request: ServiceRequest) -> Iterator[Follower]:
        cursor: str | None = None
        while True:
            page = self.contacts.followers(request.protocol, limit=FOLLOWERS_AT_ONCE, cursor=cursor)
            yield from page.items
            if page.next is None:
                return
            cursor = page.next


def _follower(follower: Follower) -> Addressee:
    texts = {kind: follower.private.get(f"reporter.{kind}") for kind in ("phone", "email")}
    return Addressee(
        to=FOLLOWER,
        name=f"{FOLLOWER}#{follower.follower_id}",
        channel=follower.channel,
        points={kind: text.value for kind, text in texts.items() if isinstance(text, Private)},
        contact_keys=(follower.person_key,) if follower.person_key else (),
        language=PORTUGUESE,
        follower=follower.follower_id,
    )


def _third_party(request: ServiceRequest, seq: int) -> Addressee | None:
    """Read whom the secretariat waits for; none once that is erased."""
    email = request.text(seq, "party_email")
    if not isinstance(email, str):
        return None
    return Addressee(
        to=THIRD_PARTY,
        name=THIRD_PARTY,
        channel=Channel.EMAIL,
        points={"email": email},
        contact_keys=(),
        language=PORTUGUESE,
    )


def _claim(
    request: ServiceRequest, seq: int, kind: MessageKind, somebody: Addressee, medium: Medium, now: datetime
) -> Send:
    return Send(
        subject=request.protocol,
        name=f"{seq}#{somebody.name}#{medium}",
        to=somebody.to,
        medium=medium,
        at=now,
        kind=kind,
        seq=seq,
    )
