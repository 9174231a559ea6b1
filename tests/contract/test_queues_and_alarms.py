"""What works in the background loses nothing, and operators hear of what goes wrong there."""

import inspect
import json
from typing import Any

import pytest

from chalicelib import workers
from infra.packaging.package import Package
from tests.contract.sources import python_sources
from tests.contract.template_parts import events, of_type
from tests.deployed import package

__all__ = ["package"]

FOURTEEN_DAYS = 14 * 86_400
MOST_RECEIVES = {"NoticesQueue": workers.MOST_RECEIVES_OF_A_NOTICE}
A_BAD_DAY_OF_A_PROVIDER = 6 * 3_600


@pytest.fixture(scope="module")
def resources(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = package.read_template()["Resources"]
    return found


def test_every_queue_source_reports_the_messages_that_failed(resources: dict[str, Any]) -> None:
    silent = [
        name
        for name, source in events(resources, "SQS")
        if source.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]
        or "MaximumConcurrency" not in source.get("ScalingConfig", {})
    ]

    assert silent == []


def test_a_working_queue_gives_up_into_one_that_keeps_long(resources: dict[str, Any]) -> None:
    queues = of_type(resources, "SQS::Queue")
    sources = dict(events(resources, "SQS"))
    working = {source["Queue"]["Fn::GetAtt"][0] for source in sources.values()}

    assert working == {name for name, queue in queues.items() if "RedrivePolicy" in queue}
    for name in working:
        redrive = queues[name]["RedrivePolicy"]
        dead = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert redrive["maxReceiveCount"] == MOST_RECEIVES.get(name, workers.MOST_RECEIVES)
        assert queues[name].get("FifoQueue") == dead.get("FifoQueue")
        assert dead["MessageRetentionPeriod"] == FOURTEEN_DAYS > queues[name]["MessageRetentionPeriod"]
    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())


def test_citizens_are_told_in_order_through_an_outage_of_six_hours(resources: dict[str, Any]) -> None:
    queue = resources["NoticesQueue"]["Properties"]

    assert queue["QueueName"]["Fn::Sub"].endswith("-notices.fifo")
    assert (queue["FifoQueue"], queue["ContentBasedDeduplication"]) == (True, False)
    assert (queue["DeduplicationScope"], queue["FifoThroughputLimit"]) == (
        "messageGroup",
        "perMessageGroupId",
    )
    assert queue["VisibilityTimeout"] == workers.VISIBILITY_SECONDS
    patient = queue["RedrivePolicy"]["maxReceiveCount"] - workers.PATIENT_FOR
    assert patient * queue["VisibilityTimeout"] > A_BAD_DAY_OF_A_PROVIDER


def test_a_message_stays_hidden_while_its_function_may_still_work_on_it(resources: dict[str, Any]) -> None:
    for function in of_type(resources, "Serverless::Function").values():
        for event in function.get("Events", {}).values():
            if event["Type"] == "SQS":
                queue = resources[event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]
                assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_a_sweep_begins_every_five_minutes_and_its_absence_is_noticed(resources: dict[str, Any]) -> None:
    schedules = [source["Schedule"] for _, source in events(resources, "Schedule")]
    silence = resources["TickSilenceAlarm"]["Properties"]

    assert schedules == ["cron(0/5 * * * ? *)"]  # never early, so each run has its own five minutes
    assert (silence["Namespace"], silence["MetricName"]) == ("AWS/Lambda", "Invocations")
    assert silence["Dimensions"][0]["Value"] == {"Ref": "Tick"}
    assert (silence["Period"] * silence["EvaluationPeriods"], silence["Threshold"]) == (15 * 60, 1)
    assert silence["ComparisonOperator"] == "LessThanThreshold"
    assert silence["TreatMissingData"] == "breaching"


def test_operators_hear_of_every_failure(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "CloudWatch::Alarm")
    watched = {
        (alarm["Namespace"], alarm["MetricName"], json.dumps(dimension["Value"]))
        for alarm in alarms.values()
        for dimension in alarm.get("Dimensions", ())[:1]
    }

    for function in of_type(resources, "Serverless::Function"):
        assert ("AWS/Lambda", "Errors", json.dumps({"Ref": function})) in watched
        assert ("AWS/Lambda", "Throttles", json.dumps({"Ref": function})) in watched
    for queue, properties in of_type(resources, "SQS::Queue").items():
        name = json.dumps({"Fn::GetAtt": [queue, "QueueName"]})
        assert ("AWS/SQS", "ApproximateAgeOfOldestMessage", name) in watched
        if "RedrivePolicy" not in properties:  # nothing takes messages out of it but an operator
            assert ("AWS/SQS", "ApproximateNumberOfMessagesVisible", name) in watched
    assert {"5XXError"} <= {metric for namespace, metric, _ in watched if namespace == "AWS/ApiGateway"}
    assert all(alarm["AlarmActions"] == [{"Ref": "OperatorsTopic"}] for alarm in alarms.values())


@pytest.mark.parametrize(
    ("filter_name", "function", "message"),
    [
        ("SweepGap", "Tick", "sweep does not add up"),
        ("DueTimersWait", "Page", "due timers wait"),
        ("SecretariatSilence", "Tick", "secretariat does not poll"),
        ("LookFailed", "Attend", "look failed for good"),
        ("LegalBreach", "Attend", "legal deadline breached"),
        ("NobodyToTell", "Notify", "nobody to tell"),
    ],
)
def test_operators_hear_of_what_the_sweep_finds_wrong(
    resources: dict[str, Any], filter_name: str, function: str, message: str
) -> None:
    found = resources[f"{filter_name}Filter"]["Properties"]
    alarm = resources[f"{filter_name}Alarm"]["Properties"]
    metric = found["MetricTransformations"][0]

    assert found["FilterPattern"] == f'{{ $.message = "{message}" }}'
    assert found["LogGroupName"] == {"Ref": f"{function}LogGroup"}
    assert alarm["MetricName"] == metric["MetricName"]
    assert alarm["Namespace"] == metric["MetricNamespace"]
    assert any(f'"{message}"' in source.text for source in python_sources("chalicelib"))


def test_operators_hear_of_every_undelivered_request(resources: dict[str, Any]) -> None:
    message = resources["UndeliveredFilter"]["Properties"]["FilterPattern"].split('"')[1]
    metric = resources["UndeliveredFilter"]["Properties"]["MetricTransformations"][0]

    assert f'logger.error(\n            "{message}"' in inspect.getsource(workers.relay_changes)
    assert resources["UndeliveredAlarm"]["Properties"]["MetricName"] == metric["MetricName"]
    assert resources["UndeliveredAlarm"]["Properties"]["Namespace"] == metric["MetricNamespace"]
