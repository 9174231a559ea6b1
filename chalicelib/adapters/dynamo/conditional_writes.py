"""Tell whether a conditional write took place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.request_store import ConditionFailed


def happened(write: Callable[[], Any]) -> bool:
    """Write; False if the condition did not hold."""
    try:
        with translated_failures():
            write()
    except ConditionFailed:
        return False
    return True
