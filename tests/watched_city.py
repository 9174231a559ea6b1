"""A running system whose clock is put forward, seen by those who watch over deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.clock import local_time, put_forward
from infra.local.system import STAGE
from infra.logs import Function, recent_lines
from infra.target import Target
from tests.deployed import RunningSystem
from tests.engine_outbox import EngineOutbox

ESCALATED = "central156.request.escalated.v1"
_OF_THE_ENGINE = (" [sns] ", " [ses] ")
"""Where the engine itself logs whom a text message or an e-mail went to."""


@dataclass(frozen=True, slots=True)
class WatchedCity:
    """What is asked, ordered and told while requests become late."""

    system: RunningSystem

    @property
    def target(self) -> Target:
        return Target(stage=STAGE, endpoint_url=self.system.endpoints.engine_url)

    @property
    def outbox(self) -> EngineOutbox:
        return EngineOutbox(engine_url=self.system.endpoints.engine_url)

    def go_forward(self, by: timedelta) -> None:
        put_forward(self.target, by)

    def go_to(self, moment: datetime) -> None:
        put_forward(self.target, moment - local_time(self.target))

    def settle(self, within_seconds: float) -> None:
        """Wait until the functions have nothing left to do."""
        assert self.system.local.settle(within_seconds), "the functions never came to rest"

    def open_request(self, body: dict[str, Any], key: str = "web") -> dict[str, Any]:
        return self._ordered("POST", "/v1/requests", key, body)

    def accept(self, protocol: str, secretariat: str) -> None:
        version = self.request(protocol, "attendant")["version"]
        path = f"/v1/requests/{protocol}/accept"
        self._ordered("POST", path, secretariat, {}, {"If-Match": f'"{version}"'})

    def declare(self, calamity: dict[str, Any]) -> None:
        self._ordered("POST", "/v1/calamities", "direction", calamity)

    def request(self, protocol: str, key: str = "web") -> dict[str, Any]:
        return self._ordered("GET", f"/v1/requests/{protocol}", key)

    def redated(self, protocol: str) -> list[dict[str, Any]]:
        timeline = self.request(protocol, "attendant")["timeline"]
        return [entry for entry in timeline if entry["type"] == "redated"]

    def levels_of(self, protocol: str) -> list[str]:
        shown = self._ordered("GET", "/v1/operations/escalations?limit=100", "operator")["items"]
        return [one["level"] for one in shown if one["protocol"] == protocol]

    def sweeps(self) -> list[dict[str, Any]]:
        runs: list[dict[str, Any]] = self._ordered("GET", "/v1/operations/sweeps", "operator")["items"]
        return runs

    def late(self, protocol: str) -> dict[str, Any] | None:
        listed = self._ordered("GET", "/v1/late?limit=100", "web")["items"]
        return next((one for one in listed if one["protocol"] == protocol), None)

    def escalations_received(self, secretariat: str, protocol: str) -> list[str]:
        """Receive what is in the secretariat's queue; name the levels that are told of the request."""
        queue = f"/v1/secretariats/{secretariat}/queue"
        held = self._ordered("POST", f"{queue}/receive", secretariat, {"max": 10, "wait": 1})["messages"]
        if held:
            receipts = [one["receipt"] for one in held]
            self._ordered("POST", f"{queue}/ack", secretariat, {"receipts": receipts})
        told = [one["message"]["data"] for one in held if one["message"]["type"] == ESCALATED]
        return [data["escalation"] for data in told if data["protocol"] == protocol]

    def queued_for(self, function: str) -> list[str]:
        """List the bodies of the messages in a function's queues, also of those delayed or in hand."""
        queues = (source["EventSourceArn"].rsplit(":", 1)[1] for source in self._sources_of(function))
        return [body for queue in queues for body in self._bodies(queue)]

    def given_up(self) -> list[str]:
        """List the bodies of the messages that no function could work on."""
        prefix = self.target.resource_name("")
        urls = self.target.client("sqs").list_queues(QueueNamePrefix=prefix)["QueueUrls"]
        names = [url.rsplit("/", 1)[1] for url in urls]
        dead = [name for name in names if "-dlq" in name or "-failures" in name]
        return [body for name in dead if "-secretariat-" not in name for body in self._bodies(name)]

    @contextmanager
    def asleep(self, function: str) -> Iterator[None]:
        """Let what is sent to a function's queues wait there."""
        functions, sources = self.target.client("lambda"), self._sources_of(function)
        for source in sources:
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
        yield
        for source in sources:
            functions.update_event_source_mapping(UUID=source["UUID"], Enabled=True)

    def log_lines(self) -> list[str]:
        """List what the functions wrote, wherever it went."""
        written = self.system.local.engine.log.read_text().splitlines()
        lines = [line for line in written if not any(mark in line for mark in _OF_THE_ENGINE)]
        for function in Function:
            lines += recent_lines(self.target, function, datetime.fromtimestamp(0, UTC))
        return lines

    def make_unreadable(self, protocol: str) -> None:
        """Overwrite the document of a request with one that nothing can decode."""
        self.target.client("dynamodb").update_item(
            TableName=self.target.resource_name("requests"),
            Key={"protocol": {"S": protocol}},
            UpdateExpression="SET document = :undecodable",
            ExpressionAttributeValues={":undecodable": {"B": b"?"}},
        )

    def _sources_of(self, function: str) -> list[dict[str, str]]:
        name = self.target.resource_name(function)
        listed = self.target.client("lambda").list_event_source_mappings(FunctionName=name)
        sources: list[dict[str, str]] = listed["EventSourceMappings"]
        return sources

    def _bodies(self, queue: str) -> list[str]:
        return [message["Body"] for message in self.system.local.engine.messages_in(queue)]

    def _ordered(
        self, method: str, path: str, key: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        status, answer = self.system.call(method, path, key, body, headers)
        assert status in (200, 201), answer
        return answer
