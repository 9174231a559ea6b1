"""Put nothing: what the interpreter and the measurement themselves cost."""

from __future__ import annotations

from bench.puts import an_item


def put(url: str, times: int) -> None:
    """Do nothing `times` times."""
    for _ in range(times):
        an_item()
