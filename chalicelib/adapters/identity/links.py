"""Sign what a link vouches for; tokens are short, because they travel in text messages."""

from __future__ import annotations

import hashlib
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadSignature, HMACAlgorithm, Signer

from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.errors import LinkUnknown
from chalicelib.domain.protocols import Protocol

SIGNATURE_BYTES = 18
"""144 bits: nobody guesses them, and in Base64 they leave no spare bits that could be changed unnoticed."""
TOKEN = re.compile(r"[a-z]([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{24}")
LONGEST_TOKEN = 200
HEX_DIGITS = re.compile(r"[0-9a-f]{32}")
FIXED = struct.Struct(">6sHI")
LETTERS = {
    LinkPurpose.REQUEST: "r",
    LinkPurpose.QUESTION: "q",
    LinkPurpose.SURVEY: "s",
    LinkPurpose.THIRD_PARTY: "t",
    LinkPurpose.FOLLOWER: "f",
    LinkPurpose.PREFERENCES: "p",
}
_PURPOSES = {letter: purpose for purpose, letter in LETTERS.items()}


class _ShortHmac(HMACAlgorithm):
    """HMAC-SHA-256, cut to what fits a text message and still resists guessing (RFC 2104, 5)."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItsdangerousLinks:
    """The `SignedLinks` port; `keys` are the signing key and those that are still read, newest first.

    A token is the letter of its purpose, the packed claim and a signature whose key is derived from the
    purpose too, so that a token of one purpose is never one of another.
    """

    keys: Sequence[str]

    def issue(self, claim: LinkClaim) -> str:
        """Write a claim as 42 characters, more where it names a follower."""
        packed = FIXED.pack(
            int(claim.protocol).to_bytes(6, "big"), claim.number, int(claim.issued_at.timestamp())
        )
        text = urlsafe_b64encode(packed + _packed_follower(claim.follower)).rstrip(b"=").decode()
        return self._signer(claim.purpose).sign(LETTERS[claim.purpose] + text).decode()

    def read(self, token: str, purpose: LinkPurpose) -> LinkClaim:
        """Read a token of that purpose, or raise `LinkUnknown`."""
        shape = TOKEN.fullmatch(token) if len(token) <= LONGEST_TOKEN else None
        if shape is None or token[0] != LETTERS[purpose]:
            raise LinkUnknown
        try:
            self._signer(purpose).unsign(token)
        except BadSignature as error:
            raise LinkUnknown from error
        return _claim(purpose, urlsafe_b64decode(shape[1] + "=" * (-len(shape[1]) % 4)))

    def purpose_of(self, token: str) -> LinkPurpose:
        """Tell what a token says that it is for, or raise `LinkUnknown`; only `read` proves it."""
        purpose = _PURPOSES.get(token[:1])
        if purpose is None:
            raise LinkUnknown
        return purpose

    def _signer(self, purpose: LinkPurpose) -> Signer:
        oldest_first = [key for key in reversed(self.keys) if key]
        algorithm = _ShortHmac(hashlib.sha256)
        salt = f"central156.link.{purpose}"
        return Signer(
            oldest_first, salt=salt, key_derivation="hmac", digest_method=hashlib.sha256, algorithm=algorithm
        )


def _claim(purpose: LinkPurpose, packed: bytes) -> LinkClaim:
    number_of_protocol, number, seconds = FIXED.unpack(packed[: FIXED.size])
    return LinkClaim(
        purpose=purpose,
        protocol=Protocol(f"{int.from_bytes(number_of_protocol, 'big'):013d}"),
        number=number,
        issued_at=datetime.fromtimestamp(seconds, UTC),
        follower=_unpacked_follower(packed[FIXED.size :]),
    )


def _packed_follower(follower: str | None) -> bytes:
    """Halve an id of 32 hexadecimal digits, as most are; a first byte tells which way it was."""
    if follower is None:
        return b""
    return b"x" + bytes.fromhex(follower) if HEX_DIGITS.fullmatch(follower) else b"t" + follower.encode()


def _unpacked_follower(packed: bytes) -> str | None:
    if not packed:
        return None
    return packed[1:].hex() if packed[:1] == b"x" else packed[1:].decode()
