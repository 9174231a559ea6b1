"""Consume a secretariat's messages over HTTP: the reference that other systems may copy.

Five habits make it safe, whatever breaks on either side:

1. a message is handled first and acknowledged after;
2. a `seq` not above the last one seen of its protocol is skipped: messages can come twice;
3. what cannot be handled is given back with a delay, and so are the later messages of its protocol;
4. at the start, and every hour, the change feed is read from where it was left: the queue is not
   the record;
5. what was seen is kept on disk, replaced in one step.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

Event = Mapping[str, Any]

FIRST_LOOK_BACK = timedelta(days=30)
READ_FEED_EVERY = timedelta(hours=1)
GIVE_BACK_SECONDS = 60


class Refused(Exception):
    """The API refused a call; the problem's own words are in the message."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.kind = str(problem.get("type", "")).rpartition(":")[2]
        super().__init__(f"{status} {problem.get('title', '')}: {problem.get('detail', '')}")


class Unreachable(Exception):
    """The API did not answer, or asked to come back later; nothing is lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """The API of Central 156, with the secretariat's key."""

    base_url: str
    key: str
    _pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False))

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        **headers: str,
    ) -> Any:
        """Make a call and return its JSON; header names are given with underscores."""
        sent = {"Authorization": f"Bearer {self.key}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        address, timeout = self.base_url + path, urllib3.Timeout(connect=3, read=40)
        try:
            answer = (
                self._pool.request(method, address, json=body, headers=sent, timeout=timeout)
                if body is not None
                else self._pool.request(method, address, fields=query, headers=sent, timeout=timeout)
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(str(error)) from error
        if answer.status >= 500 or answer.status == 429:
            raise Unreachable(f"{answer.status} from {address}")
        if answer.status >= 400:
            raise Refused(answer.status, answer.json())
        return answer.json()


@dataclass(slots=True, kw_only=True)
class Memory:
    """What this consumer has seen: the last seq of each protocol, and from when to read the feed."""

    path: Path
    seen: dict[str, int] = field(default_factory=dict)
    resume_since: str = ""

    @classmethod
    def open(cls, path: Path, now: datetime) -> "Memory":
        """Read what an earlier run has left; a new consumer looks back thirty days."""
        memory = cls(path=path, resume_since=(now - FIRST_LOOK_BACK).isoformat())
        if path.exists():
            kept = json.loads(path.read_text())
            memory.seen, memory.resume_since = kept["seen"], kept["resume_since"]
        return memory

    def save(self) -> None:
        """Replace the file in one step, so that a crash leaves the old one or the new one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps({"seen": self.seen, "resume_since": self.resume_since}))
        partial.replace(self.path)


@dataclass(slots=True, kw_only=True)
class Consumer:
    """Takes a secretariat's messages to `handle`, each decision once and in order."""

    centre: Centre
    secretariat: str
    memory: Memory
    handle: Callable[[Event], None]
    failed: Callable[[Event, Exception], None] = lambda event, error: None
    _feed_read_at: datetime | None = None

    def step(self, wait_seconds: int = 10) -> int:
        """Read the feed if it is time, then what waits in the queue; return how many messages came."""
        now = datetime.now(UTC)
        if self._feed_read_at is None or now - self._feed_read_at >= READ_FEED_EVERY:
            self.read_feed()
            self._feed_read_at = now
        return self.read_queue(wait_seconds)

    def read_feed(self) -> None:
        """Catch up with whatever was sent since the last reading."""
        query: dict[str, str] | None = {"since": self.memory.resume_since}
        stuck: set[str] = set()
        while query:
            page = self.centre.call("GET", f"/v1/secretariats/{self.secretariat}/changes", query=query)
            for event in page["items"]:
                self._try(event, stuck)
            query = {"cursor": page["next"]} if page["next"] else None
        if not stuck:  # else the next reading begins at the same moment and meets them again
            self.memory.resume_since = page["resume_since"]
        self.memory.save()

    def read_queue(self, wait_seconds: int) -> int:
        """Receive, handle, acknowledge; give back what failed and what must wait behind it."""
        queue = f"/v1/secretariats/{self.secretariat}/queue"
        held = self.centre.call("POST", f"{queue}/receive", {"max": 10, "wait": wait_seconds})["messages"]
        stuck: set[str] = set()
        done = [one["receipt"] for one in held if self._try(one["message"], stuck)]
        given_back = [one["receipt"] for one in held if one["receipt"] not in done]
        self.memory.save()
        try:
            if done:
                self.centre.call("POST", f"{queue}/ack", {"receipts": done})
            if given_back:
                body = {"receipts": given_back, "delay_seconds": GIVE_BACK_SECONDS}
                self.centre.call("POST", f"{queue}/nack", body)
        except Refused as refusal:
            if refusal.kind != "receipt-expired":
                raise  # expired ones come again, and are skipped by their seq
        return len(held)

    def _try(self, event: Event, stuck: set[str]) -> bool:
        """Handle an event once; what goes wrong stops its own protocol only, which becomes `stuck`."""
        protocol, seq = event["subject"], event["data"]["seq"]
        if protocol in stuck:
            return False
        if seq <= self.memory.seen.get(protocol, 0):
            return True
        try:
            self.handle(event)
        except Unreachable:
            raise
        except Exception as error:
            self.failed(event, error)
            stuck.add(protocol)
            return False
        self.memory.seen[protocol] = seq
        return True


def forever(step: Callable[[], object], interrupted: Callable[[Exception, float], None]) -> None:
    """Repeat `step`; while the API is unreachable, wait ever longer, half a minute at most."""
    pause = 1.0
    while True:
        try:
            step()
            pause = 1.0
        except Unreachable as error:
            interrupted(error, pause)
            time.sleep(pause)
            pause = min(30.0, pause * 2)
