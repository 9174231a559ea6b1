"""Know how far the stream functions have read.

The engine keeps this to itself. But it reads each stream from the start of the run, in order, and logs how
many records each source has processed; what a stream holds can be asked. The difference is unread. Records
older than a day are gone from the stream: the engine's iterators say how many.
"""

import base64
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.target import Target

_PROCESSED = re.compile(rb"ESM: Lambda (\S+) processed (\d+) DynamoDB stream records from (\S+)")
_POLL_SECONDS = 0.25
_PAGE = 1000

_Source = tuple[str, str]  # function, table


@dataclass
class _Stream:
    iterator: str
    gone: int
    arrivals: list[datetime] = field(default_factory=list)


@dataclass(kw_only=True)
class StreamReaders:
    """Every stream source of a target's functions, since the engine started."""

    target: Target
    engine_log: Path
    _streams: dict[str, _Stream] = field(default_factory=dict, init=False)
    _processed: dict[_Source, int] = field(default_factory=dict, init=False)
    _log_offset: int = field(default=0, init=False)

    def oldest_unread(self) -> datetime | None:
        """Return when the oldest change arrived that some function has yet to process; None if none waits."""
        self._read_log()
        waiting = [arrival for arrival in map(self._oldest_unread_of, self._sources()) if arrival is not None]
        return min(waiting, default=None)

    def wait_until_caught_up(self, timeout_seconds: float, is_hasty: Callable[[], bool]) -> bool:
        """Wait until nothing is unread; tell whether that was reached in time and before any haste."""
        deadline = time.monotonic() + timeout_seconds
        while self.oldest_unread() is not None:
            if is_hasty() or time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def _sources(self) -> list[tuple[_Source, str]]:
        pages = self.target.client("lambda").get_paginator("list_event_source_mappings").paginate()
        mappings = [mapping for page in pages for mapping in page["EventSourceMappings"]]
        streams = [
            (m["FunctionArn"], m["EventSourceArn"]) for m in mappings if ":dynamodb:" in m["EventSourceArn"]
        ]
        return [((_function_of(function), _table_of(stream)), stream) for function, stream in streams]

    def _oldest_unread_of(self, source: tuple[_Source, str]) -> datetime | None:
        name, stream_arn = source
        stream = self._read_stream(stream_arn)
        processed = max(0, self._processed.get(name, 0) - stream.gone)
        return stream.arrivals[processed] if processed < len(stream.arrivals) else None

    def _read_stream(self, stream_arn: str) -> _Stream:
        client = self.target.client("dynamodbstreams")
        if stream_arn not in self._streams:
            iterator = _first_iterator(client, stream_arn)
            self._streams[stream_arn] = _Stream(iterator=iterator, gone=_position_of(iterator))
        stream = self._streams[stream_arn]
        while True:
            page = client.get_records(ShardIterator=stream.iterator, Limit=_PAGE)
            arrived = (record["dynamodb"]["ApproximateCreationDateTime"] for record in page["Records"])
            stream.arrivals.extend(moment.astimezone(UTC) for moment in arrived)
            stream.iterator = page.get("NextShardIterator", stream.iterator)
            if not page["Records"]:
                return stream

    def _read_log(self) -> None:
        with self.engine_log.open("rb") as log:
            log.seek(self._log_offset)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self._log_offset += len(line)
                if match := _PROCESSED.search(line):
                    source = (match[1].decode(), match[3].decode())
                    self._processed[source] = self._processed.get(source, 0) + int(match[2])


def _first_iterator(client: Any, stream_arn: str) -> str:
    shard = client.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]
    answer = client.get_shard_iterator(
        StreamArn=stream_arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    return str(answer["ShardIterator"])


def _position_of(iterator: str) -> int:
    """Read the number of earlier records from an iterator of the engine's; to others they are opaque."""
    return int(json.loads(base64.urlsafe_b64decode(iterator))["p"])


def _function_of(arn: str) -> str:
    return arn.split(":function:")[1].split(":")[0]


def _table_of(stream_arn: str) -> str:
    return stream_arn.split(":table/")[1].split("/")[0]
