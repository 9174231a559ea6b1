"""Sign requests to AWS: Signature Version 4 for POSTs of the JSON protocols, and nothing more."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol as Port

ALGORITHM = "AWS4-HMAC-SHA256"


class Credentials(Port):
    """The keys of whoever calls; the token is there for the temporary ones of a role."""

    @property
    def access_key_id(self) -> str:
        """Name the key."""
        ...

    @property
    def secret_access_key(self) -> str:
        """Return the secret that signs."""
        ...

    @property
    def session_token(self) -> str | None:
        """Return the token that proves a role's session."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a signature is good for."""

    region: str
    service: str


def signed_headers(
    headers: Mapping[str, str], body: bytes, scope: Scope, credentials: Credentials, now: datetime
) -> dict[str, str]:
    """Return lower-case `headers` (with `host`) plus date, token and signature for `POST /`."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    signed = {**headers, "x-amz-date": stamp}
    if credentials.session_token:
        signed["x-amz-security-token"] = credentials.session_token
    names = sorted(signed)
    listed = ";".join(names)
    canonical = "\n".join(
        (
            "POST\n/\n",
            *(f"{name}:{' '.join(signed[name].split())}" for name in names),
            f"\n{listed}",
            hashlib.sha256(body).hexdigest(),
        )
    )
    day = stamp[:8]
    credential_scope = f"{day}/{scope.region}/{scope.service}/aws4_request"
    text = f"{ALGORITHM}\n{stamp}\n{credential_scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = _signing_key(credentials.secret_access_key, day, scope.region, scope.service)
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    signed["authorization"] = (
        f"{ALGORITHM} Credential={credentials.access_key_id}/{credential_scope}, "
        f"SignedHeaders={listed}, Signature={signature}"
    )
    return signed


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """Derive the day's key; it stays the same for all calls of a day."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
