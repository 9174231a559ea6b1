"""Whether the functions of the queues have something to do, told from what is in the queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.work_queues import WorkQueues

BEGUN = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW = BEGUN + timedelta(minutes=3)
RUNS, HIDES = timedelta(minutes=1), timedelta(minutes=6)


@dataclass
class FakeEngine:
    """An engine with a function for a table's stream and one for the queue `looks`."""

    messages: list[dict[str, Any]]

    def client(self, service: str) -> FakeEngine:
        return self

    def get_paginator(self, operation: str) -> FakeEngine:
        return self

    def paginate(self) -> list[dict[str, Any]]:
        sources = (
            "dynamodb:sa-east-1:000000000000:table/requests/stream/1",
            "sqs:sa-east-1:000000000000:looks",
        )
        mappings = [{"FunctionArn": "attend", "EventSourceArn": f"arn:aws:{source}"} for source in sources]
        return [{"EventSourceMappings": mappings}]

    def get_function_configuration(self, **asked: str) -> dict[str, int]:
        return {"Timeout": int(RUNS.total_seconds())}

    def get_queue_url(self, **asked: str) -> dict[str, str]:
        return {"QueueUrl": "http://127.0.0.1:8157/looks"}

    def get_queue_attributes(self, **asked: Any) -> dict[str, dict[str, str]]:
        return {"Attributes": {"VisibilityTimeout": str(int(HIDES.total_seconds()))}}

    def peek(self, queue: str) -> list[dict[str, Any]]:
        assert queue == "looks"
        return self.messages


def a_message(*, visible_at: datetime, receives: int) -> dict[str, Any]:
    return {
        "IsVisible": visible_at <= NOW,
        "VisibleAt": int(visible_at.timestamp()),
        "ReceiveCount": receives,
    }


def received(at: datetime) -> dict[str, Any]:
    return a_message(visible_at=at + HIDES, receives=1)


def are_idle(*messages: dict[str, Any]) -> bool:
    engine = FakeEngine(list(messages))
    queues = WorkQueues(target=engine, peek=engine.peek, begun_at=BEGUN)  # type: ignore[arg-type] # it asks for clients
    return queues.are_idle(NOW)


WAITING = a_message(visible_at=NOW, receives=0)
RETURNED = a_message(visible_at=NOW, receives=2)
DELAYED = a_message(visible_at=NOW + timedelta(minutes=15), receives=0)
WORKED_ON = received(NOW - timedelta(seconds=30))
GIVEN_UP = received(NOW - timedelta(minutes=2))
LEFT_BY_AN_EARLIER_RUN = received(BEGUN - timedelta(seconds=10))


@pytest.mark.parametrize("message", [WAITING, RETURNED, WORKED_ON])
def test_a_message_that_waits_or_is_worked_on_keeps_a_function_busy(message: dict[str, Any]) -> None:
    assert not are_idle(DELAYED, message)


@pytest.mark.parametrize("message", [DELAYED, GIVEN_UP, LEFT_BY_AN_EARLIER_RUN])
def test_a_message_that_is_delayed_or_hidden_after_a_failure_keeps_nobody_busy(
    message: dict[str, Any],
) -> None:
    assert are_idle(message)
    assert are_idle()
