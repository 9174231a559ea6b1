"""Name where it is kept how citizens want to be told things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol as Port

from chalicelib.domain.preferences import Preferences


class PreferenceStore(Port):
    """Keeps citizens' choices by the keys of their contact points."""

    def of(self, contact_keys: Sequence[str]) -> Preferences:
        """Return the newest choice made under any of the keys; nothing chosen where there is none."""
        ...

    def keep(self, contact_keys: Sequence[str], chosen: Preferences) -> None:
        """Put a choice in the place of whatever was chosen before, under each of the keys."""
        ...
