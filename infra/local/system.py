"""The whole system on this machine: engine, deployed application, HTTP front."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import deploy_application
from infra.directory_lock import DirectoryLock
from infra.local.engine import Engine, EngineFailed
from infra.local.front import Front
from infra.local.ports import PortInUse, free_port, is_free
from infra.local.records import Endpoints, RunRecord
from infra.local.streams import StreamReaders
from infra.local.work_queues import WorkQueues
from infra.packaging.package import CACHE, ROOT, build_package
from infra.seeding import Seeded, seed
from infra.target import Target

STAGE = "local"
HTTP_PORT = 8156
SENDER_EMAIL = "156@example.org"
"""The From of e-mails, which the engine keeps to itself; verified there, as SES asks of any sender."""

_ENGINE_PORT = 8157
_ANSWER_SECONDS = 30
_CATCH_UP_SECONDS = 30
_SETTLING_SECONDS = 20
_SAVING_SECONDS = 15
_POLL_SECONDS = 0.25
_ENGINE_FAILED = (BotoCoreError, ClientError, EngineFailed)


@dataclass(kw_only=True)
class LocalSystem:
    """One state directory and what runs on it; `make run` and the end-to-end tests share this."""

    directory: Path
    http_port: int
    say: Callable[[str], None]
    engine_port: int | None = None
    root: Path = ROOT
    cache: Path = CACHE
    _engine: Engine | None = field(default=None, init=False)
    _front: Front | None = field(default=None, init=False)
    _lock: DirectoryLock | None = field(default=None, init=False)
    _readers: StreamReaders | None = field(default=None, init=False)
    _work: WorkQueues | None = field(default=None, init=False)
    _record: RunRecord | None = field(default=None, init=False)
    _drained: bool = field(default=False, init=False)

    @property
    def engine(self) -> Engine:
        """Return the running engine."""
        if self._engine is None:
            raise RuntimeError("the system is not started")
        return self._engine

    @property
    def record_file(self) -> Path:
        """Tell where a run leaves what the next one must know."""
        return self.directory / "run.json"

    @property
    def endpoints_file(self) -> Path:
        """Tell where clients and scripts find the endpoints."""
        return self.directory / "endpoints.json"

    def start(self) -> Endpoints:
        """Package, deploy and serve; return when the API answers.

        Whatever was started is stopped again when a step fails.

        Raises:
            PortInUse, DirectoryInUse, EngineFailed, StackFailed, PackagingFailed: what went wrong, in a line.
        """
        if not is_free(self.http_port):
            raise PortInUse(self.http_port, "PORT")
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def drain(self, is_hasty: Callable[[], bool] = lambda: False) -> bool:
        """Answer the calls in flight, take no new ones, and let the functions finish what they have begun.

        It gives up after a while or when told to be hasty. Tell whether all was answered, read and worked on.
        Otherwise the next start relays what may not have been; what waits in queues stays there.
        """
        if self._front is None or self._readers is None or not self._await_answers(self._front, is_hasty):
            return False
        if self.engine.is_healthy():
            with suppress(*_ENGINE_FAILED):
                caught_up = self._readers.wait_until_caught_up(_CATCH_UP_SECONDS, is_hasty)
                self._drained = caught_up and self.settle(_SETTLING_SECONDS, is_hasty)
        return self._drained

    def settle(self, timeout_seconds: float, is_hasty: Callable[[], bool] = lambda: False) -> bool:
        """Wait until no function has anything left in its stream or queue; tell whether that was reached.

        Decisions follow from queues and messages from decisions, so both must be quiet at once.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self._is_settled():
            if is_hasty() or time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def stop(self) -> None:
        """Stop everything that runs; the engine saves its state, the record says what it leaves unrelayed."""
        if self._front is not None:
            self._front.stop()
        if self._engine is not None:
            left = self._unrelayed()
            self._engine.stop()
            if self._engine.has_saved:
                self._write_record(unrelayed_since=left)
        if self._lock is not None:
            self._lock.release()
        self._front = self._engine = self._lock = self._readers = self._work = self._record = None
        self._drained = False

    def crash(self) -> None:
        """End everything at once, as a power cut would: what happened since the start is lost."""
        self.engine.kill()
        self.stop()

    def _start(self) -> Endpoints:
        self.directory.mkdir(parents=True, exist_ok=True)
        self._lock = DirectoryLock(path=self.directory / "lock", wait_seconds=_SAVING_SECONDS)
        self._lock.acquire()
        last = RunRecord.read(self.record_file)
        package = build_package(STAGE, self.say, self.root, self.cache)
        target = self._start_engine(last)
        front = Front(port=self.http_port, engine_port=self.engine.port)
        target.client("ses").verify_email_identity(EmailAddress=SENDER_EMAIL)
        parameters = {"PublicBaseUrl": front.url, "SenderEmail": SENDER_EMAIL}
        outputs = deploy_application(target, package, self.say, parameters)
        seeded = self._seed(target, last)
        self._front = front
        front.start(api_path=f"/restapis/{outputs['RestAPIId']}/api/_user_request_")
        self.say("starting the API")
        front.await_answer("/v1/health", _ANSWER_SECONDS)
        endpoints = self._endpoints(target, outputs["MediaBucketName"], front.url, seeded)
        endpoints.write(self.endpoints_file)
        return endpoints

    def _start_engine(self, last: RunRecord | None) -> Target:
        port = self.engine_port or _first_free(last.engine_port if last else _ENGINE_PORT)
        self._engine = Engine(directory=self.directory, port=port, keep_open=self._lock_descriptors())
        self._begin_record(last)
        self.say("starting the local AWS engine")
        begun_at = datetime.now(UTC)
        self._engine.start()
        target = Target(stage=STAGE, endpoint_url=self._engine.url)
        self._readers = StreamReaders(target=target, engine_log=self._engine.log)
        self._work = WorkQueues(target=target, peek=self._engine.messages_in, begun_at=begun_at)
        return target

    def _lock_descriptors(self) -> tuple[int, ...]:
        return () if self._lock is None else (self._lock.descriptor,)

    def _seed(self, target: Target, last: RunRecord | None) -> Seeded:
        known = Endpoints.read(self.endpoints_file) if last else None
        seeded = seed(
            target,
            self.say,
            known_demo_keys=known.keys if known else {},
            relay_since=self._record.unrelayed_since if self._record else None,
        )
        self._write_record(unrelayed_since=datetime.now(UTC))
        return seeded

    def _begin_record(self, last: RunRecord | None) -> None:
        """Settle what the present state leaves unrelayed, before the engine forgets that it had saved it."""
        since = last.unrelayed(saved=self.engine.has_saved) if last else None
        self._record = RunRecord(engine_port=self.engine.port, unrelayed_since=since, unrelayed_before=since)
        if last:
            self._record.write(self.record_file)

    def _write_record(self, *, unrelayed_since: datetime | None) -> None:
        if self._record is not None:
            self._record = replace(self._record, unrelayed_since=unrelayed_since)
            self._record.write(self.record_file)

    def _is_settled(self) -> bool:
        """Tell whether queues and streams are quiet: the queues at first and at last."""
        if self._readers is None or self._work is None:
            raise RuntimeError("the system is not started")
        quiet = self._work.are_idle() and self._readers.oldest_unread() is None
        return quiet and self._work.are_idle()

    def _await_answers(self, front: Front, is_hasty: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + _ANSWER_SECONDS
        while not front.drain(_POLL_SECONDS):
            if is_hasty() or time.monotonic() > deadline:
                return False
        return True

    def _unrelayed(self) -> datetime | None:
        """Tell since when changes will be unrelayed in the state that the engine is about to save.

        Calls that are still in flight may write until the engine ends; they do so soon enough for what was
        decided now (`WRITE_TAKES_AT_MOST`).
        """
        if self._drained or self._record is None:
            return None
        if self._front is not None and self._readers is not None and self.engine.is_healthy():
            now = datetime.now(UTC)
            with suppress(*_ENGINE_FAILED):
                return self._readers.oldest_unread() or now
        return self._record.unrelayed_since

    def _endpoints(self, target: Target, media_bucket: str, base_url: str, seeded: Seeded) -> Endpoints:
        stacks = target.client("cloudformation").describe_stacks()["Stacks"]
        return Endpoints(
            base_url=base_url,
            engine_url=self.engine.url,
            region=target.region,
            stage=target.stage,
            account_id=target.account_id,
            stacks=tuple(sorted(stack["StackName"] for stack in stacks)),
            media_bucket=media_bucket,
            keys=seeded.keys,
            queues=seeded.queues,
        )


def _first_free(preferred: int) -> int:
    return preferred if is_free(preferred) else free_port()
