"""Write a catalogue as compressed parts that fit into items, and read it back."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import msgspec

from chalicelib.domain.catalogue import Catalogue

PART_BYTES = 340_000
"""An item holds 400 KB with its keys; this leaves room for them."""
_LEVEL = 9


class CatalogueUnreadable(ValueError):
    """The parts are incomplete, damaged, or written by a version of the code that we do not understand."""


def encode(catalogue: Catalogue) -> list[bytes]:
    """Compress a catalogue into parts, in order; the same catalogue gives the same parts."""
    packed = zlib.compress(msgspec.msgpack.encode(catalogue), _LEVEL)
    return [packed[start : start + PART_BYTES] for start in range(0, len(packed), PART_BYTES)]


def decode(parts: Sequence[bytes]) -> Catalogue:
    """Read a catalogue back from all its parts.

    Raises:
        CatalogueUnreadable: they are not all the parts of one catalogue.
    """
    try:
        return msgspec.msgpack.decode(zlib.decompress(b"".join(parts)), type=Catalogue)
    except (zlib.error, msgspec.DecodeError) as error:
        raise CatalogueUnreadable(str(error)) from error
