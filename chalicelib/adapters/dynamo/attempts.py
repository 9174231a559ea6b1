"""Count wrong access codes, so that six digits cannot be tried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import SessionModel
from chalicelib.domain.errors import TooManyAttempts, Unavailable
from chalicelib.services.ports.basics import Clock

ALLOWANCE = 10
WINDOW = timedelta(hours=1)
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoAttempts:
    """The `AttemptLimiter` port; an hour begins with its first wrong code.

    DynamoDB may remove an item long after `expires_at`, so its age is checked here.
    """

    clock: Clock

    def refuse_if_exhausted(self, subject: str) -> None:
        """Raise `TooManyAttempts` when the hour's allowance is used up."""
        with translated_failures():
            try:
                counter = SessionModel.get(_key(subject), consistent_read=True)
            except DoesNotExist:
                return
        seconds_left = int(counter.expires_at) - self._now()
        if seconds_left > 0 and (counter.failures or 0) >= ALLOWANCE:
            raise TooManyAttempts(seconds_left)

    def count_failure(self, subject: str) -> None:
        """Add one to the hour's count, or begin a new hour."""
        for _ in range(MOST_TRIES):
            if self._add(subject) or self._begin(subject):
                return
        raise Unavailable

    def _add(self, subject: str) -> bool:
        running = SessionModel.expires_at > self._now()
        return happened(
            lambda: SessionModel(_key(subject)).update([SessionModel.failures.add(1)], condition=running)
        )

    def _begin(self, subject: str) -> bool:
        now = self._now()
        over = SessionModel.key.does_not_exist() | (SessionModel.expires_at <= now)
        counter = SessionModel(_key(subject), failures=1, expires_at=now + int(WINDOW.total_seconds()))
        return happened(lambda: counter.save(condition=over))

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _key(subject: str) -> str:
    return f"attempts#{subject}"
