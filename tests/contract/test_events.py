"""Every recorded event is a real shape that some test feeds to an entry point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EVENTS = sorted((ROOT / "events").glob("*.json"))
TESTS = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]


@pytest.mark.parametrize("event", EVENTS, ids=lambda path: path.stem)
def test_an_event_is_valid_json_and_used(event: Path) -> None:
    assert json.loads(event.read_text())
    assert any(
        f'"{event.stem}"' in path.read_text() or f'"{event.name}"' in path.read_text() for path in TESTS
    )
