"""Let one worker at a time do something."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.models import SessionModel
from chalicelib.services.ports.basics import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoLeases:
    """The `Leases` port: a lease is over by the clock, whenever DynamoDB removes its item.

    A write that the SDK repeats finds its own owner there, and holds the lease all the same.
    """

    clock: Clock

    def acquire(self, name: str, owner: str, seconds: int) -> bool:
        """Take or prolong a lease from now; False while another owner holds it."""
        now = int(self.clock.now().timestamp())
        free = (
            SessionModel.key.does_not_exist()
            | (SessionModel.owner == owner)
            | (SessionModel.expires_at <= now)
        )
        lease = SessionModel(_key(name), owner=owner, expires_at=now + seconds)
        return happened(lambda: lease.save(condition=free))

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; harmless if it is no longer held."""
        happened(lambda: SessionModel(_key(name)).delete(condition=SessionModel.owner == owner))


def _key(name: str) -> str:
    return f"lease#{name}"
