"""Remember the requests whose look failed for good."""

from __future__ import annotations

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.timers import Stuck

STUCK = "stuck"

_stuck = msgspec.json.Decoder(Stuck)


class DynamoStuckTimers:
    """The `StuckTimers` port; one partition holds all, for they are few."""

    def put(self, stuck: Stuck) -> None:
        """Set a request aside; doing it twice keeps the newer."""
        at = sortable(stuck.at)
        document = msgspec.json.encode(stuck).decode()
        no_newer = OperationModel.line.does_not_exist() | (OperationModel.at <= at)
        line = OperationModel(STUCK, stuck.protocol, document=document, at=at)
        happened(lambda: line.save(condition=no_newer))

    def all(self) -> list[Stuck]:
        """List what is set aside, the oldest first."""
        with translated_failures():
            found = [
                _stuck.decode(line.document or "")
                for line in OperationModel.query(STUCK, consistent_read=True)
            ]
        return sorted(found, key=lambda stuck: (stuck.at, stuck.protocol))

    def remove(self, protocol: Protocol) -> bool:
        """Let sweeps try it again; False if it was not set aside.

        It looks before it deletes: a delete that the SDK repeats could not tell whether it was the first.
        """
        with translated_failures():
            try:
                line = OperationModel.get(STUCK, protocol, consistent_read=True)
            except DoesNotExist:
                return False
            line.delete()
        return True
