"""`make run` starts, stops and goes on as the README promises."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.clock import local_time
from infra.local.ports import LOOPBACK, free_port
from infra.local.system import STAGE
from infra.packaging.package import ROOT
from infra.target import Target

READY_SECONDS = 90
STOP_SECONDS = 60


@dataclass
class Run:
    """`python -m infra run` as a process of its own."""

    directory: Path
    port: int
    engine_port: int
    process: subprocess.Popen[str]
    said: str = ""

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        deadline = time.monotonic() + READY_SECONDS
        while f"listens at http://{LOOPBACK}:{self.port}/" not in self.said:
            assert time.monotonic() < deadline, self.said
            line = self.process.stdout.readline()
            assert line, f"it ended: {self.said} {self.process.stderr.read() if self.process.stderr else ''}"
            self.said += line

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{self.port}{path}", timeout=30) as response:
            return int(response.status)

    def end(self, number: int | None = None) -> tuple[int, str]:
        if number is not None:
            self.process.send_signal(number)
        out, err = self.process.communicate(timeout=STOP_SECONDS)
        self.said += out
        return self.process.returncode, err

    def processes_left(self) -> list[str]:
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True
        ).stdout
        return [line for line in listing.splitlines() if str(self.directory) in line]

    def engine_process(self) -> int:
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,ppid=,command="], capture_output=True, text=True, check=True
        ).stdout
        children = (line.split(None, 2) for line in listing.splitlines())
        return next(int(pid) for pid, parent, _ in children if int(parent) == self.process.pid)


class Runner:
    """Starts runs on one state directory and ends those that a test left."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.ports = (free_port(), free_port())
        self.runs: list[Run] = []

    def start(self) -> Run:
        port, engine_port = self.ports
        process = subprocess.Popen(
            [sys.executable, "-m", "infra", "run", "--directory", str(self.directory)],
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "ENGINE_PORT": str(engine_port), "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        run = Run(self.directory, port, engine_port, process)
        self.runs.append(run)
        return run

    def put_clock_forward(self, by: str) -> None:
        """Put the system's time forward as an operator does."""
        subprocess.run(
            [sys.executable, "-m", "infra", "clock", by],
            cwd=ROOT,
            env={**os.environ, "LOCAL_DIR": str(self.directory)},
            capture_output=True,
            check=True,
        )

    def local_time(self) -> datetime:
        return local_time(Target(stage=STAGE, endpoint_url=f"http://{LOOPBACK}:{self.ports[1]}"))

    def start_ready(self) -> Run:
        run = self.start()
        run.wait_until_ready()
        return run


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    started = Runner(tmp_path / "state")
    yield started
    for run in started.runs:
        if run.process.poll() is None:
            run.process.kill()
        with contextlib.suppress(ValueError):
            run.process.communicate()


def test_a_second_run_goes_on_where_the_first_stopped_and_nothing_is_left_behind(runner: Runner) -> None:
    first = runner.start_ready()
    known = json.loads((runner.directory / "endpoints.json").read_text())
    assert first.get("/v1/health") == 200
    assert first.end(signal.SIGINT) == (0, "")
    assert first.processes_left() == []

    second = runner.start_ready()

    assert json.loads((runner.directory / "endpoints.json").read_text()) == known
    assert second.get("/v1/health") == 200
    assert second.end(signal.SIGTERM) == (0, "")
    assert second.processes_left() == []


def test_a_clock_put_forward_stays_so_and_its_sweep_may_be_interrupted(runner: Runner) -> None:
    first = runner.start_ready()

    runner.put_clock_forward("+3d")
    interrupted = first.end(signal.SIGINT)

    assert interrupted == (0, "")
    assert "Traceback" not in first.said + (runner.directory / "engine.log").read_text()
    second = runner.start_ready()
    assert runner.local_time() > datetime.now(UTC) + timedelta(days=3, minutes=-1)
    assert second.end(signal.SIGINT) == (0, "")


def test_an_engine_that_dies_gives_one_clear_line(runner: Runner) -> None:
    run = runner.start_ready()

    os.kill(run.engine_process(), signal.SIGKILL)
    code, error = run.end()

    assert code == 1
    assert error.count("\n") == 1
    assert "the local engine ended by itself" in error
    assert run.processes_left() == []


def test_a_run_that_is_killed_leaves_no_engine_behind(runner: Runner) -> None:
    run = runner.start_ready()

    run.process.kill()
    run.process.communicate()

    deadline = time.monotonic() + STOP_SECONDS
    while run.processes_left() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert run.processes_left() == []


@pytest.mark.parametrize(("taken", "setting"), [(0, "PORT"), (1, "ENGINE_PORT")])
def test_a_port_in_use_gives_one_clear_line(runner: Runner, taken: int, setting: str) -> None:
    with socket.create_server((LOOPBACK, runner.ports[taken])):
        code, error = runner.start().end()

    assert code == 1
    assert error == (
        f"central156: port {runner.ports[taken]} on {LOOPBACK} is in use; choose another with {setting}=\n"
    )
