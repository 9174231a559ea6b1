"""Keep the protocols allocated for paper in the config table, an item each."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.adapters.dynamo.request_store import ConditionFailed
from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.requests import ProtocolTaken

PAPER = "paper"
_paper = msgspec.json.Decoder(PaperProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanPaper:
    """The `PaperProtocols` port over the signed client: intake reads it too."""

    config: LeanConfig

    def add(self, paper: PaperProtocol) -> None:
        """Put an item that is not there yet; one whose answer was lost counts as taken."""
        document = msgspec.json.encode(paper).decode()
        try:
            self.config.put_new(PAPER, paper.protocol, {"document": document})
        except ConditionFailed as error:
            raise ProtocolTaken from error

    def find(self, protocol: Protocol) -> PaperProtocol | None:
        """Read one item."""
        item = self.config.get(PAPER, protocol)
        return None if item is None else _paper.decode(item["document"])
