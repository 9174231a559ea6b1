"""How people are told, in memory: the queue of notices, what waits, what was sent and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.notices import (
    Letter,
    Medium,
    NotSent,
    Postponed,
    Queued,
    Send,
    SendStatus,
    SurveyNotice,
    Undeliverable,
)


@dataclass(slots=True)
class FakeNoticeQueue:
    """The `NoticeQueue`."""

    notices: list[Queued] = field(default_factory=list)
    held: list[tuple[str, int]] = field(default_factory=list)
    is_down: bool = False

    def send(self, notices: Sequence[Queued]) -> None:
        if self.is_down:
            raise Unavailable
        self.notices += notices

    def hold(self, receipt: str, seconds: int) -> None:
        if self.is_down:
            raise Unavailable
        self.held.append((receipt, seconds))


@dataclass(slots=True)
class FakeDeferred:
    """The `Deferred`."""

    waiting: set[tuple[datetime, Postponed]] = field(default_factory=set)
    is_down: bool = False

    def put(self, notice: Postponed, not_before: datetime) -> None:
        self._refuse_if_down()
        kept = replace(notice, waited_until=not_before)
        self.waiting.add((not_before, kept))

    def due(self, now: datetime, *, limit: int) -> list[tuple[datetime, Postponed]]:
        self._refuse_if_down()
        found = [one for one in self.waiting if one[0] <= now]
        return sorted(found, key=_place)[:limit]

    def remove(self, notice: Postponed, not_before: datetime) -> None:
        self._refuse_if_down()
        self.waiting.discard((not_before, notice))

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


def _place(waiting: tuple[datetime, Postponed]) -> tuple[datetime, str, str]:
    not_before, notice = waiting
    if isinstance(notice, SurveyNotice):
        return not_before, notice.protocol, f"survey#{notice.generation}#{notice.step}"
    return not_before, notice.protocol, f"{notice.seq:03d}"


@dataclass(slots=True)
class FakeSender:
    """A `Sender`; `refused` gives addresses that it will never deliver to, and its word for why.

    `loses_answers` makes it send and say nothing, once each; while it is down it may say for how long.
    """

    sent: list[tuple[str, Letter]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    is_down: bool = False
    loses_answers: int = 0
    retry_after_seconds: int | None = None

    def send(self, address: str, letter: Letter) -> str:
        if self.is_down:
            raise NotSent(self.retry_after_seconds)
        if address in self.refused:
            raise Undeliverable(self.refused[address])
        self.sent.append((address, letter))
        if self.loses_answers:
            self.loses_answers -= 1
            raise Unavailable
        return f"provider-{len(self.sent)}"


@dataclass(slots=True)
class FakeSendLog:
    """The `SendLog`; the instant of a send tells whose claim it is."""

    kept: dict[tuple[str, str], Send] = field(default_factory=dict)
    is_down: bool = False

    def claim(self, send: Send) -> bool:
        self._refuse_if_down()
        if (send.subject, send.name) in self.kept:
            return False
        self.kept[send.subject, send.name] = send
        return True

    def release(self, send: Send) -> None:
        self._refuse_if_down()
        stored = self.kept.get((send.subject, send.name))
        if stored is not None and stored.at == send.at and stored.status is SendStatus.CLAIMED:
            del self.kept[send.subject, send.name]

    def mark(self, send: Send) -> None:
        self._refuse_if_down()
        stored = self.kept.get((send.subject, send.name), send)
        if stored.at == send.at:
            self.kept[send.subject, send.name] = send

    def of(self, subject: str) -> list[Send]:
        self._refuse_if_down()
        return [self.kept[key] for key in sorted(self.kept) if key[0] == subject]

    def by_provider_id(self, provider_id: str) -> Send | None:
        self._refuse_if_down()
        mails = (send for send in self.kept.values() if send.medium is Medium.EMAIL)
        return next((send for send in mails if send.provider_id == provider_id), None)

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable
