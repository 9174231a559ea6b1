"""Read the environment once, in one place; nothing else in the package touches `os.environ`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

APPLICATION = "central156"
LOCAL_STAGE = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where this process runs and what it talks to.

    `endpoint_url` is set only where an embedded engine stands in for AWS; `public_base_url` is the
    address that citizens and secretariats see, without a trailing slash; `sender_email` is the From of
    e-mails, empty where none are sent.
    """

    stage: str
    region: str
    endpoint_url: str | None
    public_base_url: str
    secrets_arn: str
    media_bucket: str
    sender_email: str

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Take what `.chalice/config.json` and the template put into the environment."""
        env = os.environ if environment is None else environment
        return cls(
            stage=env["STAGE"],
            region=env.get("AWS_REGION") or env["AWS_DEFAULT_REGION"],
            endpoint_url=env.get("AWS_ENDPOINT_URL") or None,
            public_base_url=env["PUBLIC_BASE_URL"].rstrip("/"),
            secrets_arn=env["SECRETS_ARN"],
            media_bucket=env["MEDIA_BUCKET"],
            sender_email=env["SENDER_EMAIL"],
        )

    def resource_name(self, suffix: str) -> str:
        """Name a resource of this stage."""
        return resource_name(self.stage, suffix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The AWS keys that Lambda gives a function for its role."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Credentials:
        """Take the keys from the environment."""
        env = os.environ if environment is None else environment
        return cls(
            access_key_id=env["AWS_ACCESS_KEY_ID"],
            secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
            session_token=env.get("AWS_SESSION_TOKEN") or None,
        )


def resource_name(stage: str, suffix: str) -> str:
    """Name a resource: `central156-<stage>-<suffix>`; the only place where names are made."""
    return f"{APPLICATION}-{stage}-{suffix}"


def queue_suffix(secretariat: str) -> str:
    """Name a secretariat's FIFO queue within its stage."""
    return f"secretariat-{secretariat.lower()}.fifo"


def dead_letter_suffix(secretariat: str) -> str:
    """Name the dead-letter queue of a secretariat within its stage."""
    return f"secretariat-{secretariat.lower()}-dlq.fifo"
