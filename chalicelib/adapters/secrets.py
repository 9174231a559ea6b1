"""Read the installation's secrets; they never stand in the environment."""

from __future__ import annotations

import msgspec

from chalicelib.adapters.aws_json import AwsJsonClient, AwsUnavailable
from chalicelib.domain.errors import Unavailable


def read_secrets(client: AwsJsonClient, arn: str) -> dict[str, str]:
    """Return the secrets by name, or raise `Unavailable`."""
    try:
        answer = client.call("GetSecretValue", {"SecretId": arn})
    except AwsUnavailable as error:
        raise Unavailable from error
    return msgspec.json.decode(answer["SecretString"], type=dict[str, str])
