"""What becomes of attendants' reports of calls and letters, and what survives a crash."""

from __future__ import annotations

import pytest

from chalicelib.domain import orders
from chalicelib.domain.call_reports import CallReport, CitizensVerdict
from chalicelib.domain.callbacks import CallbackTask, CallOutcome, Ending, Way
from chalicelib.domain.errors import (
    CallbackEnded,
    IdempotencyKeyReused,
    NotFound,
    TransitionNotAllowed,
    Unavailable,
)
from chalicelib.domain.people import Channel, Role
from chalicelib.domain.surveys import Answers, Done
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.services.callbacks import HandOver, HandOverReport
from chalicelib.services.ports.callbacks import TaskChanged
from tests.builders import a_request, ordered
from tests.callback_desk import ATTENDANT, COLLEAGUE, CallbackDesk, a_command
from tests.fakes import NOW

REACHED, NO_ANSWER = CallReport(outcome=CallOutcome.REACHED), CallReport(outcome=CallOutcome.NO_ANSWER)


@pytest.fixture
def desk() -> CallbackDesk:
    return CallbackDesk()


def test_reading_the_number_is_kept(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")

    desk.callbacks.open(task.task_id, ATTENDANT)

    (kept,) = desk.audit.interventions
    assert (kept.by, kept.action, kept.subject) == ("ana", "callback_read", task.protocol)


@pytest.mark.parametrize("task_id", ["", "x", "-question-3", "2632800000000-question-3", "a/b"])
def test_an_unknown_task_is_not_found(desk: CallbackDesk, task_id: str) -> None:
    with pytest.raises(NotFound):
        desk.callbacks.open(task_id, ATTENDANT)


def test_reaching_the_citizen_delivers_the_question_and_stops_the_clock(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")

    callback = desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    entry = callback.request.timeline[-1]
    assert (entry.type, entry.actor.role, entry.channel) == (
        EntryType.QUESTION_DELIVERED,
        Role.ATTENDANT,
        Channel.PHONE,
    )
    assert callback.request.state.paused_since == NOW
    assert callback.task.ending is Ending.REACHED


def test_the_answer_given_in_the_call_goes_with_the_delivery_in_one_write(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    report = CallReport(outcome=CallOutcome.REACHED, answer="Número 42", identity_check="CPF e nascimento")
    writes = desk.requests.writes

    callback = desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())

    request = callback.request
    assert [one.type for one in request.timeline[-2:]] == [EntryType.QUESTION_DELIVERED, EntryType.ANSWERED]
    assert request.text(request.version, "identity_check") == "CPF e nascimento"
    assert request.state.status is Status.IN_PROGRESS
    assert desk.requests.writes == writes + 1


def test_a_late_answer_brings_an_archived_request_back(desk: CallbackDesk) -> None:
    request = a_request(Status.ARCHIVED)
    asked = next(entry.seq for entry in request.timeline if entry.type is EntryType.ASKED)
    task = desk.told(request, "question", seq=asked)
    report = CallReport(outcome=CallOutcome.REACHED, answer="Número 42", identity_check="CPF")

    assert desk.callbacks.record(task.task_id, report, ATTENDANT, a_command()).request.state.is_open


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(CitizensVerdict.CONFIRM, Status.CLOSED), (CitizensVerdict.CONTEST, Status.QUEUED)],
)
def test_the_citizens_verdict_on_the_result_is_carried_out(
    desk: CallbackDesk, verdict: CitizensVerdict, status: Status
) -> None:
    task = desk.told(a_request(Status.RESOLVED), "resolved")
    report = CallReport(
        outcome=CallOutcome.REACHED, verdict=verdict, reason="O entulho está lá", identity_check="CPF"
    )

    callback = desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())

    assert (callback.request.state.status, callback.task.ending) == (status, Ending.REACHED)


def test_the_answers_to_a_survey_are_handed_on(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.RESOLVED), "survey", generation=1)
    answers = Answers(overall=2, done=Done.NO)
    report = CallReport(outcome=CallOutcome.REACHED, survey=answers, comment="Nada", identity_check="CPF")

    desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())

    assert desk.surveys.taken == [(task.protocol, 1, answers, "Nada")]


def test_three_calls_in_vain_lead_to_the_counter_and_stand_in_the_history(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.RESOLVED), "resolved")
    for number in range(3):
        desk.callbacks.record(task.task_id, NO_ANSWER, ATTENDANT, a_command(f"key-{number}"))
        desk.clock.time = desk.queue.find(task.task_id).not_before

    (waiting,) = desk.lists.letters(ATTENDANT).items
    assert waiting.task.way is Way.COUNTER
    assert [len(one.attempts) for one in desk.queue.of(task.protocol)] == [3]


