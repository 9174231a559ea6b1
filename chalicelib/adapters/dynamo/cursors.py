"""Write list positions as opaque cursors and read them back, whatever became of them meanwhile."""

from __future__ import annotations

import base64
import binascii

import msgspec

from chalicelib.domain.errors import Fault, InvalidInput

LONGEST_CURSOR = 400
_decoder = msgspec.json.Decoder(tuple[str, ...])


def cursor_of(*position: str) -> str:
    """Pack the keys of the last item seen; the partition is not in it, it follows from the question."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def position_of(cursor: str, length: int) -> tuple[str, ...]:
    """Unpack a cursor of `length` keys.

    Raises:
        InvalidInput: it is none of ours.
    """
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError("too long")
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = _decoder.decode(packed)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(Fault(path="cursor", reason="invalid_cursor")) from error
    if len(position) != length or not all(position):
        raise InvalidInput(Fault(path="cursor", reason="invalid_cursor"))
    return position
