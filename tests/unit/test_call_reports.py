"""What is wrong with reports of calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.call_reports import CallReport, CitizensVerdict
from chalicelib.domain.callbacks import CallbackTask, CallOutcome
from chalicelib.domain.errors import (
    InvalidInput,
)
from chalicelib.domain.surveys import Answers, Done
from chalicelib.domain.transitions import Status
from tests.builders import a_request
from tests.callback_desk import ATTENDANT, CallbackDesk, a_command
from tests.fakes import NOW


@pytest.fixture
def desk() -> CallbackDesk:
    return CallbackDesk()


def faults_of(desk: CallbackDesk, task: CallbackTask, report: CallReport) -> Mapping[str, str]:
    with pytest.raises(InvalidInput) as refusal:
        desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())
    return {fault.path: fault.reason for fault in refusal.value.faults}


@pytest.mark.parametrize(
    ("kind", "report", "faults"),
    [
        ("question", {"outcome": "no_answer", "answer": "42"}, {"answer": "not_of_this_call"}),
        ("late", {"outcome": "reached", "verdict": "confirm"}, {"verdict": "not_of_this_call"}),
        ("question", {"outcome": "reached", "answer": "42"}, {"identity_check": "required"}),
        ("question", {"outcome": "call_later"}, {"call_again_at": "required"}),
        ("question", {"outcome": "busy", "call_again_at": NOW}, {"call_again_at": "not_of_this_call"}),
        ("question", {"outcome": "call_later", "call_again_at": NOW}, {"call_again_at": "not_in_the_future"}),
        (
            "question",
            {"outcome": "call_later", "call_again_at": NOW + timedelta(days=90)},
            {"call_again_at": "out_of_range"},
        ),
        (
            "question",
            {"outcome": "busy", "called_at": NOW + timedelta(hours=1)},
            {"called_at": "in_the_future"},
        ),
        (
            "question",
            {"outcome": "busy", "called_at": NOW - timedelta(hours=1)},
            {"called_at": "out_of_range"},
        ),
        (
            "resolved",
            {"outcome": "reached", "verdict": "contest", "comment": "x"},
            {"reason": "required", "identity_check": "required", "comment": "not_of_this_call"},
        ),
        ("resolved", {"outcome": "reached", "reason": "x"}, {"reason": "not_of_this_call"}),
        (
            "survey",
            {"outcome": "reached", "survey": Answers(overall=6, done=Done.YES, clarity=0)},
            {
                "survey.overall": "out_of_range",
                "survey.clarity": "out_of_range",
                "identity_check": "required",
            },
        ),
    ],
)
def test_everything_wrong_with_a_report_is_named_at_once(
    desk: CallbackDesk, kind: str, report: dict[str, Any], faults: dict[str, str]
) -> None:
    status = Status.RESOLVED if kind in ("resolved", "survey") else Status.WAITING_CITIZEN
    about = {"generation": 1} if kind == "survey" else {}
    task = desk.told(a_request(status), kind, **about)
    typed = {**report, "outcome": CallOutcome(report["outcome"])}
    if "verdict" in report:
        typed["verdict"] = CitizensVerdict(report["verdict"])

    assert faults_of(desk, task, CallReport(**typed)) == faults
    assert desk.queue.find(task.task_id) == task
