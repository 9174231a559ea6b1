"""Put through the signed client of the intake."""

from __future__ import annotations

from bench.puts import REGION, TABLE, an_item
from chalicelib.adapters.aws_json import DYNAMODB, AwsJsonClient
from chalicelib.adapters.dynamo.lean import LeanRequestTable
from chalicelib.adapters.system import SystemClock
from chalicelib.settings import Credentials


def put(url: str, times: int) -> None:
    """Put an item `times` times."""
    client = AwsJsonClient(
        service=DYNAMODB, region=REGION, credentials=Credentials.read(), clock=SystemClock(), endpoint_url=url
    )
    table, item = LeanRequestTable(client=client, table_name=TABLE), an_item()
    for _ in range(times):
        table.put_new(item)
