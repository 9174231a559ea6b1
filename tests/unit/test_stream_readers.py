"""How far the stream functions have read, told from the engine's log and its streams."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.streams import StreamReaders

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
STREAM = "arn:aws:dynamodb:sa-east-1:000000000000:table/requests/stream/1"
PROCESSED = "INFO [lambda] ESM: Lambda relay processed {} DynamoDB stream records from requests\n"


@dataclass
class FakeEngine:
    """One stream that one function reads; the first `gone` of its records are too old to be read again."""

    arrivals: list[datetime] = field(default_factory=list)
    gone: int = 0

    def client(self, service: str) -> "FakeEngine":
        return self

    def get_paginator(self, operation: str) -> "FakeEngine":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        function = "arn:aws:lambda:sa-east-1:000000000000:function:relay"
        return [{"EventSourceMappings": [{"FunctionArn": function, "EventSourceArn": STREAM}]}]

    def describe_stream(self, **asked: str) -> dict[str, Any]:
        return {"StreamDescription": {"Shards": [{"ShardId": "shard"}]}}

    def get_shard_iterator(self, **asked: str) -> dict[str, str]:
        return {"ShardIterator": _iterator(self.gone)}

    def get_records(self, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: N803 - AWS's names
        begin = json.loads(base64.urlsafe_b64decode(ShardIterator))["p"]
        page = self.arrivals[begin : begin + Limit]
        records = [{"dynamodb": {"ApproximateCreationDateTime": arrival}} for arrival in page]
        return {"Records": records, "NextShardIterator": _iterator(begin + len(page))}


def _iterator(position: int) -> str:
    return base64.urlsafe_b64encode(json.dumps({"p": position}).encode()).decode()


def readers(engine: FakeEngine, directory: Path, *processed: int) -> StreamReaders:
    log = directory / "engine.log"
    log.write_text("".join(PROCESSED.format(count) for count in processed))
    return StreamReaders(target=engine, engine_log=log)  # type: ignore[arg-type] # all it asks are clients


def arrivals(count: int) -> list[datetime]:
    return [NOON + timedelta(minutes=n) for n in range(count)]


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_the_oldest_unread_change_is_found_also_when_older_ones_are_gone(gone: int, tmp_path: Path) -> None:
    engine = FakeEngine(arrivals(5), gone)

    assert readers(engine, tmp_path, 2, 1).oldest_unread() == NOON + timedelta(minutes=3)


def test_nothing_is_unread_when_all_was_processed(tmp_path: Path) -> None:
    assert readers(FakeEngine(arrivals(5), 2), tmp_path, 5).oldest_unread() is None
    assert readers(FakeEngine(), tmp_path).oldest_unread() is None


def test_haste_ends_the_wait(tmp_path: Path) -> None:
    waiting = readers(FakeEngine(arrivals(1)), tmp_path)

    assert not waiting.wait_until_caught_up(60, lambda: True)
    assert not waiting.wait_until_caught_up(0, lambda: False)
    (tmp_path / "engine.log").write_text(PROCESSED.format(1))
    assert waiting.wait_until_caught_up(60, lambda: True)
