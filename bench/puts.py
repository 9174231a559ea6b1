"""Put one request again and again through one client: `python -m bench.puts CLIENT TIMES URL`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

REGION = "sa-east-1"
TABLE = "requests"
CLIENTS = ("nothing", "signed", "botocore", "pynamodb")


def an_item() -> dict[str, Any]:
    """Give an item as heavy as that of a new request."""
    return {
        "protocol": "2632712345678",
        "version": 1,
        "write_id": "w" * 12,
        "document": '{"state":[' + '{"kind":"service_request"},' * 100 + "{}]}",
        "private": '{"1.description":"Entulho"}',
        "updated_at": "2026-11-23T13:00:00.000000Z",
        "opened_day": "2026-11-23",
        "opened_at": "2026-11-23T13:00:00.000000Z",
        "person_key": "0" * 32,
        "secretariat": "DMLU",
        "due_at": "2026-11-30T03:00:00.000000Z",
        "place_cell": "dumping#-12013:-20492",
        "timer_shard": 7,
        "timer_at": "2026-11-25T03:00:00.000000Z",
    }


if __name__ == "__main__":
    name, times, url = sys.argv[1:]
    importlib.import_module(f"bench.clients.{name}").put(url, int(times))
