"""Say what every order has: its command, and which of its fields are free texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from chalicelib.domain.transitions import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command with its particulars; `TEXTS` are free and private.

    `MANDATORY` fields must not be blank, `SHORT` texts are brief.
    """

    COMMAND: ClassVar[Command]
    TEXTS: ClassVar[tuple[str, ...]] = ("note",)
    MANDATORY: ClassVar[tuple[str, ...]] = ()
    SHORT: ClassVar[tuple[str, ...]] = ()

    def texts(self) -> dict[str, str]:
        """Collect the free texts by name."""
        return {name: getattr(self, name) for name in self.TEXTS}
