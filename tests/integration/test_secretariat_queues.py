"""Every secretariat in force has its queues before anything is sent to it."""

from __future__ import annotations

import dataclasses
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from chalicelib.domain.catalogue import Catalogue
from chalicelib.settings import dead_letter_suffix, queue_suffix
from infra.catalogue_source import load_city
from infra.publication import in_force
from infra.secretariat_queues import SecretariatQueueNames
from infra.secretariat_stack import deploy, render
from infra.target import Target
from tests.unit.broken_city import organ, valid

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
PRINCIPAL = "arn:aws:iam::123456789012:role/dmlu-system"
logger = logging.getLogger(__name__)


@pytest.fixture
def target() -> Iterator[Target]:
    with mock_aws():
        yield Target(stage="dev", endpoint_url=None)


def deployed(catalogue: Catalogue, target: Target) -> bool:
    """Deploy without alarms, which this engine's CloudFormation does not know."""
    return deploy(catalogue, target, NOW, logger.info, with_alarms=False)


def attributes_of(target: Target, suffix: str) -> dict[str, str]:
    sqs = target.client("sqs")
    url = sqs.get_queue_url(QueueName=target.resource_name(suffix))["QueueUrl"]
    answer: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return answer


def test_organs_in_force_get_queues_and_extinct_ones_do_not(target: Target) -> None:
    queues = SecretariatQueueNames.of(target)
    assert queues.missing(["SMGOV", "DMLU"]) == ["SMGOV", "DMLU"]

    assert deployed(valid(), target)

    assert queues.missing(["SMGOV", "DMLU"]) == []
    assert queues.missing(["FASC"]) == ["FASC"]
    assert queues.waiting(queue_suffix("DMLU")) == 0
    assert queues.waiting(queue_suffix("FASC")) is None


def test_a_queue_keeps_the_order_of_each_protocol_and_sets_aside_what_fails(target: Target) -> None:
    deployed(valid(), target)

    queue, dead = (attributes_of(target, suffix("DMLU")) for suffix in (queue_suffix, dead_letter_suffix))

    assert (queue["FifoQueue"], dead["FifoQueue"]) == ("true", "true")
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == (
        "messageGroup",
        "perMessageGroupId",
    )
    assert queue["MessageRetentionPeriod"] == dead["MessageRetentionPeriod"] == str(14 * 24 * 3600)
    assert queue["VisibilityTimeout"] == "300"
    redrive = json.loads(queue["RedrivePolicy"])
    assert (redrive["deadLetterTargetArn"], int(redrive["maxReceiveCount"])) == (dead["QueueArn"], 10)


def test_deploying_again_changes_nothing(target: Target) -> None:
    deployed(valid(), target)

    assert not deployed(valid(), target)


def test_a_new_secretariat_gets_its_queue_beside_the_others(target: Target) -> None:
    deployed(valid(), target)

    assert deployed(organ("DMAE")(valid()), target)

    assert SecretariatQueueNames.of(target).missing(["DMLU", "DMAE"]) == []


def resources_of(catalogue: Catalogue, **options: bool) -> dict[str, Any]:
    resources: dict[str, Any] = render(catalogue, "dev", NOW, **options)["Resources"]
    return resources


def test_queues_outlive_their_stack() -> None:
    queues = [one for one in resources_of(valid()).values() if one["Type"] == "AWS::SQS::Queue"]

    assert len(queues) == 4
    assert (
        {one["DeletionPolicy"] for one in queues}
        == {one["UpdateReplacePolicy"] for one in queues}
        == {"Retain"}
    )
    assert all(one["Properties"]["SqsManagedSseEnabled"] for one in queues)


def test_operators_are_told_of_dead_letters() -> None:
    alarm = resources_of(valid())["DMLUDeadLettersAlarm"]["Properties"]

    assert alarm["Dimensions"][0]["Value"] == {"Fn::GetAtt": ["DMLUDeadLetters", "QueueName"]}
    assert alarm["AlarmActions"][0]["Fn::Sub"].endswith(":central156-dev-operators")


def test_only_a_principal_that_the_data_name_gets_a_role() -> None:
    plain = resources_of(valid())
    agreed = resources_of(organ(consumer_principal=PRINCIPAL)(valid()))

    assert [name for name, one in plain.items() if one["Type"] == "AWS::IAM::Role"] == []
    role = agreed["DMLUConsumer"]["Properties"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": PRINCIPAL}
    statement = role["Policies"][0]["PolicyDocument"]["Statement"][0]
    assert statement["Resource"] == {"Fn::GetAtt": ["DMLUQueue", "Arn"]}
    assert "sqs:SendMessage" not in statement["Action"]


def test_every_organ_of_porto_alegre_in_force_is_rendered() -> None:
    city = load_city("porto_alegre")
    names = {
        one["Properties"]["QueueName"]
        for one in resources_of(city).values()
        if one["Type"] == "AWS::SQS::Queue"
    }

    for code in in_force(city, NOW):
        assert f"central156-dev-{queue_suffix(code)}" in names
    assert f"central156-dev-{queue_suffix('FASC')}" not in names


def test_the_template_is_sound(tmp_path: Path) -> None:
    city = load_city("porto_alegre")
    named = dataclasses.replace(city.secretariats["DMLU"], consumer_principal=PRINCIPAL)
    template = render(
        dataclasses.replace(city, secretariats={**city.secretariats, "DMLU": named}), "dev", NOW
    )

    file = tmp_path / "secretariats.json"
    file.write_text(json.dumps(template))

    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), file], capture_output=True, text=True, check=False
    )

    assert (linted.returncode, linted.stdout) == (0, "")
