"""Name where declared calamities are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol as Port

from chalicelib.domain.calamities import Calamity


class CalamitiesChanged(Exception):
    """Somebody else wrote since the revision that was seen; read and decide again."""


class CalamityStore(Port):
    """Keeps the list of calamities as one item, apart from the catalogue that they change."""

    def read(self) -> tuple[tuple[Calamity, ...], int]:
        """Return the calamities and the revision of the list; none and 0 before the first was declared."""
        ...

    def write(self, calamities: Sequence[Calamity], seen_revision: int) -> None:
        """Put the next revision of the list.

        Raises:
            CalamitiesChanged: `seen_revision` is no longer the stored one, or this very write had
                succeeded and its answer was lost.
            Unavailable: the table did not answer; repeating is safe.
        """
        ...
