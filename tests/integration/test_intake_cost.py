"""Count what an intake costs: one write, no queue, and no library that it does not need."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.adapters.dynamo import models
from chalicelib.adapters.dynamo.models import RequestModel
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.dynamo.requests import PynamoRequestTable
from chalicelib.domain.access import Principal
from chalicelib.services.commands import Command
from chalicelib.services.intake import Intake
from chalicelib.settings import resource_name
from tests.api_process import EVENT, STAGE, ApiProcess, api_stage, ask
from tests.builders import a_catalogue, a_draft
from tests.engines import REGION, create_table_in_process
from tests.fake_calamities import FakePaper
from tests.fakes import (
    FakeCatalogue,
    FakeClock,
    SeededRandomness,
    an_identity,
    timer_in_a_small_city,
)
from tests.faulty_proxy import FaultyProxy

NOT_NEEDED = (
    "boto3",
    "botocore.session",
    "botocore.client",
    "pynamodb",
    "s3transfer",
    "phonenumbers",
    "chalicelib.adapters.queues",
    "chalicelib.api.requests",
    "chalicelib.domain.contacts",
    "chalicelib.domain.event_data",
    "chalicelib.domain.orders",
    "chalicelib.domain.surveys",
    "chalicelib.services.media",
    "chalicelib.services.ports.notices",
    "chalicelib.services.ports.timers",
    "chalicelib.web.answers",
    "chalicelib.workers",
)
"""Libraries, and modules of ours with many classes: making one costs as much as a hot intake."""


def test_an_intake_is_one_put_and_loads_nothing_that_it_does_not_need(stage: FaultyProxy) -> None:
    with ApiProcess(stage.url, NOT_NEEDED) as process:
        first = ask(process, EVENT)
        assert first["status"] == 201, first
        assert "PutItem" in stage.operations

        stage.forget()
        second = ask(process, {**EVENT, "headers": EVENT["headers"] | {"Idempotency-Key": str(uuid.uuid4())}})

    assert (second["status"], stage.operations) == (201, ["PutItem"])
    assert second["loaded"] == []


def test_a_cold_intake_reads_secret_key_and_catalogue_once(stage: FaultyProxy) -> None:
    with ApiProcess(stage.url, NOT_NEEDED) as process:
        assert ask(process, EVENT | {"body": "{}"})["status"] == 400

    reads = [one for one in stage.operations if one != "GetItem"]
    assert sorted(reads) == ["GetSecretValue", "Query"]
    assert stage.operations.count("GetItem") <= 4


def test_through_the_sdk_too_an_intake_is_one_call_to_dynamodb_and_none_to_sqs(
    sdk_calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = Intake(
        requests=StoredRequests(table=PynamoRequestTable(), timer_of=timer_in_a_small_city),
        catalogue=FakeCatalogue(a_catalogue()),
        identity=an_identity(),
        clock=FakeClock(),
        randomness=SeededRandomness(),
        paper=FakePaper(),
    )
    web = Principal(name="portal", scopes=frozenset({"channel:web"}))

    opened = intake.open(a_draft(), web, Command(owner="portal", key="k", body=b"{}"))

    assert not opened.repeated
    assert sdk_calls == ["dynamodb.PutItem"]


@pytest.fixture
def stage() -> Iterator[FaultyProxy]:
    """A stage with its tables, secret, catalogue and one key, behind a proxy that counts calls."""
    with api_stage() as proxy:
        yield proxy


@pytest.fixture
def sdk_calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count every call that leaves botocore, whatever the service."""
    calls: list[str] = []
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with mock_aws():
        models.bind(lambda suffix: resource_name(STAGE, suffix), region=REGION)
        connection: Any = RequestModel._get_connection()
        client = connection.connection.client
        create_table_in_process(client, STAGE, "requests")
        client.meta.events.register(
            "before-send",
            lambda request, event_name, **_: calls.append(event_name.removeprefix("before-send.")),
        )
        RequestModel.describe_table()
        calls.clear()
        yield calls
