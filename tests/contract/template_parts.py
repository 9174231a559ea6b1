"""Find the resources of a packaged template by their kind, and what triggers its functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def of_type(resources: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == f"AWS::{kind}"
    }


def events(resources: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for function in of_type(resources, "Serverless::Function").values():
        for name, event in function.get("Events", {}).items():
            if event["Type"] == kind:
                yield name, event["Properties"]
