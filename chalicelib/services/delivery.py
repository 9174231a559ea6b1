"""Bring every decision to the secretariat that must know it: relay, park, redrive, relay again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import NotFound, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.services.dispatch import Dispatch
from chalicelib.services.messages import Messages
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.delivery import (
    Change,
    ChangeFollower,
    ChangeReader,
    DeliveryLog,
    Parked,
    UnreadableChange,
)
from chalicelib.services.ports.people import MediaStore, PeopleProjection
from chalicelib.services.ports.requests import RequestStore

UNREADABLE, BEHIND = "unreadable", "behind_an_earlier_one"
WRITE_TAKES_AT_MOST = timedelta(minutes=1)
"""A decision is dated before it is written; an API call lives 29 s."""
CHANGES_AT_ONCE = 100
MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """What a batch of changes came to; `parked` wants an operator."""

    changes: int
    messages: int
    parked: tuple[Parked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Turns changes of requests into messages, change-feed lines and what is known of people.

    `followers` are told of the same changes after that.
    """

    reader: ChangeReader
    messages: Messages
    dispatch: Dispatch
    log: DeliveryLog
    requests: RequestStore
    people: PeopleProjection
    media: MediaStore
    clock: Clock
    followers: Sequence[ChangeFollower] = ()

    def relay(self, records: Sequence[Mapping[str, Any]]) -> Relayed:
        """Deliver what a batch of stream records decided; doing it twice sends the same messages.

        A record that cannot be decoded does not raise: the stream would retry it for hours and hold
        up its whole shard, then drop it to the failure queue, and later decisions of its protocol
        would overtake it. Its key can be read, so its protocol is parked like any other permanent
        failure, and a redrive derives the messages from the table once a release can read the item.

        Raises:
            Unavailable: something transient failed after everything else was done; the stream
                repeats the batch, in halves.
        """
        changes: list[Change] = []
        unreadable: set[Protocol] = set()
        for record in records:
            try:
                change = self.reader.read(record)
            except UnreadableChange as error:
                self._park(error.protocol, error.before + 1, UNREADABLE)
                unreadable.add(error.protocol)
            else:
                changes += [change] if change else []
        return self._deliver(changes, unreadable)

    def relay_since(self, moment: datetime, requests: Iterable[ServiceRequest]) -> int:
        """Send again every decision taken since `moment`; return how many messages were sent.

        Deduplication ids are the usual ones: what was sent within five minutes is dropped by the
        queue, what was sent earlier arrives twice and consumers ignore it by its seq.
        """
        recent = _changed_since(moment - WRITE_TAKES_AT_MOST, requests)
        sent = 0
        while changes := list(islice(recent, CHANGES_AT_ONCE)):
            sent += self._deliver(changes).messages
        return sent

    def redrive(self, protocol: Protocol) -> Parked | None:
        """Send what waits of a protocol, from the table; return what still waits, None if nothing.

        Decisions that are taken meanwhile join the parked ones (the relay sees the protocol
        parked), so unparking succeeds only when all that was parked has been sent.

        Raises:
            NotFound: nothing of this protocol is parked.
            Unavailable: a queue or table did not answer, or decisions came faster than they were sent.
        """
        if self.log.parked().get(protocol) is None:
            raise NotFound("undelivered", protocol)
        for _ in range(MOST_ROUNDS):
            parked = self.log.parked().get(protocol)
            if parked is None:
                return None
            waiting = self.messages.after(parked.first_seq - 1, self.requests.load(protocol))
            outcome = self.dispatch.send(waiting)
            if outcome.interruption:
                raise outcome.interruption
            if outcome.undeliverable:
                return parked
            if self.log.unpark(parked):
                return None
        raise Unavailable

    def _deliver(self, changes: Sequence[Change], unreadable: Set[Protocol] = frozenset()) -> Relayed:
        parked = self.log.parked() if changes else {}
        free = [change for change in changes if change.request.protocol not in parked]
        outcome = self.dispatch.send(self._messages(free))
        stopped = {one.protocol: one.seq for one in outcome.undeliverable}
        for one in outcome.undeliverable:
            self._park(one.protocol, one.seq, one.reason)
        for change in changes:
            protocol, version = change.request.protocol, change.request.version
            if protocol in parked:
                self._park_behind(change)
            elif version > stopped.get(protocol, version):
                self._park(protocol, version, BEHIND)
        self._project_people(changes)
        self._keep_photos(changes)
        for follower in self.followers:
            follower.follow(changes)
        if outcome.interruption:
            raise outcome.interruption
        held = {change.request.protocol for change in changes} & parked.keys()
        return Relayed(
            changes=len(changes),
            messages=outcome.sent,
            parked=self._still_parked(held | stopped.keys() | unreadable),
        )

    def _messages(self, changes: Iterable[Change]) -> list[Message]:
        return [m for change in changes for m in self.messages.after(change.before, change.request)]

    def _still_parked(self, protocols: Set[Protocol]) -> tuple[Parked, ...]:
        waiting = self.log.parked() if protocols else {}
        return tuple(waiting[protocol] for protocol in sorted(protocols) if protocol in waiting)

    def _park(self, protocol: Protocol, seq: int, reason: str) -> None:
        self.log.park(protocol, seq, reason, self.clock.now())

    def _park_behind(self, change: Change) -> None:
        """Let a later decision wait behind what is parked, unless a redrive has just finished.

        Then this parking stands alone: nobody would look at it, so it is redriven at once.
        """
        protocol = change.request.protocol
        if change.before == change.request.version:
            return
        self._park(protocol, change.before + 1, BEHIND)
        self._park(protocol, change.request.version, BEHIND)
        now_parked = self.log.parked().get(protocol)
        if now_parked is not None and now_parked.reason == BEHIND:
            with suppress(NotFound):  # another redrive has just taken this one along
                self.redrive(protocol)

    def _project_people(self, changes: Iterable[Change]) -> None:
        """Note whom each opening was for; keys only, the contact points themselves stay private."""
        for change in changes:
            request, state = change.request, change.request.state
            if change.before or request.person_key is None:
                continue
            for contact_key in request.contact_keys:
                self.people.saw(
                    contact_key, person_key=request.person_key, channel=state.channel, at=state.opened_at
                )

    def _keep_photos(self, changes: Iterable[Change]) -> None:
        """Save from deletion what the new decisions quote."""
        for change in changes:
            for media_id in change.request.photos_quoted(after=change.before):
                self.media.keep(media_id)


def _changed_since(moment: datetime, requests: Iterable[ServiceRequest]) -> Iterator[Change]:
    for request in requests:
        recent = next((entry.seq for entry in request.timeline if entry.at >= moment), None)
        if recent is not None:
            yield Change(before=recent - 1, request=request)
