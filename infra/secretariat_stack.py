"""Render and deploy the queues of a city's secretariats, a CloudFormation stack of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.catalogue import Catalogue, Secretariat
from chalicelib.settings import dead_letter_suffix, queue_suffix, resource_name
from infra.artefacts import Artefacts
from infra.publication import in_force
from infra.stacks import Stack, compact
from infra.target import Target

Say = Callable[[str], None]
Resource = Mapping[str, Any]

RETENTION_SECONDS = 14 * 24 * 3600
MOST_RECEIVES = 10
VISIBILITY_SECONDS = 300
"""How long a consumer has for a message before it comes again; HTTP consumers can extend it."""


def render(catalogue: Catalogue, stage: str, now: datetime, *, with_alarms: bool = True) -> dict[str, Any]:
    """Describe a FIFO queue with its dead-letter queue for every organ in force at `now`.

    An organ that ended leaves the template; its queue stays, for what is still in it.
    """
    organs = [catalogue.secretariats[code] for code in in_force(catalogue, now)]
    resources: dict[str, Resource] = {}
    for organ in organs:
        resources |= _resources_of(organ, stage, with_alarms=with_alarms)
    template: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Central 156 ({stage}): queues of the secretariats of {catalogue.city.name}",
        "Resources": resources,
    }
    if roles := {_role_of(organ) for organ in organs if organ.consumer_principal}:
        template["Outputs"] = {
            f"{role}Arn": {"Value": {"Fn::GetAtt": [role, "Arn"]}} for role in sorted(roles)
        }
    return template


def deploy(
    catalogue: Catalogue, target: Target, now: datetime, say: Say, *, with_alarms: bool = True
) -> bool:
    """Bring the secretariats' stack to the catalogue; return whether anything changed.

    Raises:
        StackFailed: CloudFormation refused or rolled back the change.
    """
    artefacts = Artefacts(target=target)
    artefacts.ensure_bucket()
    template = compact(render(catalogue, target.stage, now, with_alarms=with_alarms))
    url = artefacts.url(artefacts.put_text(template, "secretariats", ".json"))
    stack = Stack(
        target=target,
        name=target.resource_name("secretariats"),
        poll_seconds=3.0 if target.endpoint_url is None else 0.2,
    )
    return stack.deploy(url, {}, say)


def _resources_of(organ: Secretariat, stage: str, *, with_alarms: bool) -> Iterator[tuple[str, Resource]]:
    queue, dead_letters = f"{organ.code}Queue", f"{organ.code}DeadLetters"
    redrive = {
        "deadLetterTargetArn": {"Fn::GetAtt": [dead_letters, "Arn"]},
        "maxReceiveCount": MOST_RECEIVES,
    }
    yield dead_letters, _queue(stage, dead_letter_suffix(organ.code), {})
    yield (
        queue,
        _queue(
            stage,
            queue_suffix(organ.code),
            {
                "DeduplicationScope": "messageGroup",
                "FifoThroughputLimit": "perMessageGroupId",
                "VisibilityTimeout": VISIBILITY_SECONDS,
                "RedrivePolicy": redrive,
            },
        ),
    )
    if with_alarms:
        yield f"{dead_letters}Alarm", _alarm(organ, stage, dead_letters)
    if organ.consumer_principal is not None:
        yield _role_of(organ), _consumer_role(organ, organ.consumer_principal, queue)


def _role_of(organ: Secretariat) -> str:
    return f"{organ.code}Consumer"


def _queue(stage: str, suffix: str, more: Mapping[str, Any]) -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "QueueName": resource_name(stage, suffix),
            "FifoQueue": True,
            "MessageRetentionPeriod": RETENTION_SECONDS,
            "SqsManagedSseEnabled": True,
            **more,
        },
    }


def _alarm(organ: Secretariat, stage: str, dead_letters: str) -> Resource:
    topic = {
        "Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:"
        + resource_name(stage, "operators")
    }
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": resource_name(stage, f"secretariat-{organ.code.lower()}-dead-letters"),
            "AlarmDescription": f"{organ.code} failed messages {MOST_RECEIVES} times: inspect, redrive.",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": [dead_letters, "QueueName"]}}],
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [topic],
            "OKActions": [topic],
        },
    }


def _consumer_role(organ: Secretariat, principal: str, queue: str) -> Resource:
    """Let one identity, agreed with the secretariat, take messages from its own queue."""
    allowed = [
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
        "GetQueueAttributes",
        "GetQueueUrl",
    ]
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "Description": f"Consumes the queue of {organ.code}",
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
                ],
            },
            "Policies": [
                {
                    "PolicyName": "consume",
                    "PolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": [f"sqs:{action}" for action in allowed],
                                "Resource": {"Fn::GetAtt": [queue, "Arn"]},
                            }
                        ],
                    },
                }
            ],
        },
    }
