"""What is deployed keeps the promises that the design makes for it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import Settings, resource_name
from infra.packaging.package import ROOT, Package
from tests.contract.template_parts import events, of_type
from tests.deployed import package

__all__ = ["package"]

CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
STAGES = tuple(CONFIG["stages"])


@pytest.fixture(scope="module")
def resources(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = package.read_template()["Resources"]
    return found


def test_every_stream_source_reads_all_and_isolates_what_fails(resources: dict[str, Any]) -> None:
    sources = dict(events(resources, "DynamoDB"))

    assert "RelayDynamodbEventSource" in sources
    for source in sources.values():
        assert source["StartingPosition"] == "TRIM_HORIZON"
        assert source["BisectBatchOnFunctionError"] is True
        assert 0 < source["MaximumRetryAttempts"] < 1000
        assert 0 < source["MaximumRecordAgeInSeconds"] < 86_400
        assert source["DestinationConfig"]["OnFailure"]["Type"] == "SQS"
        assert source["Stream"]["Fn::GetAtt"][1] == "StreamArn"


def test_a_stream_has_at_most_two_readers(resources: dict[str, Any]) -> None:
    readers = [source["Stream"]["Fn::GetAtt"][0] for _, source in events(resources, "DynamoDB")]

    assert all(readers.count(table) <= 2 for table in readers)


def test_every_function_gets_exactly_the_variables_that_the_settings_read(resources: dict[str, Any]) -> None:
    given_by_lambda = {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"}
    read = variables_read_by(Settings.read) | variables_named_in(ROOT / "chalicelib" / "observability.py")
    of_powertools = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}

    for function in of_type(resources, "Serverless::Function").values():
        variables = function["Environment"]["Variables"]
        assert set(variables) - of_powertools == (read - of_powertools) - given_by_lambda | {"LOG_LEVEL"}


def test_every_stage_sets_the_same_variables_and_functions() -> None:
    shapes = {
        json.dumps([sorted(stage["environment_variables"]), sorted(stage["lambda_functions"])])
        for stage in CONFIG["stages"].values()
    }

    assert set(STAGES) == {"local", "dev", "prod"}
    assert len(shapes) == 1


def variables_read_by(read: Any) -> set[str]:
    seen: set[str] = set()

    class Recorder(dict[str, str]):
        def __getitem__(self, key: str) -> str:
            seen.add(key)
            return "x"

        def get(self, key: str, default: Any = None) -> Any:
            seen.add(key)
            return default

    read(Recorder())
    return seen


def variables_named_in(module: Path) -> set[str]:
    return set(re.findall(r'"(POWERTOOLS_[A-Z_]+|LOG_LEVEL)"', module.read_text()))


def test_every_resource_is_named_as_the_settings_name_it(resources: dict[str, Any]) -> None:
    names = [
        properties[key]["Fn::Sub"]
        for kind, key in (
            ("DynamoDB::Table", "TableName"),
            ("SQS::Queue", "QueueName"),
            ("SNS::Topic", "TopicName"),
            ("SecretsManager::Secret", "Name"),
            ("S3::Bucket", "BucketName"),
            ("CloudWatch::Alarm", "AlarmName"),
            ("Serverless::Function", "FunctionName"),
        )
        for properties in of_type(resources, kind).values()
    ]

    prefix = resource_name("${Stage}", "")
    assert names
    assert all(name.startswith(prefix) and name != prefix for name in names)
    assert len(names) == len(set(names))


def test_every_table_is_recoverable_encrypted_and_kept(resources: dict[str, Any]) -> None:
    tables = {name for name, resource in resources.items() if resource["Type"] == "AWS::DynamoDB::Table"}

    assert len(tables) == 8
    for name in tables:
        properties = resources[name]["Properties"]
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert properties["SSESpecification"]["SSEEnabled"] is True
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.parametrize("kind", ["DynamoDB::Table", "S3::Bucket", "SecretsManager::Secret", "SQS::Queue"])
def test_what_holds_data_survives_its_stack(resources: dict[str, Any], kind: str) -> None:
    holders = [resource for resource in resources.values() if resource["Type"] == f"AWS::{kind}"]

    assert holders
    assert all(holder["DeletionPolicy"] == holder["UpdateReplacePolicy"] == "Retain" for holder in holders)


def test_media_are_private_encrypted_and_reached_over_tls(resources: dict[str, Any]) -> None:
    bucket = resources["MediaBucket"]["Properties"]
    statement = resources["MediaBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]
    unattached = bucket["LifecycleConfiguration"]["Rules"][0]

    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["BucketEncryption"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (unattached["Prefix"], unattached["TagFilters"]) == (
        "incoming/",
        [{"Key": "attached", "Value": "no"}],
    )


def test_the_template_never_holds_a_secret(resources: dict[str, Any]) -> None:
    secrets = of_type(resources, "SecretsManager::Secret")

    assert all(not {"SecretString", "GenerateSecretString"} & set(secret) for secret in secrets.values())


def test_every_function_has_its_own_role_and_bounds(resources: dict[str, Any]) -> None:
    functions = of_type(resources, "Serverless::Function")
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions.values()]

    assert len(set(roles)) == len(functions)
    assert all("Policies" not in function for function in functions.values())
    assert functions["APIHandler"]["Timeout"] <= 29
    assert functions["APIHandler"]["ReservedConcurrentExecutions"] > 0
    assert all(function["MemorySize"] > 128 for function in functions.values())


def test_every_function_forgets_its_logs(resources: dict[str, Any]) -> None:
    groups = of_type(resources, "Logs::LogGroup")
    named = {group["LogGroupName"]["Fn::Sub"] for group in groups.values()}

    assert named == {f"/aws/lambda/${{{name}}}" for name in of_type(resources, "Serverless::Function")}
    assert all(group["RetentionInDays"] > 0 for group in groups.values())


def test_what_the_gateway_answers_by_itself_is_a_problem_too(resources: dict[str, Any]) -> None:
    answers = of_type(resources, "ApiGateway::GatewayResponse")

    assert {answer["ResponseType"] for answer in answers.values()} == {
        "MISSING_AUTHENTICATION_TOKEN",
        "REQUEST_TOO_LARGE",
        "THROTTLED",
    }
    for answer in answers.values():
        problem = json.loads(answer["ResponseTemplates"]["application/json"])
        assert str(problem["status"]) == answer["StatusCode"]
        assert problem["type"].startswith("urn:central156:problem:")


def test_the_api_is_regional_and_throttled(resources: dict[str, Any]) -> None:
    api = resources["RestAPI"]["Properties"]
    everywhere = api["MethodSettings"][0]

    assert api["EndpointConfiguration"] == "REGIONAL"
    assert (everywhere["ResourcePath"], everywhere["HttpMethod"]) == ("/*", "*")
    assert (everywhere["ThrottlingRateLimit"], everywhere["ThrottlingBurstLimit"]) == (50, 500)


def test_no_placeholder_is_left_in_the_template(package: Package) -> None:
    assert "placeholder" not in package.template.read_text()
    assert "123456789012" not in package.template.read_text()


def test_the_template_can_only_be_deployed_as_its_own_stage(package: Package) -> None:
    assert package.read_template()["Parameters"]["Stage"]["AllowedValues"] == ["dev"]


def test_cloudformation_accepts_the_template(package: Package) -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), package.template],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.stdout, result.returncode) == ("", 0)
