"""Let only one process at a time use a directory."""

import fcntl
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

_POLL_SECONDS = 0.2


class DirectoryInUse(Exception):
    """Another process uses the directory."""


@dataclass(kw_only=True)
class DirectoryLock:
    """A lock that ends with the processes that hold it, also those that inherit its descriptor."""

    path: Path
    wait_seconds: float
    descriptor: int = field(default=-1, init=False)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def acquire(self) -> None:
        """Take the lock, waiting for a holder that is just ending.

        Raises:
            DirectoryInUse: the holder stays.
        """
        self.descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + self.wait_seconds
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    self.release()
                    raise DirectoryInUse(
                        f"{self.path.parent} is in use by another run; stop it first"
                    ) from None
                time.sleep(_POLL_SECONDS)

    def release(self) -> None:
        """Give the lock back."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
