"""Write records of the requests table's stream as DynamoDB writes them, with our own codec's items."""

from __future__ import annotations

from itertools import count
from typing import Any

from chalicelib.adapters.dynamo.request_items import item_of
from chalicelib.adapters.dynamo.wire import to_wire
from chalicelib.domain.requests import ServiceRequest
from tests.fakes import timer_in_a_small_city

STREAM_ARN = (
    "arn:aws:dynamodb:sa-east-1:123456789012:table/central156-dev-requests/stream/2026-11-23T12:00:00.000"
)
_numbers = count(111_000)


def image_of(request: ServiceRequest) -> dict[str, dict[str, str]]:
    """Encode a request as the image that a stream record carries."""
    timer = timer_in_a_small_city(request)
    return to_wire(item_of(request, f"write-{request.version}", timer))


def record_of(request: ServiceRequest, before: ServiceRequest | None = None) -> dict[str, Any]:
    """Write the record of a request that is new, or that was `before`."""
    return _record(
        "MODIFY" if before else "INSERT",
        request,
        {"NewImage": image_of(request), **({"OldImage": image_of(before)} if before else {})},
    )


def removal_of(request: ServiceRequest) -> dict[str, Any]:
    """Write the record of a request's deletion."""
    return _record("REMOVE", request, {"OldImage": image_of(request)})


def _record(name: str, request: ServiceRequest, images: dict[str, Any]) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "eventID": f"{number:032x}",
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "sa-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": request.updated_at.timestamp(),
            "Keys": {"protocol": {"S": request.protocol}},
            **images,
            "SequenceNumber": str(number),
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": STREAM_ARN,
    }
