"""Who may answer a survey besides the holder of its link: a channel with the code, an attendant."""

from __future__ import annotations

import pytest

from chalicelib.domain.access import Principal
from chalicelib.domain.errors import (
    ActorNotAllowed,
    InvalidInput,
    LinkUsed,
)
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Answers, Done, Via
from chalicelib.services.commands import Command
from chalicelib.services.survey_consequences import Consequence
from tests.fakes import an_identity
from tests.survey_desk import SurveyDesk, an_answer

ATTENDANT = Principal(name="ana", scopes=frozenset({"attendant", "channel:phone"}))
KEYPAD = Principal(name="ura", scopes=frozenset({"channel:phone"}))


@pytest.fixture
def desk() -> SurveyDesk:
    return SurveyDesk()


def a_command(key: str = "k", body: bytes = b"{}") -> Command:
    return Command(owner="owner", key=key, body=body)


def code_of(request: ServiceRequest) -> str:
    return an_identity().access_code(request.protocol)


def test_a_keypad_proves_the_citizen_by_his_code_and_asks_two_questions(desk: SurveyDesk) -> None:
    request = desk.asked()

    desk.answers.by_key(request.protocol, an_answer(), KEYPAD, code_of(request), a_command())

    assert desk.record(request).via is Via.KEYPAD


@pytest.mark.parametrize("code", [None, "000000"])
def test_the_protocol_alone_answers_nothing(desk: SurveyDesk, code: str | None) -> None:
    request = desk.asked()

    with pytest.raises(ActorNotAllowed):
        desk.answers.by_key(request.protocol, an_answer(), KEYPAD, code, a_command())


def test_an_attendant_says_how_she_made_sure_who_speaks(desk: SurveyDesk) -> None:
    request = desk.asked()
    with pytest.raises(InvalidInput) as refusal:
        desk.answers.by_key(request.protocol, an_answer(), ATTENDANT, None, a_command())
    assert [fault.path for fault in refusal.value.faults] == ["identity_check"]

    draft = an_answer(identity_check="CPF e nome da mãe")
    desk.answers.by_key(request.protocol, draft, ATTENDANT, None, a_command())

    record = desk.record(request)
    assert record.via is Via.ATTENDANT
    assert record.private["identity_check"].value == "CPF e nome da mãe"


def test_the_same_command_again_answers_the_first_result(desk: SurveyDesk) -> None:
    request, code = desk.asked(), ""
    code = code_of(request)
    first = desk.answers.by_key(request.protocol, an_answer(done=Done.NO), KEYPAD, code, a_command())

    again = desk.answers.by_key(request.protocol, an_answer(done=Done.NO), KEYPAD, code, a_command())

    assert (again.record, again.consequence) == (first.record, Consequence.REOPENED)
    assert again.repeated
    with pytest.raises(LinkUsed):
        desk.answers.by_key(request.protocol, an_answer(), KEYPAD, code, a_command("other"))


def test_an_answer_written_down_on_a_call_is_taken_once(desk: SurveyDesk) -> None:
    request = desk.asked()
    answers = desk.record(request).answers
    assert answers is None
    given = Answers(overall=2, done=Done.YES)

    for _ in range(2):
        desk.answers.by_call(
            request.protocol,
            1,
            given,
            comment="",
            identity_check="Data de nascimento",
            by=ATTENDANT,
            command=a_command(),
        )

    assert desk.record(request).answers == given
