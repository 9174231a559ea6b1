"""Put through the SDK itself."""

from __future__ import annotations

from botocore.session import get_session

from bench.puts import REGION, TABLE, an_item
from chalicelib.adapters.dynamo.wire import to_wire


def put(url: str, times: int) -> None:
    """Put an item `times` times."""
    client = get_session().create_client("dynamodb", REGION, endpoint_url=url)
    item = to_wire(an_item())
    for _ in range(times):
        client.put_item(TableName=TABLE, Item=item, ConditionExpression="attribute_not_exists(protocol)")
