"""Tell the time and give random bytes, as the operating system does."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime


class SystemClock:
    """The `Clock` port over the system's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


class SystemRandomness:
    """The `Randomness` port over the system's entropy."""

    def seed(self) -> bytes:
        """Return 16 fresh random bytes."""
        return secrets.token_bytes(16)
