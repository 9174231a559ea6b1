"""The signed client signs as the SDK does, keeps its connection, and gives up where it should."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.aws_json import DYNAMODB as DYNAMODB_SERVICE
from chalicelib.adapters.aws_json import (
    SECRETS_MANAGER,
    AwsJsonClient,
    AwsRefused,
    AwsService,
    AwsUnavailable,
    Endpoint,
)
from chalicelib.adapters.aws_signature import Scope, signed_headers
from tests.engines import FixedCredentials, client_of
from tests.fakes import FakeClock
from tests.scripted_server import Answer, ScriptedServer, scripted_server

INTAKE_MODULES = (
    "chalicelib.services.intake",
    "chalicelib.services.credentials",
    "chalicelib.adapters.dynamo.lean",
    "chalicelib.adapters.dynamo.lean_api_keys",
    "chalicelib.adapters.dynamo.catalogue",
    "chalicelib.adapters.dynamo.request_store",
    "chalicelib.wiring",
)
HEAVY_MODULES = ("boto3", "botocore", "pynamodb", "urllib3", "phonenumbers", "jinja2", "requests")

printable = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
hosts = st.sampled_from(["dynamodb.sa-east-1.amazonaws.com", "127.0.0.1:4566", "localhost:8000"])
instants = st.integers(10**9, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
tokens = st.one_of(st.none(), printable)


@given(
    body=st.binary(max_size=300),
    operation=printable,
    host=hosts,
    region=st.sampled_from(["sa-east-1", "us-east-1", "eu-central-1"]),
    service=st.sampled_from([DYNAMODB_SERVICE, SECRETS_MANAGER]),
    now=instants,
    access_key=printable,
    secret=printable,
    token=tokens,
)
def test_signatures_are_those_of_botocore(
    body: bytes,
    operation: str,
    host: str,
    region: str,
    service: AwsService,
    now: datetime,
    access_key: str,
    secret: str,
    token: str | None,
) -> None:
    headers = {"content-type": service.content_type, "host": host, "x-amz-target": operation}

    signed = signed_headers(
        headers,
        body,
        Scope(region=region, service=service.name),
        FixedCredentials(access_key, secret, token),
        now,
    )

    request = AWSRequest("POST", f"https://{host}/", dict(headers), body)
    with patch("botocore.auth.get_current_datetime", return_value=now.replace(tzinfo=None)):
        SigV4Auth(Credentials(access_key, secret, token), service.name, region).add_auth(request)
    assert signed["authorization"] == request.headers["Authorization"]
    assert signed["x-amz-date"] == request.headers["X-Amz-Date"]
    assert signed.get("x-amz-security-token") == request.headers.get("X-Amz-Security-Token")


def test_an_intake_loads_no_sdk() -> None:
    imports = "; ".join(f"import {module}" for module in INTAKE_MODULES)
    script = f"{imports}; import sys; print(*sorted(set({HEAVY_MODULES!r}) & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []


@dataclass(frozen=True, slots=True)
class Talk:
    """A client, the server it talks to, and the pauses it made."""

    client: AwsJsonClient
    server: ScriptedServer
    pauses: list[float]


@pytest.fixture
def talk() -> Iterator[Talk]:
    pauses: list[float] = []
    with (
        scripted_server() as server,
        client_of(
            server.url,
            credentials=FixedCredentials(session_token="a session"),
            clock=FakeClock(),
            pause=pauses.append,
            read_timeout_seconds=0.2,
        ) as client,
    ):
        yield Talk(client, server, pauses)


def test_a_call_is_one_signed_post_with_its_target(talk: Talk) -> None:
    talk.server.answers.append(Answer(body=b'{"Item": {"protocol": {"S": "1"}}}'))

    answer = talk.client.call("GetItem", {"TableName": "t"})

    assert answer == {"Item": {"protocol": {"S": "1"}}}
    (call,) = talk.server.calls
    assert call.body == b'{"TableName":"t"}'
    assert call.headers["X-Amz-Target"] == "DynamoDB_20120810.GetItem"
    assert call.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert call.headers["X-Amz-Security-Token"] == "a session"
    assert call.headers["X-Amz-Date"] == "20261124T143000Z"
    assert "x-amz-security-token" in call.headers["Authorization"]


def test_calls_share_one_connection(talk: Talk) -> None:
    for _ in range(3):
        talk.client.call("GetItem", {})

    assert talk.server.connections == 1


def test_a_connection_closed_meanwhile_costs_no_try(talk: Talk) -> None:
    talk.server.answers.append(Answer(closes_after=True))
    talk.client.call("GetItem", {})
    talk.server.wait_until_closed()

    talk.client.call("GetItem", {})

    assert (talk.server.connections, len(talk.server.calls), talk.pauses) == (2, 2, [])


def test_calls_of_several_threads_do_not_share_a_connection(talk: Talk) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda n: talk.client.call("Echo", {"n": n}), range(40)))

    assert [answer["n"] for answer in answers] == list(range(40))


@pytest.mark.parametrize(
    "failure",
    [
        Answer(status=500, body=b'{"__type":"InternalServerError"}'),
        Answer(status=503, body=b"<html>not even JSON</html>"),
        Answer(status=400, body=b'{"__type":"com.amazon.coral.availability#ThrottlingException"}'),
        Answer(status=200, body=b'{"Item": {}', promises_more=True),
        Answer(closes_before=True),
        Answer(stays_silent=True),
    ],
    ids=["500", "503", "throttled", "cut short", "closed", "silent"],
)
def test_what_may_pass_is_tried_three_times(talk: Talk, failure: Answer) -> None:
    talk.server.answers.extend([failure, failure])
    assert talk.client.call("Echo", {"n": 1}) == {"n": 1}
    assert len(talk.server.calls) == 3

    talk.server.answers.extend([failure] * 3)
    with pytest.raises(AwsUnavailable):
        talk.client.call("Echo", {"n": 1})

    assert len(talk.server.calls) == 6
    assert len(talk.pauses) == 4
    assert all(0 <= pause <= 0.1 for pause in talk.pauses)


def test_a_refusal_is_not_tried_again(talk: Talk) -> None:
    refusal = b'{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"}'
    talk.server.answers.append(Answer(status=400, body=refusal))

    with pytest.raises(AwsRefused) as refused:
        talk.client.call("PutItem", {})

    assert (refused.value.code, refused.value.message) == ("ConditionalCheckFailedException", "no")
    assert len(talk.server.calls) == 1


def test_nobody_listening_is_unavailable() -> None:
    with scripted_server() as server:
        url = server.url
    with client_of(url, pause=lambda seconds: None) as client, pytest.raises(AwsUnavailable):
        client.call("GetItem", {})


def test_the_region_decides_where_aws_listens() -> None:
    endpoint = Endpoint.of(SECRETS_MANAGER, "sa-east-1", None)

    assert endpoint == Endpoint(host="secretsmanager.sa-east-1.amazonaws.com")
    assert endpoint.authority == "secretsmanager.sa-east-1.amazonaws.com"
    assert Endpoint.of(DYNAMODB_SERVICE, "x", "http://127.0.0.1:4566/").authority == "127.0.0.1:4566"
