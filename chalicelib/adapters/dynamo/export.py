"""Walk the whole requests table: for operators' exports and rebuilds, never for a call or a worker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import RequestModel
from chalicelib.adapters.dynamo.request_items import request_of, sortable
from chalicelib.domain.requests import ServiceRequest


def requests_changed_since(moment: datetime) -> Iterator[ServiceRequest]:
    """Scan for the requests whose newest decision is not older than `moment`, in no order.

    It reads, and costs, the whole table once; the filter only saves the way home.
    """
    with translated_failures():
        for item in RequestModel.scan(RequestModel.updated_at >= sortable(moment), consistent_read=True):
            yield request_of(item.attribute_values)
