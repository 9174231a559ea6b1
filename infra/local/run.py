"""`make run`: start the system, say where it listens, stop it cleanly."""

import os
import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from infra.directory_lock import DirectoryInUse
from infra.local.engine import EngineFailed
from infra.local.front import ApiDoesNotAnswer
from infra.local.ports import PortInUse
from infra.local.records import Endpoints
from infra.local.system import HTTP_PORT, LocalSystem
from infra.packaging.archive import PackageTooLarge
from infra.packaging.dependencies import DependenciesNotInstalled
from infra.packaging.package import ROOT, PackagingFailed
from infra.seeding import SeedingFailed
from infra.stacks import StackFailed

_EXPECTED = (
    ApiDoesNotAnswer,
    DirectoryInUse,
    DependenciesNotInstalled,
    EngineFailed,
    PackageTooLarge,
    PackagingFailed,
    PortInUse,
    SeedingFailed,
    StackFailed,
)
_SAME_SIGNAL_SECONDS = 1.0
_POLL_SECONDS = 0.5


def run(
    port: Annotated[int, typer.Option(envvar="PORT", help="Where the API listens.")] = HTTP_PORT,
    engine_port: Annotated[
        int | None, typer.Option(envvar="ENGINE_PORT", help="Where the AWS engine listens.")
    ] = None,
    directory: Annotated[Path, typer.Option(envvar="LOCAL_DIR", help="Where the state lives.")] = ROOT
    / ".local",
) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    console = Console(highlight=False, soft_wrap=True)
    system = LocalSystem(directory=directory, http_port=port, engine_port=engine_port, say=_progress(console))
    signals = _Signals()
    try:
        endpoints = system.start()
        _greet(console, endpoints, system.endpoints_file)
        _watch(system, signals)
        _stop(console, system, signals)
    except _EXPECTED as error:
        system.stop()
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]central156:[/] {error}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


class _Signals:
    """Turn Ctrl-C and SIGTERM into a request to stop; a second one, later, into haste."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.haste = threading.Event()
        self.serving = False
        self._first = 0.0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._receive)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if not self.stop.is_set():
            self._first = time.monotonic()
            self.stop.set()
            if not self.serving:
                raise KeyboardInterrupt
        elif time.monotonic() - self._first > _SAME_SIGNAL_SECONDS:  # make and the terminal may both send it
            self.haste.set()


def _watch(system: LocalSystem, signals: _Signals) -> None:
    signals.serving = True
    while not signals.stop.wait(_POLL_SECONDS):
        code = system.engine.exit_code()
        if code is not None:
            raise EngineFailed(
                f"the local engine ended by itself (exit code {code}); see {system.engine.log}"
            )


def _stop(console: Console, system: LocalSystem, signals: _Signals) -> None:
    console.print("\nstopping: answering calls in flight, relaying what is left (again: do not wait)")
    if not system.drain(signals.haste.is_set):
        console.print("some work is left; the next run goes on with it")
    console.print("saving the state")
    system.stop()
    console.print("stopped; the next `make run` goes on from here")


def _progress(console: Console) -> "_Progress":
    return _Progress(console)


class _Progress:
    """Print each step as it begins, with the seconds since the start."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()

    def __call__(self, message: str) -> None:
        self._console.print(f"[dim]{time.monotonic() - self._started:5.1f} s[/]  {message}")


def _greet(console: Console, endpoints: Endpoints, file: Path) -> None:
    console.print(f"\n[bold]Central 156 listens at {endpoints.base_url}/[/]  (Ctrl-C stops it)")
    console.print(f"  try        curl {endpoints.base_url}/v1/services")
    console.print("  then       make demo          (in another terminal)")
    console.print(f"  endpoints  {os.path.relpath(file)}   demo keys, queues, engine")
