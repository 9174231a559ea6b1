"""Count the calls that this process makes of AWS, by service and operation, and keep the count in a file."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.client import BaseClient

from chalicelib.adapters.aws_json import AwsJsonClient

KEPT_EVERY_SECONDS = 0.5


def count_calls(file: Path) -> None:
    """Count from now on; a process that is killed loses half a second of its count."""
    counted: Counter[str] = Counter()
    by_sdk, by_us = BaseClient._make_api_call, AwsJsonClient.call

    def call_by_sdk(client: Any, operation: str, arguments: Any) -> Any:
        counted[f"{client.meta.service_model.service_name} {operation}"] += 1
        return by_sdk(client, operation, arguments)

    def call_by_us(client: AwsJsonClient, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        counted[f"{client.service.name} {operation}"] += 1
        return by_us(client, operation, arguments)

    BaseClient._make_api_call = call_by_sdk
    AwsJsonClient.call = call_by_us  # type: ignore[assignment, method-assign]
    threading.Thread(target=_keep, args=(counted, file), daemon=True).start()


def counted_in(directory: Path) -> Counter[str]:
    """Add up what every life of the process has counted."""
    total: Counter[str] = Counter()
    for file in directory.glob("calls-*.json"):
        total.update(json.loads(file.read_text()))
    return total


def _keep(counted: Counter[str], file: Path) -> None:
    new = file.with_suffix(".new")
    while True:
        time.sleep(KEPT_EVERY_SECONDS)
        new.write_text(json.dumps(dict(counted.copy())))
        new.replace(file)
