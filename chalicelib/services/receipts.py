"""Wrap the handle of a received message with what it is about, as one opaque token."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from chalicelib.domain.protocols import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a receipt token says; SQS alone decides whether it still holds its message.

    The token needs no signature: whoever forges one reaches only his own queue (SQS knows which
    queue a handle is from) and accepts only requests that his own key may accept.
    """

    secretariat: str
    protocol: Protocol
    seq: int
    handle: str

    def token(self) -> str:
        """Write it as one opaque text."""
        fields = [self.secretariat, self.protocol, self.seq, self.handle]
        return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()

    @classmethod
    def parse(cls, token: str) -> Receipt:
        """Read a token, or raise ValueError."""
        try:
            fields = json.loads(base64.urlsafe_b64decode(token))
        except (binascii.Error, UnicodeError, RecursionError) as error:
            raise ValueError from error
        match fields:
            case [str(secretariat), str(protocol), int(seq), str(handle)] if handle:
                return cls(secretariat=secretariat, protocol=Protocol(protocol), seq=seq, handle=handle)
        raise ValueError
