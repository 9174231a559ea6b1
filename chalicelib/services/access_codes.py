"""Check the six digits that a citizen was given with his protocol."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from chalicelib.domain.errors import ActorNotAllowed
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.people import AttemptLimiter, IdentityKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessCodes:
    """Tell whether somebody was given a protocol; few wrong codes an hour are let pass."""

    identity: IdentityKeys
    attempts: AttemptLimiter

    def check(self, protocol: Protocol, access_code: str | None) -> None:
        """Let pass whoever has the code of `protocol`.

        Raises:
            TooManyAttempts: ten wrong access codes came within the hour.
            ActorNotAllowed: the code is wrong, or there is none: the protocol alone proves nothing.
        """
        if access_code is None:
            raise ActorNotAllowed
        self.attempts.refuse_if_exhausted(protocol)
        expected = self.identity.access_code(protocol)
        if not hmac.compare_digest(access_code.encode(), expected.encode()):
            self.attempts.count_failure(protocol)
            raise ActorNotAllowed
