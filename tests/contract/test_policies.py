"""Every function may do what it must, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.dynamo.callbacks import CALLBACKS, LETTERS
from chalicelib.adapters.dynamo.survey_results import MARKS
from infra.packaging.package import Package
from tests.deployed import package

__all__ = ["package"]

CHALICE = Path(__file__).parents[2] / ".chalice"

# AWS takes no narrower resource for these, or the resources live in other stacks; each with its reason.
WIDE_RESOURCES = {
    ("dynamodb:ListStreams", "*"): "the service authorises it for all streams or none",
    ("sqs", "central156-${Stage}-secretariat-*"): "secretariats' queues come and go with the catalogue",
    ("s3", "${MediaBucket.Arn}/*"): "objects",
    ("logs", ":*"): "log streams of the function's own group",
    ("ses:SendEmail", "*"): "the identity is the address or its domain; the condition allows one address",
}
# Everything but these: a telephone number is no ARN, so only what has one can be left out.
LEFT_OUT = {"sns:Publish": "arn:${AWS::Partition}:sns:*:*:*"}


@pytest.fixture(scope="module")
def statements(package: Package) -> list[dict[str, Any]]:
    roles = (
        item for item in package.read_template()["Resources"].values() if item["Type"] == "AWS::IAM::Role"
    )
    policies = (policy for role in roles for policy in role["Properties"]["Policies"])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_no_policy_reaches_further_than_it_must(statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        assert statement["Effect"] == "Allow"
        assert not [action for action in statement["Action"] if "*" in action]
        for resource in statement.get("Resource", ()):
            text = resource if isinstance(resource, str) else resource.get("Fn::Sub", "")
            assert "*" not in text or is_known_wide(statement["Action"], text), (statement["Sid"], resource)


def test_only_text_messages_are_allowed_by_what_they_are_not(statements: list[dict[str, Any]]) -> None:
    left_out = {
        action: resource["Fn::Sub"]
        for statement in statements
        for action in statement["Action"]
        for resource in statement.get("NotResource", ())
    }

    assert left_out == LEFT_OUT


def test_emails_have_one_sender(statements: list[dict[str, Any]]) -> None:
    conditions = [one["Condition"] for one in statements if "ses:SendEmail" in one["Action"]]

    assert conditions == [{"StringEqualsIfExists": {"ses:FromAddress": {"Ref": "SenderEmail"}}}]


def is_known_wide(actions: list[str], resource: str) -> bool:
    return any(
        resource.endswith(suffix) and all(action.startswith(prefix) for action in actions)
        for prefix, suffix in WIDE_RESOURCES
    )


def test_no_function_may_scan_or_delete_a_request(statements: list[dict[str, Any]]) -> None:
    granted = {
        (action, json.dumps(resource))
        for statement in statements
        for action in statement["Action"]
        for resource in statement.get("Resource", ())
    }

    assert not [action for action, _ in granted if action == "dynamodb:Scan"]
    assert not [pair for pair in granted if pair[0] == "dynamodb:DeleteItem" and "RequestsTable" in pair[1]]


def test_attendants_put_call_backs_into_operations_and_nothing_of_the_sweeps() -> None:
    policy = json.loads((CHALICE / "policy-api.json").read_text())
    operations = {"Fn::GetAtt": ["OperationsTable", "Arn"]}
    putting = [
        one
        for one in policy["Statement"]
        if operations in one["Resource"] and "dynamodb:PutItem" in one["Action"]
    ]

    kinds = {
        kind
        for one in putting
        for kind in one["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
    }
    assert kinds >= {CALLBACKS, LETTERS}
    assert kinds <= {CALLBACKS, LETTERS, MARKS, "audits", "deferred"}


def test_no_function_may_write_keys_or_the_catalogue(statements: list[dict[str, Any]]) -> None:
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    config = {"Fn::GetAtt": ["ConfigTable", "Arn"]}
    writing = [one for one in statements if config in one.get("Resource", ()) and writes & set(one["Action"])]

    assert writing
    for statement in writing:
        kinds = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
        assert set(kinds) <= {"audit", "quarantine", "switches", "undelivered"}
