"""Tell people what was decided: each at the hours at which he may be told, and each of them once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import NotFound
from chalicelib.domain.message_kinds import RULES, Audience, Matter, Timing
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.quiet_hours import tellable_at
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.tellings import Telling, awaits_somebody, tellings, ways_to_tell
from chalicelib.domain.working_time import is_working_time
from chalicelib.services.citizen_notices import CitizenNotices
from chalicelib.services.digests import Digests, digest_subject
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.notices import (
    DecisionNotice,
    Deferred,
    DigestNotice,
    Letter,
    Medium,
    Notice,
    NoticeQueue,
    Send,
)
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.sending import Fate, Sending, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What a notice came to.

    `reached_nobody` says that an emergency waits and its alert was in vain; `to_be_called` that people must
    tell the citizen; `fanned_out` to how many followers the news goes.
    """

    told: tuple[Told, ...] = ()
    deferred_until: datetime | None = None
    reached_nobody: bool = False
    to_be_called: bool = False
    fanned_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Derives from a notice who is told what, and sends it."""

    requests: RequestStore
    catalogue: CatalogueSource
    digests: Digests
    citizens: CitizenNotices
    sending: Sending
    deferred: Deferred
    queue: NoticeQueue
    clock: Clock
    base_url: str

    def notify(self, notice: Notice) -> Notified:
        """Tell whoever must know; repeating a notice repeats no message whose fate is known.

        Raises:
            Unavailable: something transient failed after everything else was sent; repeat the notice.
        """
        if isinstance(notice, DigestNotice):
            return self._send_digest(notice)
        try:
            request = self.requests.load(notice.protocol)
        except NotFound:
            return Notified()
        return _TELLERS[notice.audience](self, request, notice)

    def _tell_staff(self, request: ServiceRequest, notice: DecisionNotice) -> Notified:
        catalogue, now = self.catalogue.current(), self.clock.now()
        found = tellings(request, notice.seq, catalogue, now=now, base_url=self.base_url)
        is_quiet = not all(telling.is_urgent for telling in found)
        until = self._wait(notice, Timing.WORKING_HOURS, now) if is_quiet else None
        told = self.sending.tell_all(
            (_claim(notice, telling, now), telling) for telling in found if telling.is_urgent or not until
        )
        failed = all(one.fate is Fate.FAILED for one in told)
        return Notified(
            told=told,
            deferred_until=until,
            reached_nobody=failed and awaits_somebody(request, notice.seq),
        )

    def _tell_citizen(self, request: ServiceRequest, notice: DecisionNotice) -> Notified:
        now = self.clock.now()
        kind = self.citizens.kind_for(request, notice)
        if kind is None:
            return Notified()
        if until := self._wait(notice, RULES[kind].timing, now):
            return Notified(deferred_until=until)
        told, to_be_called = self.citizens.tell(request, notice, kind)
        return Notified(told=told, to_be_called=to_be_called)

    def _fan_out(self, request: ServiceRequest, notice: DecisionNotice) -> Notified:
        """Give each follower a notice of his own: one who cannot be told delays no other."""
        notices = list(self.citizens.of_followers(request, notice))
        if notices:
            self.queue.send(notices)
        return Notified(fanned_out=len(notices))

    def _wait(self, notice: DecisionNotice, timing: Timing, now: datetime) -> datetime | None:
        """Let a notice wait for its hour; None if that is now."""
        until = tellable_at(timing, calendar_of(self.catalogue.current()), now)
        if until <= now:
            return None
        self.deferred.put(notice, until)
        return until

    def _send_digest(self, notice: DigestNotice) -> Notified:
        """Send the digest of this very day; one that comes too late is dropped, tomorrow brings another."""
        catalogue, now = self.catalogue.current(), self.clock.now()
        calendar, person = calendar_of(catalogue), catalogue.people.get(notice.person)
        if notice.day != calendar.local_day(now) or not is_working_time(calendar, now) or person is None:
            return Notified()
        ways = ways_to_tell(person)[-1:]
        letter = self.digests.compile(notice.person, notice.day) if ways else None
        if letter is None:
            return Notified()
        ((medium, address),) = ways
        if medium is Medium.SMS:
            letter = Letter(text=letter.subject)
        telling = Telling(
            to=notice.person, medium=medium, matter=Matter.COURTESY, address=address, letter=letter
        )
        claim = Send(
            subject=digest_subject(notice.day), name=notice.person, to=notice.person, medium=medium, at=now
        )
        return Notified(told=self.sending.tell_all([(claim, telling)]))


def _claim(notice: DecisionNotice, telling: Telling, now: datetime) -> Send:
    name = f"{notice.seq}#{telling.to}#{telling.medium}"
    return Send(
        subject=notice.protocol, name=name, to=telling.to, medium=telling.medium, at=now, seq=notice.seq
    )


_TELLERS: Mapping[Audience, Callable[[Notifying, ServiceRequest, DecisionNotice], Notified]] = {
    Audience.STAFF: Notifying._tell_staff,
    Audience.CITIZEN: Notifying._tell_citizen,
    Audience.FOLLOWERS: Notifying._fan_out,
    Audience.FOLLOWER: Notifying._tell_citizen,
    Audience.THIRD_PARTY: Notifying._tell_citizen,
}