def test_a_repeated_report_changes_nothing(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    first = desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    second = desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    assert (second.task, second.request) == (first.task, first.request)
    with pytest.raises(IdempotencyKeyReused):
        desk.callbacks.record(task.task_id, NO_ANSWER, ATTENDANT, a_command(body=b"other"))


def test_a_report_that_was_cut_off_is_completed_by_its_repetition(
    desk: CallbackDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    report = CallReport(outcome=CallOutcome.REACHED, answer="42", identity_check="CPF")
    with monkeypatch.context() as broken:
        broken.setattr(type(desk.queue), "change", _unavailable)
        with pytest.raises(Unavailable):
            desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())

    callback = desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())

    types = [entry.type for entry in callback.request.timeline]
    assert types.count(EntryType.ANSWERED) == 1
    assert callback.task.ending is Ending.REACHED


def test_of_two_attendants_the_second_learns_that_it_is_done(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.WAITING_CITIZEN), "question")
    desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    with pytest.raises(CallbackEnded):
        desk.callbacks.record(task.task_id, REACHED, COLLEAGUE, a_command("key-2", "bruno"))
    with pytest.raises(CallbackEnded):
        desk.callbacks.open(task.task_id, COLLEAGUE)


def test_of_two_outcomes_at_the_same_time_one_is_taken_down(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.RESOLVED), "resolved")
    taken = desk.callbacks.record(task.task_id, NO_ANSWER, ATTENDANT, a_command())

    with pytest.raises(TaskChanged):
        desk.queue.change(task.ended(Ending.REACHED, NOW, "bruno"), seen=task)

    assert desk.queue.find(task.task_id) == taken.task


def test_an_answer_to_a_question_that_is_over_is_refused(desk: CallbackDesk) -> None:
    request = a_request(Status.WAITING_CITIZEN)
    task = desk.told(request, "question")
    desk.requests.save(ordered(request, orders.Answer(answer="41")), seen_version=request.version)
    report = CallReport(outcome=CallOutcome.REACHED, answer="42", identity_check="CPF")

    with pytest.raises(TransitionNotAllowed):
        desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())


def test_an_answer_to_the_question_before_is_none_to_the_new_one(desk: CallbackDesk) -> None:
    request = a_request(Status.WAITING_CITIZEN)
    task = desk.told(request, "question")
    asked_again = ordered(ordered(request, orders.Answer(answer="41")), orders.Ask(question="E o bloco?"))
    desk.requests.save(asked_again, seen_version=request.version)
    report = CallReport(outcome=CallOutcome.REACHED, answer="42", identity_check="CPF")

    with pytest.raises(CallbackEnded):
        desk.callbacks.record(task.task_id, report, ATTENDANT, a_command())


def at_the_counter(desk: CallbackDesk, status: Status = Status.WAITING_CITIZEN) -> CallbackTask:
    kind = "question" if status is Status.WAITING_CITIZEN else "resolved"
    task = desk.told(a_request(status), kind)
    wrong = CallReport(outcome=CallOutcome.WRONG_NUMBER)
    return desk.callbacks.record(task.task_id, wrong, ATTENDANT, a_command("wrong")).task


def test_a_question_handed_over_at_the_counter_is_delivered(desk: CallbackDesk) -> None:
    task = at_the_counter(desk)

    callback = desk.callbacks.hand_over(
        task.task_id, HandOverReport(how=HandOver.HANDED_OVER, note="RG"), ATTENDANT, a_command()
    )

    entry = callback.request.timeline[-1]
    assert (entry.type, entry.channel) == (EntryType.QUESTION_DELIVERED, Channel.COUNTER)
    assert callback.task.ending is Ending.HANDED_OVER
    assert not desk.lists.letters(ATTENDANT).items


def test_whoever_is_told_a_result_by_phone_may_contest_it_from_then_on(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.RESOLVED), "resolved")

    callback = desk.callbacks.record(task.task_id, REACHED, ATTENDANT, a_command())

    assert callback.request.timeline[-1].type is EntryType.RESULT_TOLD
    assert callback.request.state.result_told_at == NOW


def test_a_result_handed_over_at_the_counter_is_told(desk: CallbackDesk) -> None:
    task, report = at_the_counter(desk, Status.RESOLVED), HandOverReport(how=HandOver.HANDED_OVER, note="RG")

    callback = desk.callbacks.hand_over(task.task_id, report, ATTENDANT, a_command())

    assert callback.request.state.result_told_at == NOW


def test_a_posted_question_is_not_delivered_yet(desk: CallbackDesk) -> None:
    task, report = at_the_counter(desk), HandOverReport(how=HandOver.POSTED)

    callback = desk.callbacks.hand_over(task.task_id, report, ATTENDANT, a_command())
    again = desk.callbacks.hand_over(task.task_id, report, ATTENDANT, a_command())

    assert callback.request.state.paused_since is None
    assert again.task == callback.task


def test_what_is_still_to_be_called_is_not_handed_over(desk: CallbackDesk) -> None:
    task = desk.told(a_request(Status.RESOLVED), "resolved")

    with pytest.raises(CallbackEnded):
        desk.callbacks.hand_over(task.task_id, HandOverReport(how=HandOver.POSTED), ATTENDANT, a_command())


def _unavailable(*_: object, **__: object) -> None:
    raise Unavailable
