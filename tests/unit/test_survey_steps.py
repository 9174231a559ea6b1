"""How surveys begin: from decisions on the stream to the step that a worker takes."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring_surveys, workers
from chalicelib.adapters.timers_queue import SqsNotices, SqsQueue
from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Done
from chalicelib.domain.transitions import Status
from chalicelib.observability import logger
from chalicelib.services.acts import CITIZEN
from chalicelib.services.followups import Followups
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.notices import Queued, SurveyNotice, SurveyStep
from chalicelib.services.survey_steps import SurveySteps
from tests.builders import a_catalogue, a_request, ordered
from tests.escalated import MARKED
from tests.fakes import NOW, FakeCatalogue, FakeClock, FakeLooks, FakeNoticeQueue
from tests.survey_desk import SurveyDesk

EVENTS = Path(__file__).parents[2] / "events"


def surveyed(request: ServiceRequest, before: int) -> list[tuple[int, SurveyStep]]:
    """Follow what came after a version, and name the surveys that are to be looked at."""
    queue = FakeNoticeQueue()
    followups = Followups(
        looks=FakeLooks(), notices=queue, catalogue=FakeCatalogue(a_catalogue()), clock=FakeClock()
    )
    followups.follow([Change(before=before, request=request)])
    return [(one.generation, one.step) for one in queue.notices if isinstance(one, SurveyNotice)]


def test_a_survey_follows_from_its_beginning_alone() -> None:
    resolved = a_request(Status.RESOLVED)
    due_at = resolved.state.resolution.at if resolved.state.resolution else NOW
    begun = attend(resolved, a_catalogue(), due_at.replace(day=due_at.day + 1))

    assert surveyed(resolved, 0) == []
    assert surveyed(begun, resolved.version) == [(1, SurveyStep.START)]
    assert surveyed(begun, begun.version) == []


def test_what_is_contested_or_reopened_has_its_reason_recorded() -> None:
    resolved = a_request(Status.RESOLVED)
    contested = ordered(resolved, orders.Contest(reason="Continua lá"), by=CITIZEN)
    reopened = ordered(resolved, orders.Reopen(reason="Continua lá"))

    assert surveyed(contested, resolved.version) == surveyed(reopened, resolved.version)
    assert surveyed(contested, resolved.version) == [(1, SurveyStep.START)]


def test_who_has_all_erased_has_what_he_wrote_about_it_erased_too() -> None:
    resolved = a_request(Status.RESOLVED)
    erased = ordered(resolved, orders.Erase(legal_basis="LGPD art. 18 VI"))
    in_part = ordered(resolved, orders.Erase(legal_basis="LGPD art. 18 VI", names=("1.description",)))

    assert surveyed(erased, resolved.version) == [(1, SurveyStep.FORGET)]
    assert surveyed(in_part, resolved.version) == []


def record_of(notice: Queued) -> dict[str, Any]:
    """Give the record that a worker gets of a notice, in the shape of AWS's."""
    sent: list[dict[str, Any]] = []
    client = _Client(sent)
    SqsNotices(queue=SqsQueue(client=client, name="notices")).send([notice])
    record: dict[str, Any] = json.loads((EVENTS / "notices_queue.json").read_text())["Records"][0]
    return record | {"body": sent[0]["MessageBody"]}


class _Client:
    """An SQS client that takes everything."""

    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.sent = sent

    def get_queue_url(self, **_: Any) -> dict[str, str]:
        return {"QueueUrl": "https://sqs.example/notices"}

    def send_message_batch(self, **arguments: Any) -> dict[str, Any]:
        self.sent += arguments["Entries"]
        return {}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> SurveyDesk:
    desk = SurveyDesk()
    steps = SurveySteps(surveys=desk.surveys, consequences=desk.consequences)
    monkeypatch.setattr(wiring_surveys, "survey_steps", partial(_given, steps))
    return desk


def _given(service: Any) -> Any:
    return service


def test_the_worker_takes_each_step_and_logs_nobodys_data(
    desk: SurveyDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[dict[str, Any]] = []
    monkeypatch.setattr(logger, "info", lambda said, extra: logged.append(extra))
    request = desk.resolved()

    def take(step: SurveyStep) -> None:
        notice = SurveyNotice(protocol=request.protocol, generation=1, step=step, order="group")
        assert workers.tell_people([record_of(notice)]) == {"batchItemFailures": []}

    take(SurveyStep.START)
    desk.clock.advance(days=5)
    take(SurveyStep.REMIND)
    desk.answer(done=Done.NO)
    take(SurveyStep.SETTLE)

    assert [one["came_to"] for one in logged] == ["sent", "sent", "reopened"]
    assert len(desk.messages) == 2
    assert desk.stored(request).state.generation == 2
    everything = json.dumps(logged)
    assert not [personal for personal in MARKED.values() if personal in everything]


def test_a_step_that_fails_comes_back_from_the_queue(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.email.is_down = True
    record = record_of(SurveyNotice(protocol=request.protocol, generation=1))

    answer = workers.tell_people([record])

    assert answer == {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}
    desk.email.is_down = False
    workers.tell_people([record])
    assert len(desk.messages) == 1


def test_what_is_forgotten_is_the_text_and_not_the_grade(desk: SurveyDesk) -> None:
    request = desk.asked()
    desk.answer(comment="Marcada Silva ficou contente")
    written = desk.record(request)
    assert written.private

    for _ in range(2):
        notice = SurveyNotice(protocol=request.protocol, generation=1, step=SurveyStep.FORGET)
        assert workers.tell_people([record_of(notice)]) == {"batchItemFailures": []}

    assert desk.record(request) == replace(written, private={})
