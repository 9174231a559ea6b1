"""Know whether the functions that read queues have something to do.

What a function could not do stays hidden in its queue for a while, like what it is working on. They are told
apart by time: nobody works on a message any longer than its function may run, nor since before the start.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from infra.target import Target

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A queue, for how long it hides what it hands out, and how long the function runs that reads it."""

    queue: str
    hidden_seconds: int
    run_seconds: int


@dataclass(frozen=True, kw_only=True)
class WorkQueues:
    """The queues that are sources of a target's functions; `peek` shows what is in one, hidden or not."""

    target: Target
    peek: Callable[[str], Sequence[Message]]
    begun_at: datetime

    def are_idle(self, now: datetime | None = None) -> bool:
        """Tell whether nothing waits and nothing is worked on; what is delayed is not due yet."""
        moment = (now or datetime.now(UTC)).timestamp()
        return not any(
            self._is_busy(message, source, moment)
            for source in self._sources
            for message in self.peek(source.queue)
        )

    def _is_busy(self, message: Message, source: _Source, now: float) -> bool:
        if message["IsVisible"] or message["ReceiveCount"] == 0:
            return bool(message["IsVisible"])
        received = message["VisibleAt"] + 1 - source.hidden_seconds  # the engine shows whole seconds
        return bool(received > max(self.begun_at.timestamp(), now - source.run_seconds))

    @cached_property
    def _sources(self) -> list[_Source]:
        pages = self.target.client("lambda").get_paginator("list_event_source_mappings").paginate()
        mappings = [mapping for page in pages for mapping in page["EventSourceMappings"]]
        return [self._source(one) for one in mappings if ":sqs:" in one["EventSourceArn"]]

    def _source(self, mapping: Mapping[str, str]) -> _Source:
        queue, sqs = mapping["EventSourceArn"].rsplit(":", 1)[1], self.target.client("sqs")
        url, hidden = sqs.get_queue_url(QueueName=queue)["QueueUrl"], "VisibilityTimeout"
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[hidden])["Attributes"]
        function = self.target.client("lambda").get_function_configuration(
            FunctionName=mapping["FunctionArn"]
        )
        return _Source(
            queue=queue, hidden_seconds=int(attributes[hidden]), run_seconds=int(function["Timeout"])
        )
