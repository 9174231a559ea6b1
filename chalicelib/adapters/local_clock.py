"""Tell a time that can be put forward: for demonstrations on the local engine, never in AWS."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.adapters.dynamo.lean import LeanConfig

KIND, KEY = "switches", "clock"
CHECKED_EVERY_SECONDS = 1.0


@dataclass(slots=True, kw_only=True)
class LocalClock:
    """The `Clock` port: the system's time and what `python -m infra clock` has added to it."""

    config: LeanConfig
    _ahead: timedelta = field(default=timedelta(), init=False)
    _read_next: float = field(default=0.0, init=False)

    def now(self) -> datetime:
        """Return the present instant of the local system in UTC."""
        if time.monotonic() >= self._read_next:
            stored = self.config.get(KIND, KEY)
            self._ahead = timedelta(seconds=int(stored["seconds"])) if stored else timedelta()
            self._read_next = time.monotonic() + CHECKED_EVERY_SECONDS
        return datetime.now(UTC) + self._ahead
