"""The packaged application, and the whole system running it, for tests of any kind."""

import logging
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.ports import free_port
from infra.local.records import Endpoints
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

    def restart(self) -> None:
        """Stop as Ctrl-C does and start again."""
        self.local.drain()
        self.local.stop()
        self.endpoints = self.local.start()

    def restart_undrained(self) -> None:
        """Stop in haste, with changes in flight, and start again."""
        self.local.stop()
        self.endpoints = self.local.start()

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
            time.sleep(0.01)
        return False

    def stop(self) -> None:
        """End it; nobody needs its state."""
        self.local.stop()


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """One running system for all end-to-end tests of a worker; they must not depend on each other's data."""
    running = RunningSystem(tmp_path_factory.mktemp("system"))
    yield running
    running.stop()


@pytest.fixture
def private_system(tmp_path: Path) -> Iterator[RunningSystem]:
    """A running system for one test that stops, restarts or breaks it."""
    running = RunningSystem(tmp_path)
    yield running
    running.stop()
