"""Mend what the engine saved of itself before it starts again from that."""

import json
import re
from pathlib import Path

from infra.local.files import replace_text
from infra.local.ports import LOOPBACK

_NAMES_QUEUES = ("sqs.json", "cloudformation.json")


def mend(state: Path, port: int) -> None:
    """Let an engine on `port` start from the state that one on another port may have saved."""
    _forget_stream_positions(state / "lambda.json")
    for name in _NAMES_QUEUES:
        _move_queues(state / name, port)


def _forget_stream_positions(saved: Path) -> None:
    """Make stream sources read from the start of their streams after a restart.

    The engine saves how many records of a stream each source has read, but not the records: after a restart
    it would skip that many new ones. Without a saved position it begins at TRIM_HORIZON, which is right.
    """
    if not saved.exists():
        return
    state = json.loads(saved.read_text())
    positions = state["payload"].get("dynamodb_stream_positions")
    if positions is not None:
        positions["data"] = {}
        replace_text(saved, json.dumps(state))


def _move_queues(saved: Path, port: int) -> None:
    """Give queues addresses on the engine's present port.

    It knows a queue by the address that it had when it was created. A function whose queue has another port
    than the engine would never be called again.
    """
    if not saved.exists():
        return
    text = saved.read_text()
    moved = re.sub(rf"(?<=http://{re.escape(LOOPBACK)}:)\d+(?=/\d{{12}}/)", str(port), text)
    if moved != text:
        replace_text(saved, moved)
