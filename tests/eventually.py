"""Wait for what the running system does by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

_ASKED_EVERY_SECONDS = 0.25


def eventually(ask: Callable[[], Answer], within_seconds: float) -> Answer:
    """Ask until the answer is truthy and return it, or the last one when the time is over."""
    deadline = time.monotonic() + within_seconds
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(_ASKED_EVERY_SECONDS)
    return answer
