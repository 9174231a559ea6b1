"""Issue, check, rotate and revoke API keys; only the SHA-256 of a secret is ever kept."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.access import Principal, is_scope
from chalicelib.domain.errors import Fault, InvalidInput, NotFound, Unauthenticated
from chalicelib.services.ports.basics import Clock, Randomness
from chalicelib.services.ports.people import ApiKey, ApiKeyStore

PREFIX = "c156"
OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Everything about API keys; a token reads `c156_<key id>_<secret>` and is shown once."""

    keys: ApiKeyStore
    clock: Clock
    randomness: Randomness

    def authenticate(self, token: str) -> Principal:
        """Return whose token it is.

        Raises:
            Unauthenticated: it is unknown, expired or revoked; which of these is told only to
                somebody who holds the right secret.
        """
        prefix, _, rest = token.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self.keys.find(key_id) if prefix == PREFIX and key_id and secret else None
        if key is None or not hmac.compare_digest(key.secret_sha256, _sha256(secret)):
            raise Unauthenticated("unknown")
        self._refuse_ended(key)
        return key.principal

    def issue(
        self, owner: str, scopes: Iterable[str], *, expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """Create a key; its token is returned this once and never again.

        Raises:
            InvalidInput: a scope is malformed, or there is none.
        """
        wanted = frozenset(scopes)
        wrong = [
            Fault(path="scopes", reason="not_a_scope", facts={"scope": s}) for s in wanted if not is_scope(s)
        ]
        if not wanted:
            wrong.append(Fault(path="scopes", reason="required"))
        if not owner.strip():
            wrong.append(Fault(path="owner", reason="required"))
        if wrong:
            raise InvalidInput(*wrong)
        key_id, secret = self.randomness.seed().hex()[-12:], self._secret()
        key = ApiKey(
            key_id=key_id,
            secret_sha256=_sha256(secret),
            principal=Principal(name=owner, scopes=wanted),
            created_at=self.clock.now(),
            expires_at=expires_at,
        )
        self.keys.put(key)
        return key, f"{PREFIX}_{key_id}_{secret}"

    def rotate(self, key_id: str, *, overlap: timedelta = OVERLAP) -> tuple[ApiKey, str]:
        """Create a successor with the same owner and scopes; the old key lives on for `overlap`.

        Raises:
            NotFound: there is no such key.
            Unauthenticated: it is revoked or expired, and nothing can follow it.
        """
        old = self._known(key_id)
        self._refuse_ended(old)
        successor = self.issue(old.principal.name, old.principal.scopes, expires_at=old.expires_at)
        end = self.clock.now() + overlap
        if old.expires_at is None or end < old.expires_at:
            self.keys.put(dataclasses.replace(old, expires_at=end))
        return successor

    def revoke(self, key_id: str) -> ApiKey:
        """End a key; running functions stop accepting it within a minute."""
        revoked = dataclasses.replace(self._known(key_id), revoked_at=self.clock.now())
        self.keys.put(revoked)
        return revoked

    def _refuse_ended(self, key: ApiKey) -> None:
        now = self.clock.now()
        if key.revoked_at is not None and key.revoked_at <= now:
            raise Unauthenticated("revoked")
        if key.expires_at is not None and key.expires_at <= now:
            raise Unauthenticated("expired")

    def _known(self, key_id: str) -> ApiKey:
        key = self.keys.find(key_id)
        if key is None:
            raise NotFound("key", key_id)
        return key

    def _secret(self) -> str:
        entropy = self.randomness.seed() + self.randomness.seed()
        return base64.b32encode(entropy).decode().rstrip("=").lower()


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
