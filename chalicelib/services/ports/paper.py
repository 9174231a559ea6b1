"""Name where the protocols are kept that were given out on paper."""

from __future__ import annotations

from typing import Protocol as Port

from chalicelib.domain.paper import PaperProtocol
from chalicelib.domain.protocols import Protocol


class PaperProtocols(Port):
    """Keeps which protocols were allocated for paper; whether one is used shows in the requests."""

    def add(self, paper: PaperProtocol) -> None:
        """Allocate a protocol, or raise `ProtocolTaken` if it is allocated already."""
        ...

    def find(self, protocol: Protocol) -> PaperProtocol | None:
        """Return the allocation of a protocol, None if it was never given out on paper."""
        ...
