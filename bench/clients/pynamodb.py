"""Put through PynamoDB."""

from __future__ import annotations

from bench.puts import REGION, an_item
from chalicelib.adapters.dynamo.models import bind
from chalicelib.adapters.dynamo.requests import PynamoRequestTable


def put(url: str, times: int) -> None:
    """Put an item `times` times."""
    bind(lambda suffix: suffix, region=REGION, endpoint_url=url)
    table, item = PynamoRequestTable(), an_item()
    for _ in range(times):
        table.put_new(item)
