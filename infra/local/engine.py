"""Start, watch and stop the embedded AWS engine."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.files import SAVED_MARK
from infra.local.ports import LOOPBACK, PortInUse, is_free
from infra.local.saved_state import mend
from infra.target import DEFAULT_REGION, LOCAL_ACCESS_KEY_ID, LOCAL_SECRET_ACCESS_KEY

_START_TIMEOUT_SECONDS = 60
_STOP_TIMEOUT_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]


class EngineFailed(Exception):
    """The engine did not start, or ended without being asked to."""


@dataclass(kw_only=True)
class Engine:
    """The engine of one state directory; its data survive a graceful stop."""

    directory: Path
    port: int
    keep_open: tuple[int, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Tell where every AWS service listens."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """Tell where the engine and the functions write."""
        return self.directory / "engine.log"

    @property
    def has_saved(self) -> bool:
        """Tell whether the state is that of the end of the last run, not of its beginning."""
        return self._saved_mark.exists()

    @property
    def _saved_mark(self) -> Path:
        return self.directory / "state" / SAVED_MARK

    def start(self) -> None:
        """Start the engine and wait until it answers.

        Raises:
            PortInUse: something else listens on the engine's port.
            EngineFailed: it ended or stayed silent; the log says why.
        """
        if not is_free(self.port):
            raise PortInUse(self.port, "ENGINE_PORT")
        scratch = self.directory / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        self._saved_mark.unlink(missing_ok=True)
        mend(self.directory / "state", self.port)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.engine_process"],
                cwd=_ROOT,
                env=self._environment(scratch),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self.keep_open,
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self.kill()
            raise

    def exit_code(self) -> int | None:
        """Return how the engine ended, or None while it runs."""
        return None if self._process is None else self._process.poll()

    def processes_of(self, function: str) -> list[int]:
        """Return the processes that run a function now, to watch or to kill one midway."""
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True
        ).stdout
        mark = f"{self.directory / 'tmp'}/ministack-lambda-{function}-"
        return [int(line.split(None, 1)[0]) for line in listing.splitlines() if mark in line]

    def messages_in(self, queue: str) -> list[dict[str, Any]]:
        """Show what is in a queue, also what is delayed or in hand; nothing of it is touched.

        Raises:
            EngineFailed: the engine does not answer.
        """
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=5)
        try:
            connection.request("GET", f"/_ministack/sqs/messages?QueueUrl={queue}")
            accounts = json.loads(connection.getresponse().read())["messages"].values()
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            raise EngineFailed(f"the local engine does not show its queues; see {self.log}") from error
        finally:
            connection.close()
        regions = (by_url for account in accounts for by_url in account.values())
        return [message for by_url in regions for messages in by_url.values() for message in messages]

    def stop(self) -> None:
        """Ask the engine to save its state and end; leave none of its processes behind."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_TIMEOUT_SECONDS)
        self.kill()
        shutil.rmtree(self.directory / "tmp", ignore_errors=True)

    def kill(self) -> None:
        """End the engine and its functions at once, without saving anything."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _environment(self, scratch: Path) -> dict[str, str]:
        """Give the engine, and so the functions, nothing of the operator's own environment.

        With AUTH the engine enforces IAM: functions have their own roles; these may do all.
        """
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return inherited | {
            "AUTH": "true",
            "AWS_ACCESS_KEY_ID": LOCAL_ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": LOCAL_SECRET_ACCESS_KEY,
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(self.port),
            "EDGE_PORT": str(self.port),
            "MINISTACK_HOST": LOOPBACK,
            "MINISTACK_REGION": DEFAULT_REGION,
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.directory / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.directory / "state" / "s3"),
            "TMPDIR": str(scratch),
            "DOCKER_HOST": "",
            "LAMBDA_EXECUTOR": "local",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "PYTHONUNBUFFERED": "1",
        }

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            code = self.exit_code()
            if code is not None:
                raise EngineFailed(f"the local engine did not start (exit code {code}); see {self.log}")
            if self.is_healthy():
                return
            time.sleep(0.1)
        raise EngineFailed(f"the local engine did not answer in {_START_TIMEOUT_SECONDS} s; see {self.log}")

    def is_healthy(self) -> bool:
        """Tell whether the engine answers."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=2)
        try:
            connection.request("GET", "/_ministack/health")
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()
