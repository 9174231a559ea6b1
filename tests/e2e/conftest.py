"""End-to-end tests share one running system, so they all run in one worker."""

from pathlib import Path

import pytest

from tests.deployed import private_system, system

__all__ = ["private_system", "system"]

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this directory and keep them in one worker."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("e2e"))
