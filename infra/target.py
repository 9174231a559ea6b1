"""Where a command acts: a stage of the system, in AWS or on the local engine."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.settings import APPLICATION, resource_name

DEFAULT_REGION = "sa-east-1"
LOCAL_ACCESS_KEY_ID = LOCAL_SECRET_ACCESS_KEY = "test"  # noqa: S105 - the engine's own, on loopback

_TIMEOUTS = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 4})


@dataclass(frozen=True, kw_only=True)
class Target:
    """A stage and the endpoint that serves it; `endpoint_url` is None in AWS."""

    stage: str
    region: str = DEFAULT_REGION
    endpoint_url: str | None = None

    @property
    def stack_name(self) -> str:
        """Name the stack that holds the application of this stage."""
        return f"{APPLICATION}-{self.stage}"

    @cached_property
    def session(self) -> boto3.Session:
        """Open a session; a local engine never sees the operator's own credentials."""
        if self.endpoint_url is None:
            return boto3.Session(region_name=self.region)
        return boto3.Session(LOCAL_ACCESS_KEY_ID, LOCAL_SECRET_ACCESS_KEY, region_name=self.region)

    @cached_property
    def account_id(self) -> str:
        """Ask which account the credentials belong to."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def resource_name(self, suffix: str) -> str:
        """Name a resource of this stage, as the functions do."""
        return resource_name(self.stage, suffix)

    def client(self, service: str) -> Any:
        """Open a client of an AWS service for this stage."""
        return self.session.client(service, endpoint_url=self.endpoint_url, config=_TIMEOUTS)
