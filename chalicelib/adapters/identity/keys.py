"""Derive keys, codes and numbers by HMAC-SHA-256 from the installation's secret pepper."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.adapters.identity.contact_points import ContactPointInvalid
from chalicelib.domain.errors import Fault
from chalicelib.domain.opening import Identity
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.people import ContactPoints

KEY_HEX_DIGITS = 32
STRONGEST_FIRST = ("cpf", "phone", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacIdentityKeys:
    """The `IdentityKeys` port over one secret; each use has a context of its own, so keys never meet."""

    pepper: bytes
    normalisers: Mapping[str, Callable[[str], str]]

    def normalise(self, *, cpf: str, phone: str, email: str, path: str) -> ContactPoints:
        """Bring the given contact points into their one form; blank ones are left out."""
        points: dict[str, str] = {}
        faults: list[Fault] = []
        for kind, text in {"cpf": cpf, "phone": phone, "email": email}.items():
            if not text:
                continue
            try:
                points[kind] = self.normalisers[kind](text)
            except ContactPointInvalid as error:
                faults.append(Fault(path=f"{path}.{kind}", reason=error.reason))
        return ContactPoints(points=points, faults=tuple(faults))

    def identify(self, points: Mapping[str, str]) -> Identity:
        """Derive one key per contact point; the person's is that of the CPF, else phone, else e-mail."""
        keys = tuple(self._hex(f"person:{kind}", points[kind]) for kind in STRONGEST_FIRST if kind in points)
        return Identity(person_key=keys[0] if keys else None, contact_keys=keys)

    def number(self, owner: str, idempotency_key: str, attempt: int) -> int:
        """Derive seven digits from who asks, under which key, at which attempt."""
        return self._number("protocol", f"{owner}\n{idempotency_key}\n{attempt}") % 10**7

    def access_code(self, protocol: Protocol) -> str:
        """Derive the six digits that prove that somebody was given this protocol."""
        return f"{self._number('access', protocol) % 10**6:06d}"

    def media_signature(self, media_id: str) -> str:
        """Sign a media id with sixteen hexadecimal digits."""
        return self._hex("media", media_id)[:16]

    def _digest(self, context: str, value: str) -> bytes:
        return hmac.digest(self.pepper, f"{context}\0{value}".encode(), hashlib.sha256)

    def _hex(self, context: str, value: str) -> str:
        return self._digest(context, value).hex()[:KEY_HEX_DIGITS]

    def _number(self, context: str, value: str) -> int:
        return int.from_bytes(self._digest(context, value)[:8])
