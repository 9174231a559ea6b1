"""Name what writes receipts and letters so that any browser prints them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol as Port


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a citizen takes home from the counter; `address` is where the QR code leads.

    Dates are written out already, in the citizen's `language`.
    """

    language: str
    city: str
    protocol: str
    access_code: str = field(repr=False)
    service: str
    secretariat: str
    opened_on: str
    due_on: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLetter:
    """A message on paper: who gets it, where he lives (empty at a counter), and what it says by name."""

    receipt: Receipt
    kind: str
    written_on: str
    name: str = field(repr=False)
    postal_address: str = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)


class Printer(Port):
    """Writes HTML pages of A5 that need no script."""

    def receipt(self, receipt: Receipt) -> str:
        """Write a receipt."""
        ...

    def letter(self, letter: PaperLetter) -> str:
        """Write a letter."""
        ...
