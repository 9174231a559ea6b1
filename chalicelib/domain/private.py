"""Keep personal data and free text apart, so that they can be erased and the chain still verifies.

A timeline entry holds SHA-256(salt ‖ value) of each text (LGPD art. 18 VI): deleting value and
salt leaves a digest that says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

SEED_BYTES = 16


class Erased(Enum):
    """What stands where a private value was."""

    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """A private value and its own 128-bit salt, in hexadecimal."""

    value: str
    salt: str

    @property
    def digest(self) -> str:
        """Commit to the value without telling it."""
        return hashlib.sha256(bytes.fromhex(self.salt) + self.value.encode()).hexdigest()


def seal(texts: Mapping[str, str], seed: bytes) -> dict[str, Private]:
    """Give each non-empty text a salt of its own, drawn from the act's random `seed`.

    Raises:
        ValueError: the seed has fewer than 16 bytes, so that an erased text could be guessed.
    """
    if any(texts.values()) and len(seed) < SEED_BYTES:
        raise ValueError(f"a seed of {SEED_BYTES} random bytes is needed")
    return {
        name: Private(value=value, salt=hashlib.sha256(seed + name.encode()).hexdigest()[:32])
        for name, value in texts.items()
        if value
    }
