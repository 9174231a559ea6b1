"""Translate PynamoDB's exceptions once: what may pass becomes `Unavailable`, the rest is a defect."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ChecksumError, ClientError, ConnectionError, HTTPClientError
from pynamodb.exceptions import PynamoDBConnectionError

from chalicelib.adapters.aws_json import TRANSIENT_CODES
from chalicelib.adapters.dynamo.request_store import CONDITION_FAILED, ConditionFailed
from chalicelib.domain.errors import Unavailable

LOST_ON_THE_WAY = (ConnectionError, HTTPClientError, ChecksumError)


@contextmanager
def translated_failures() -> Iterator[None]:
    """Raise `Unavailable` where repeating the call may help, and `ConditionFailed` for a condition.

    Everything else (a missing table, a denied action, an invalid expression) is a defect of ours
    or of the deployment, and passes as it is.
    """
    try:
        yield
    except PynamoDBConnectionError as error:
        cause = error.cause
        if cause is None or isinstance(cause, LOST_ON_THE_WAY):
            raise Unavailable from error  # without a cause: a batch's unprocessed items stayed so
        if not isinstance(cause, ClientError):
            raise
        code = cause.response["Error"].get("Code")
        if code == CONDITION_FAILED:
            raise ConditionFailed from error
        if code in TRANSIENT_CODES or _status(cause) >= http.client.INTERNAL_SERVER_ERROR:
            raise Unavailable from error
        raise


def _status(error: ClientError) -> int:
    """Find the HTTP status; PynamoDB keeps it only in the exception that its own was raised from."""
    source = error.__cause__ if isinstance(error.__cause__, ClientError) else error
    return int(source.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
