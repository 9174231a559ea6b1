"""A FIFO queue of SQS in memory: the calls that we make, and what Lambda would hand to a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.fakes import FakeClock

DEDUPLICATED_FOR = timedelta(minutes=5)


@dataclass(slots=True)
class FifoMessage:
    """One message: its group, from when on it is seen, and how often it was."""

    message_id: str
    body: str
    group: str
    visible_at: datetime
    receives: int = 0


@dataclass(slots=True)
class FakeFifo:
    """Gives the messages of a group in order, none while an earlier one is in hand."""

    clock: FakeClock
    hidden_for: timedelta = timedelta(minutes=6)
    most_receives: int = 100
    waiting: list[FifoMessage] = field(default_factory=list)
    dead: list[FifoMessage] = field(default_factory=list)
    sent_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    numbers: Any = field(default_factory=count)

    def get_queue_url(self, **named: Any) -> dict[str, Any]:
        return {"QueueUrl": f"https://sqs/{named['QueueName']}"}

    def send_message_batch(self, **given: Any) -> dict[str, Any]:
        now = self.clock.now()
        for entry in given["Entries"]:
            assert "DelaySeconds" not in entry  # FIFO queues refuse a delay of one message
            key = (entry["MessageGroupId"], entry["MessageDeduplicationId"])
            before = self.sent_at.get(key)
            if before is None or now - before > DEDUPLICATED_FOR:
                self.sent_at[key] = now
                message_id = f"message-{next(self.numbers)}"
                self.waiting.append(FifoMessage(message_id, entry["MessageBody"], key[0], now))
        return {"Successful": given["Entries"]}

    def change_message_visibility(self, **wanted: Any) -> dict[str, Any]:
        for message in self.waiting:
            if message.message_id == wanted["ReceiptHandle"]:
                message.visible_at = self.clock.now() + timedelta(seconds=wanted["VisibilityTimeout"])
        return {}

    def receive(self, most: int) -> list[dict[str, Any]]:
        """Hand out a batch as Lambda's records; what came too often lies with the `dead`."""
        now = self.clock.now()
        for message in [one for one in self.waiting if one.receives >= self.most_receives]:
            if message.visible_at <= now:
                self.waiting.remove(message)
                self.dead.append(message)
        locked = {message.group for message in self.waiting if message.visible_at > now}
        batch = [message for message in self.waiting if message.group not in locked][:most]
        for message in batch:
            message.receives, message.visible_at = message.receives + 1, now + self.hidden_for
        return [_record(message) for message in batch]

    def settle(self, records: list[dict[str, Any]], failed: list[dict[str, str]]) -> None:
        """Delete what a function did not report as failed."""
        kept = {one["itemIdentifier"] for one in failed}
        done = {record["messageId"] for record in records} - kept
        self.waiting = [message for message in self.waiting if message.message_id not in done]


def _record(message: FifoMessage) -> dict[str, Any]:
    return {
        "messageId": message.message_id,
        "receiptHandle": message.message_id,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.receives),
            "MessageGroupId": message.group,
        },
    }
