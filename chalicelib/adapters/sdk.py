"""Create botocore clients with timeouts that fit a function."""

from __future__ import annotations

from typing import Any

import botocore.session
from botocore.config import Config

CONNECT_TIMEOUT_SECONDS = 1
MOST_ATTEMPTS = 3


def sdk_client(
    service: str,
    *,
    region: str,
    endpoint_url: str | None,
    read_timeout_seconds: int = 2,
    most_attempts: int = MOST_ATTEMPTS,
) -> Any:
    """Create a client of an AWS service.

    Long polls say how long they wait; what must not happen twice asks for a single attempt.
    """
    config = Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": most_attempts, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
    )
    session = botocore.session.get_session()
    return session.create_client(service, region_name=region, endpoint_url=endpoint_url, config=config)
