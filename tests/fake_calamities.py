"""Declared calamities and pre-allocated protocols, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.calamities import Calamity
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.calamities import CalamitiesChanged
from chalicelib.services.ports.requests import ProtocolTaken


@dataclass(slots=True)
class FakeCalamities:
    """The `CalamityStore`; `meanwhile` happens once, between somebody's reading and writing."""

    calamities: tuple[Calamity, ...] = ()
    revision: int = 0
    reads: int = 0
    is_down: bool = False
    meanwhile: Callable[[], None] | None = None

    def read(self) -> tuple[tuple[Calamity, ...], int]:
        if self.is_down:
            raise Unavailable
        self.reads += 1
        return self.calamities, self.revision

    def write(self, calamities: Sequence[Calamity], seen_revision: int) -> None:
        if self.is_down:
            raise Unavailable
        if (happens := self.meanwhile) is not None:
            self.meanwhile = None
            happens()
        if seen_revision != self.revision:
            raise CalamitiesChanged
        self.calamities, self.revision = tuple(calamities), self.revision + 1


@dataclass(slots=True)
class FakePaper:
    """The `PaperProtocols`."""

    allocated: dict[Protocol, PaperProtocol] = field(default_factory=dict)
    reads: int = 0

    def add(self, paper: PaperProtocol) -> None:
        if paper.protocol in self.allocated:
            raise ProtocolTaken
        self.allocated[paper.protocol] = paper

    def find(self, protocol: Protocol) -> PaperProtocol | None:
        self.reads += 1
        return self.allocated.get(protocol)
