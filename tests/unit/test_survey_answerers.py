"""Who may answer a survey besides the holder of its link: a channel with the code, an attendant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from chalicelib.domain.access import Principal
from chalicelib.domain.errors import (
    ActorNotAllowed,
    IdempotencyKeyReused,
    InvalidInput,
    LinkUsed,
)
from chalicelib.domain.people import Channel
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Answers, Done, SurveyRecord, SurveyStatus, Via
from chalicelib.domain.timeline import EntryType
from chalicelib.services.commands import Command
from chalicelib.services.ports.notices import SurveyStep
from chalicelib.services.survey_answers import Answered
from chalicelib.services.survey_consequences import Consequence
from tests.fake_surveys import FakeSurveys
from tests.fakes import an_identity
from tests.survey_desk import SurveyDesk, an_answer

ATTENDANT = Principal(name="ana", scopes=frozenset({"attendant", "channel:phone"}))
KEYPAD = Principal(name="ura", scopes=frozenset({"channel:phone"}))
COUNTER = Principal(name="bia", scopes=frozenset({"attendant", "channel:counter"}))
LINE = Principal(name="caio", scopes=frozenset({"attendant"}))
CHAT = Principal(name="bot", scopes=frozenset({"channel:whatsapp"}))
APP = Principal(name="app", scopes=frozenset({"channel:app"}))


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


@dataclass(slots=True)
class RacedSurveys(FakeSurveys):
    """Surveys between whose reading and writing something else happens once."""

    meanwhile: Callable[[], object] | None = None

    def save(self, record: SurveyRecord, *, seen: SurveyRecord) -> bool:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return FakeSurveys.save(self, record, seen=seen)


def test_of_the_same_command_twice_at_once_the_second_answers_the_first_result() -> None:
    store = RacedSurveys()
    desk = SurveyDesk(store=store)
    request = desk.asked()
    taken: list[Answered] = []

    def answer(key: str = "k", body: bytes = b"{}") -> Answered:
        draft, code = an_answer(done=Done.NO), code_of(request)
        taken.append(desk.answers.by_key(request.protocol, draft, KEYPAD, code, a_command(key, body)))
        return taken[-1]

    store.meanwhile = answer
    again = answer()

    assert (again.record, again.consequence) == (taken[0].record, Consequence.REOPENED)
    assert [one.repeated for one in taken] == [False, True]
    assert desk.waiting(SurveyStep.SETTLE) == []
    assert len(contested_on(desk, request)) == 1


@pytest.mark.parametrize(
    ("key", "body", "refusal"), [("k", b"other", IdempotencyKeyReused), ("other", b"{}", LinkUsed)]
)
def test_of_two_commands_at_once_the_second_is_refused(
    key: str, body: bytes, refusal: type[Exception]
) -> None:
    store = RacedSurveys()
    desk = SurveyDesk(store=store)
    request = desk.asked()
    code = code_of(request)
    store.meanwhile = lambda: desk.answers.by_key(
        request.protocol, an_answer(), KEYPAD, code, a_command(key, body)
    )

    with pytest.raises(refusal):
        desk.answers.by_key(request.protocol, an_answer(overall=1), KEYPAD, code, a_command())


def contested_on(desk: SurveyDesk, request: ServiceRequest) -> list[Channel | None]:
    timeline = desk.stored(request).timeline
    return [entry.channel for entry in timeline if entry.type is EntryType.CONTESTED]


@pytest.mark.parametrize(
    ("caller", "channel"),
    [
        (KEYPAD, Channel.PHONE),
        (CHAT, Channel.WHATSAPP),
        (APP, Channel.APP),
        (ATTENDANT, Channel.PHONE),
        (COUNTER, Channel.COUNTER),
        (LINE, Channel.PHONE),
    ],
)
def test_what_follows_from_an_answer_is_recorded_on_the_channel_of_the_answer(
    desk: SurveyDesk, caller: Principal, channel: Channel
) -> None:
    request = desk.asked()
    draft = an_answer(done=Done.NO, identity_check="CPF")

    desk.answers.by_key(request.protocol, draft, caller, code_of(request), a_command())

    assert contested_on(desk, request) == [channel]


def test_what_follows_from_an_answer_by_link_is_recorded_on_the_web(desk: SurveyDesk) -> None:
    request = desk.asked()

    desk.answer(done=Done.NO)

    assert contested_on(desk, request) == [Channel.WEB]


@pytest.mark.parametrize(
    ("via", "channel"),
    [
        (Via.LINK, Channel.WEB),
        (Via.PORTAL, Channel.WEB),
        (Via.KEYPAD, Channel.PHONE),
        (Via.ATTENDANT, Channel.PHONE),
        (Via.CHAT, Channel.CHAT),
    ],
)
def test_what_a_notice_makes_good_is_recorded_on_the_channel_that_the_record_tells(
    desk: SurveyDesk, via: Via, channel: Channel
) -> None:
    request = desk.asked()
    seen, given = desk.record(request), an_answer(done=Done.NO).answers()
    desk.store.save(replace(seen, status=SurveyStatus.ANSWERED, answers=given, via=via), seen=seen)

    desk.consequences.settle(request.protocol, 1)

    assert contested_on(desk, request) == [channel]


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
