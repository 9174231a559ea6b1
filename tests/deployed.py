"""The packaged application, and the whole system running it, for tests of any kind."""

import contextlib
import http.client
import json
import logging
import os
import signal
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.files import SAVED_MARK
from infra.local.ports import LOOPBACK, free_port
from infra.local.records import Endpoints, RunRecord
from infra.local.system import LocalSystem
from infra.packaging.package import Package, build_package

logger = logging.getLogger(__name__)


@pytest.fixture(scope="session")
def package() -> Package:
    """The application as `make package` builds it; built once per content."""
    return build_package("dev", logger.info)


class RunningSystem:
    """The system as `make run` starts it, private to a test: own state, own ports."""

    def __init__(self, directory: Path) -> None:
        self.local = LocalSystem(
            directory=directory, http_port=free_port(), engine_port=free_port(), say=logger.info
        )
        self.endpoints: Endpoints = self.local.start()

    def call(
        self, method: str, path: str, key: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Call the API over HTTP with the demo key of a role; return status and answer."""
        every = {
            "Authorization": f"Bearer {self.endpoints.keys[key]}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
            **(headers or {}),
        }
        connection = http.client.HTTPConnection(LOOPBACK, self.local.http_port, timeout=40)
        with contextlib.closing(connection):
            connection.request(method, path, None if body is None else json.dumps(body), every)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"{}")

    def start(self) -> None:
        """Start again after any end."""
        self.endpoints = self.local.start()

    def stop(self) -> None:
        """End it in haste, with whatever is in flight."""
        self.local.stop()

    def unrelayed_since(self) -> datetime | None:
        """Tell since when the state that was left holds unrelayed changes; None if it holds none."""
        record = RunRecord.read(self.local.record_file)
        assert record is not None
        return record.unrelayed(saved=(self.local.directory / "state" / SAVED_MARK).exists())

    def kill_function(self, function: str, timeout_seconds: float = 10) -> bool:
        """Kill the processes of a function as soon as there is one; tell whether there was."""
        name = f"central156-{self.endpoints.stage}-{function}"
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            processes = self.local.engine.processes_of(name)
            for process in processes:
                os.kill(process, signal.SIGKILL)
            if processes:
                return True
            time.sleep(0.1)
        return False


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """One running system for all end-to-end tests of a worker; they must not depend on each other's data."""
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def private_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """A running system for the tests of one module that stop, restart or break it, and start it again."""
    running = RunningSystem(tmp_path_factory.mktemp("private_system"))
    yield running
    running.stop()
