"""Give integration tests a running centre."""

from __future__ import annotations

import pytest

from tests.http import Centre, a_centre


@pytest.fixture
def centre(monkeypatch: pytest.MonkeyPatch) -> Centre:
    """Compose the application over fakes."""
    return a_centre(monkeypatch)
