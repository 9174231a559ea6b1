"""Let a follower contest the result of the request he follows: that opens a request of his own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.contacts import Follower
from chalicelib.domain.contests import contestable_until, own_contest, refuse_own_contest
from chalicelib.domain.errors import (
    Fault,
    IdempotencyKeyReused,
    LinkUnknown,
    LinkUsed,
    NotFound,
    Unavailable,
)
from chalicelib.domain.intake import LONGEST_DESCRIPTION
from chalicelib.domain.opening import calendar_of, open_request, private_texts
from chalicelib.domain.protocols import Protocol, compose_protocol, online_number
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.services.acts import CITIZEN, Acts
from chalicelib.services.citizen import CitizenActs
from chalicelib.services.commands import Command
from chalicelib.services.intake import MOST_COLLISIONS, Opened
from chalicelib.services.photos import upload_faults
from chalicelib.services.ports.people import ContactLog
from chalicelib.services.ports.requests import ProtocolTaken
from chalicelib.services.refusals import refuse_faulty

REPORTER = "reporter."
CONTACT_POINTS = ("cpf", "phone", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerContests:
    """Contests of people who only follow a request; each may contest each result once."""

    citizens: CitizenActs
    contacts: ContactLog

    def followed(self, token: str) -> ServiceRequest:
        """Show the request that a follower's link is about.

        Raises:
            LinkUnknown: it is not one of ours, was edited, or its follower is gone.
            LinkExpired: its time is over.
        """
        return self._followed(token)[0]

    def contest(self, token: str, reason: str, photos: Sequence[str] = ()) -> Opened:
        """Open the follower's own request about the same; the same contest sent twice opens one.

        Raises:
            LinkUnknown, LinkExpired: as `followed` does.
            LinkUsed: he contested this result before, in other words.
            TransitionNotAllowed: there is no result to contest.
            ContestTooLate: the time to contest is over.
            InvalidInput: naming every fault.
        """
        followed, follower = self._followed(token)
        catalogue, now = self._acts.catalogue.current(), self._acts.clock.now()
        command = _command(followed, follower, reason, photos)
        ended_at, until = _ended_at(followed, now), contestable_until(followed, catalogue) or now
        first, last = (calendar_of(catalogue).local_day(at) for at in (ended_at, min(now, until)))
        try:
            if earlier := self._first_result(command, first, last):
                return self._answer(earlier, repeated=True)
            refuse_own_contest(followed, catalogue, now)
            self._refuse(followed, reason, photos, catalogue)
            return self._add(followed, follower, reason, photos, command)
        except IdempotencyKeyReused as error:
            raise LinkUsed from error

    @property
    def _acts(self) -> Acts:
        return self.citizens.acts

    def _followed(self, token: str) -> tuple[ServiceRequest, Follower]:
        claim, request = self.citizens.opened(token, LinkPurpose.FOLLOWER)
        follower = self.contacts.follower(claim.protocol, claim.follower or "")
        if follower is None:
            raise LinkUnknown
        return request, follower

    def _refuse(
        self, followed: ServiceRequest, reason: str, photos: Sequence[str], catalogue: Catalogue
    ) -> None:
        faults: list[Fault] = []
        if not reason.strip():
            faults.append(Fault(path="reason", reason="required"))
        if len(reason) > LONGEST_DESCRIPTION:
            facts = {"longest": LONGEST_DESCRIPTION, "length": len(reason)}
            faults.append(Fault(path="reason", reason="too_long", facts=facts))
        if followed.state.service not in catalogue.services:
            faults.append(Fault(path="service", reason="unknown_service"))
        refuse_faulty(faults, upload_faults(self._acts.identity, self._acts.media, photos))

    def _add(
        self,
        followed: ServiceRequest,
        follower: Follower,
        reason: str,
        photos: Sequence[str],
        command: Command,
    ) -> Opened:
        acts, contact = self._acts, _contact_of(follower)
        catalogue, now = acts.catalogue.current(), acts.clock.now()
        draft = own_contest(followed, reason, photos, contact)
        points = {kind: contact[kind] for kind in CONTACT_POINTS if kind in contact}
        act = Act(
            by=CITIZEN,
            at=now,
            channel=follower.channel,
            texts=private_texts(draft, catalogue.services[draft.service], points),
            seed=acts.randomness.seed(),
            command=command.digests(),
        )
        identity = acts.identity.identify(points)
        day = calendar_of(catalogue).local_day(now)
        for protocol in self._candidates(command, day):
            request = open_request(
                protocol, draft, follower.channel, identity, catalogue, act, contests=followed.protocol
            )
            try:
                acts.requests.add(request)
            except ProtocolTaken:
                stored = acts.requests.load(protocol)
                if command.repeats(stored.timeline[0].data.get("command")):
                    return self._answer(stored, repeated=True)
                continue
            return self._answer(request, repeated=False)
        raise Unavailable

    def _first_result(self, command: Command, first: date, last: date) -> ServiceRequest | None:
        """Find what a first sending opened on any day since the result: there are few, and they are rare."""
        for days in range((last - first).days + 1):
            for protocol in self._candidates(command, last - timedelta(days=days)):
                try:
                    stored = self._acts.requests.load(protocol)
                except NotFound:
                    break
                if command.repeats(stored.timeline[0].data.get("command")):
                    return stored
        return None

    def _candidates(self, command: Command, day: date) -> Iterator[Protocol]:
        for attempt in range(MOST_COLLISIONS):
            number = self._acts.identity.number(command.owner, command.key, attempt)
            yield compose_protocol(day, online_number(number))

    def _answer(self, request: ServiceRequest, *, repeated: bool) -> Opened:
        code = self._acts.identity.access_code(request.protocol)
        return Opened(request=request, access_code=code, repeated=repeated)


def _command(followed: ServiceRequest, follower: Follower, reason: str, photos: Sequence[str]) -> Command:
    """Name the one contest that a follower has against the result of one generation."""
    key = f"{followed.protocol}\n{follower.follower_id}\n{followed.state.generation}"
    return Command(owner="follower", key=key, body="\n".join([reason, *photos]).encode())


def _ended_at(followed: ServiceRequest, now: datetime) -> datetime:
    ended = followed.state.resolution or followed.state.rejection
    return ended.at if ended else now


def _contact_of(follower: Follower) -> dict[str, str]:
    return {
        name.removeprefix(REPORTER): text.value
        for name, text in follower.private.items()
        if name.startswith(REPORTER)
    }
