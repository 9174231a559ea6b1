"""What operators and the people of the ladder look at, in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.feed_positions import begin_of, line_position
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.oversight import EscalationLine, LateLine, Polling


@dataclass(slots=True)
class FakeEscalationLog:
    """The `EscalationLog`; `lines` holds them by position."""

    lines: dict[str, EscalationLine] = field(default_factory=dict)
    is_down: bool = False

    def note(self, lines: Sequence[EscalationLine]) -> None:
        self._refuse_if_down()
        self.lines |= {line_position(line.at, line.protocol, line.seq): line for line in lines}

    def since(self, moment: datetime, *, limit: int, cursor: str | None = None) -> Page[EscalationLine]:
        self._refuse_if_down()
        begin = begin_of(moment, cursor)
        found = sorted(position for position in self.lines if position > begin)
        page = found[:limit]
        return Page(
            items=tuple(self.lines[position] for position in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeLateList:
    """The `LateList`."""

    listed: dict[Protocol, LateLine] = field(default_factory=dict)
    is_down: bool = False

    def put(self, line: LateLine) -> None:
        self._refuse_if_down()
        self.listed.setdefault(line.protocol, line)

    def remove(self, protocol: Protocol) -> None:
        self._refuse_if_down()
        self.listed.pop(protocol, None)

    def page(self, *, limit: int, cursor: str | None = None) -> Page[LateLine]:
        self._refuse_if_down()
        lines = {f"{sortable(line.due_at)}#{line.protocol}": line for line in self.listed.values()}
        after = "" if cursor is None else position_of(cursor, 1)[0]
        found = sorted(position for position in lines if position > after)
        page = found[:limit]
        return Page(
            items=tuple(lines[position] for position in page),
            next=cursor_of(page[-1]) if len(found) > limit else None,
        )

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeDigestLines:
    """The `DigestLines`."""

    protocols_by_post: dict[str, set[Protocol]] = field(default_factory=dict)
    is_down: bool = False

    def add(self, post: str, protocol: Protocol) -> None:
        self._refuse_if_down()
        self.protocols_by_post.setdefault(post, set()).add(protocol)

    def remove(self, post: str, protocol: Protocol) -> None:
        self._refuse_if_down()
        self.protocols_by_post.get(post, set()).discard(protocol)

    def of(self, post: str) -> list[Protocol]:
        self._refuse_if_down()
        return sorted(self.protocols_by_post.get(post, ()))

    def posts(self) -> list[str]:
        self._refuse_if_down()
        return sorted(post for post, protocols in self.protocols_by_post.items() if protocols)

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakePollings:
    """The `Pollings`."""

    kept: dict[str, Polling] = field(default_factory=dict)
    is_down: bool = False

    def polled(self, secretariat: str, at: datetime) -> None:
        self._refuse_if_down()
        known = self.kept.get(secretariat, Polling(secretariat=secretariat))
        if known.polled_at is None or known.polled_at < at:
            self.kept[secretariat] = dataclasses.replace(known, polled_at=at)

    def all(self) -> dict[str, Polling]:
        self._refuse_if_down()
        return dict(self.kept)

    def watch(self, polling: Polling) -> None:
        self._refuse_if_down()
        known = self.kept.get(polling.secretariat, Polling(secretariat=polling.secretariat))
        self.kept[polling.secretariat] = dataclasses.replace(
            known, idle_since=polling.idle_since, alarmed_at=polling.alarmed_at
        )

    def _refuse_if_down(self) -> None:
        if self.is_down:
            raise Unavailable


@dataclass(slots=True)
class FakeQueueDepths:
    """The `QueueDepths`; a secretariat that `depths` does not name has no queue."""

    depths: dict[str, tuple[int, int]] = field(default_factory=dict)
    is_down: bool = False

    def waiting(self, secretariat: str) -> tuple[int, int] | None:
        if self.is_down:
            raise Unavailable
        return self.depths.get(secretariat)
