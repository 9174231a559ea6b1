"""Remember which requests could not be delivered, and from which decision on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ConfigModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.adapters.dynamo.request_store import ConditionFailed
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.delivery import Parked

UNDELIVERED = "undelivered"
MOST_TRIES = 5


class DynamoParking:
    """The undelivered requests, an item each; reason and time stay those of the first parking."""

    __slots__ = ()

    def park(self, protocol: Protocol, seq: int, reason: str, at: datetime) -> None:
        """Remember that `protocol` is undelivered from `seq` on."""
        for _ in range(MOST_TRIES):
            if _extend(protocol, seq, reason, at) or _precede(protocol, seq) or _covers(protocol, seq):
                return
        raise Unavailable

    def parked(self) -> Mapping[Protocol, Parked]:
        """List what is parked."""
        with translated_failures():
            items = ConfigModel.query(UNDELIVERED, consistent_read=True)
            return {Protocol(item.key): _parked(item) for item in items}

    def unpark(self, parked: Parked) -> bool:
        """Forget it if nothing was parked since it was read; False otherwise."""
        unchanged = (ConfigModel.first_seq == parked.first_seq) & (ConfigModel.last_seq == parked.last_seq)
        try:
            with translated_failures():
                ConfigModel(UNDELIVERED, parked.protocol).delete(condition=unchanged)
        except ConditionFailed:
            return False
        return True


def _extend(protocol: Protocol, seq: int, reason: str, at: datetime) -> bool:
    """Begin a parking with `seq`, or let a present one reach up to it."""
    actions: list[Action] = [
        ConfigModel.first_seq.set(ConfigModel.first_seq | seq),
        ConfigModel.last_seq.set(seq),
        ConfigModel.reason.set(ConfigModel.reason | reason),
        ConfigModel.at.set(ConfigModel.at | sortable(at)),
    ]
    return _updated(protocol, actions, ConfigModel.last_seq.does_not_exist() | (ConfigModel.last_seq < seq))


def _precede(protocol: Protocol, seq: int) -> bool:
    """Let a present parking begin with an earlier decision."""
    return _updated(protocol, [ConfigModel.first_seq.set(seq)], ConfigModel.first_seq > seq)


def _covers(protocol: Protocol, seq: int) -> bool:
    with translated_failures():
        try:
            item = ConfigModel.get(UNDELIVERED, protocol, consistent_read=True)
        except DoesNotExist:
            return False
    parked = _parked(item)
    return parked.first_seq <= seq <= parked.last_seq


def _updated(protocol: Protocol, actions: list[Action], condition: Condition) -> bool:
    try:
        with translated_failures():
            ConfigModel(UNDELIVERED, protocol).update(actions=actions, condition=condition)
    except ConditionFailed:
        return False
    return True


def _parked(item: ConfigModel) -> Parked:
    return Parked(
        protocol=Protocol(item.key),
        first_seq=int(item.first_seq or 0),
        last_seq=int(item.last_seq or 0),
        reason=item.reason or "",
        at=datetime.fromisoformat(item.at or "").astimezone(UTC),
    )
