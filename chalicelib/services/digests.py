"""Compile what each person of the ladder should hear of, once per working day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain.breach_risk import BreachRisk, minutes_left
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.digests import DigestLine, concerns, digest_letter
from chalicelib.domain.errors import NotFound
from chalicelib.domain.letters import Letter
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.recipients import persons_to_tell
from chalicelib.domain.requests import ServiceRequest, State
from chalicelib.domain.working_time import is_working_time
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.notices import DigestNotice, Medium, NoticeQueue, Send, SendLog
from chalicelib.services.ports.oversight import DigestLines
from chalicelib.services.ports.people import ContactLog
from chalicelib.services.ports.requests import RequestIndex, RequestStore

READ_AT_ONCE = 100
MOST_READ = 3_000
"""Of how many requests a post's digest is made: the oldest, for protocols begin with their day."""
MOST_WEIGHED = 300
"""Of how many requests the followers are counted, those first that are riskiest without them."""
STARTED = "started"


def digest_subject(day: date) -> str:
    """Name the digests of a day in the log of sends."""
    return f"digest#{day.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Starts the digests of a day and compiles that of a person."""

    lines: DigestLines
    index: RequestIndex
    requests: RequestStore
    contacts: ContactLog
    catalogue: CatalogueSource
    sends: SendLog
    queue: NoticeQueue
    clock: Clock

    def start(self, now: datetime) -> list[DigestNotice]:
        """Queue a notice for everybody who has something to hear of, once office hours have begun.

        Harmless at every tick: the rest of the day, and on days without work, it does nothing. If two
        ticks overlap everybody is queued twice, and the claim of each digest keeps it single.
        """
        catalogue = self.catalogue.current()
        calendar = calendar_of(catalogue)
        day = calendar.local_day(now)
        if not is_working_time(calendar, now) or self._is_started(day):
            return []
        people = persons_to_tell(self.lines.posts(), catalogue, day)
        notices = [DigestNotice(person=person, day=day) for person in people]
        if notices:
            self.queue.send(notices)
        self.sends.claim(
            Send(subject=digest_subject(day), name=STARTED, to=STARTED, medium=Medium.EMAIL, at=now)
        )
        return notices

    def compile(self, person: str, day: date) -> Letter | None:
        """Write the digest of a person for `day`, whatever number of posts it concerns; None if it is empty.

        Requests are read afresh, and those that no longer concern a post are struck off its list.
        """
        catalogue, now = self.catalogue.current(), self.clock.now()
        posts = persons_to_tell(self.lines.posts(), catalogue, day).get(person, ())
        states: dict[Protocol, State] = {}
        unread = 0
        for post in posts:
            protocols = self.lines.of(post)
            states |= self._standing(post, protocols[:MOST_READ], catalogue, day)
            unread += len(protocols[MOST_READ:])
        lines = [_line(protocol, state, catalogue, now) for protocol, state in states.items()]
        if not lines:
            return None
        return digest_letter(self._weighed(lines), catalogue, day, unread=unread)

    def _is_started(self, day: date) -> bool:
        return any(send.name == STARTED for send in self.sends.of(digest_subject(day)))

    def _standing(
        self, post: str, protocols: Sequence[Protocol], catalogue: Catalogue, day: date
    ) -> Iterator[tuple[Protocol, State]]:
        for start in range(0, len(protocols), READ_AT_ONCE):
            chunk = protocols[start : start + READ_AT_ONCE]
            found = {request.protocol: request for request in self.index.load_many(chunk)}
            for protocol in chunk:
                request = found.get(protocol)
                if request is None or not concerns(request.state, post, catalogue, day):
                    request = self._reread(protocol)
                if request is not None and concerns(request.state, post, catalogue, day):
                    yield protocol, request.state
                else:
                    self.lines.remove(post, protocol)

    def _reread(self, protocol: Protocol) -> ServiceRequest | None:
        """Read consistently: a list may show a request as it was before the line was written."""
        try:
            return self.requests.load(protocol)
        except NotFound:
            return None

    def _weighed(self, lines: list[DigestLine]) -> list[DigestLine]:
        ordered = sorted(lines, key=lambda line: line.risk.order)
        weighed = [self._with_followers(line) for line in ordered[:MOST_WEIGHED]]
        return [*weighed, *ordered[MOST_WEIGHED:]]

    def _with_followers(self, line: DigestLine) -> DigestLine:
        affected = 1 + self.contacts.count_followers(line.protocol)
        return replace(line, risk=replace(line.risk, affected=affected))


def _line(protocol: Protocol, state: State, catalogue: Catalogue, now: datetime) -> DigestLine:
    left = minutes_left(state, calendar_of(catalogue), now)
    risk = BreachRisk(minutes_left=left, affected=1, priority=state.priority)
    return DigestLine(protocol=protocol, state=state, risk=risk)
