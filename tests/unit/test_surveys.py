"""A survey from its beginning to its reminder: once per resolution, by a way that reaches the citizen."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import orders
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import NotSentReason, SurveyStatus, SurveyWay
from chalicelib.domain.transitions import Status
from chalicelib.services.ports.notices import SurveyStep
from tests.builders import OPENED_AT, PERSON_KEY, a_catalogue, a_draft, a_request, ordered
from tests.escalated import MARKED
from tests.fake_access import some_links
from tests.survey_desk import SurveyDesk, a_citizens_request, of_a_landline

NIGHT = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
"""Half past ten in the evening in Porto Alegre."""
EIGHT = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)


@pytest.fixture
def desk() -> SurveyDesk:
    return SurveyDesk()


def the_citizens(number: int, desk: SurveyDesk) -> ServiceRequest:
    """Resolve one more request of the same citizen's."""
    return desk.resolved(a_request(number=number, opened_at=OPENED_AT + timedelta(minutes=number)))


def test_a_citizen_is_asked_once_and_his_link_names_the_resolution(desk: SurveyDesk) -> None:
    request = desk.resolved()

    record = desk.start(request)

    assert record is not None
    assert (record.status, record.medium) == (SurveyStatus.SENT, SurveyWay.EMAIL)
    assert record.expires_at == desk.clock.now() + timedelta(days=14)
    claim = some_links().read(desk.token(), LinkPurpose.SURVEY)
    assert (claim.protocol, claim.number) == (request.protocol, 1)
    assert desk.messages == [MARKED["email"]]


def test_beginning_again_asks_nobody_again(desk: SurveyDesk) -> None:
    request = desk.asked()

    again = [desk.start(request) for _ in range(3)]

    assert again == [desk.record(request)] * 3
    assert len(desk.messages) == 1


def test_of_a_confidential_service_the_message_says_nothing(desk: SurveyDesk) -> None:
    request = ordered(a_citizens_request("noise"), orders.Accept())
    desk.start(desk.begin(ordered(request, orders.Resolve(answer="Visitado"))))

    ((_, letter),) = desk.email.sent
    assert "Poluição" not in f"{letter.subject} {letter.text}"


def test_what_one_medium_refuses_for_good_the_next_one_takes(desk: SurveyDesk) -> None:
    desk.email.refused[MARKED["email"]] = "bounced"

    request = desk.asked()

    assert desk.messages == [MARKED["phone"]]
    assert desk.record(request).medium is SurveyWay.SMS


def test_who_is_refused_by_every_medium_is_not_asked_and_may_be_next_time(desk: SurveyDesk) -> None:
    desk.email.refused[MARKED["email"]] = desk.sms.refused[MARKED["phone"]] = "invalid_address"

    request = desk.asked()

    record = desk.record(request)
    assert (record.status, record.reason) == (SurveyStatus.NOT_SENT, NotSentReason.UNDELIVERABLE)
    assert desk.reservations.kept == {}


def test_who_has_nothing_but_a_landline_is_called(desk: SurveyDesk) -> None:
    request = desk.asked(of_a_landline())
    desk.start(request)

    ((task_id, task),) = desk.callbacks.tasks.items()
    assert task_id == f"{request.protocol}-survey-g1"
    assert (task.kind, task.generation) == ("survey", 1)
    record = desk.record(request)
    assert (record.status, record.medium) == (SurveyStatus.SENT, SurveyWay.CALL)
    assert desk.waiting(SurveyStep.REMIND) == []


def test_nobody_is_asked_twice_within_thirty_days(desk: SurveyDesk) -> None:
    desk.start(the_citizens(1, desk))
    second = the_citizens(2, desk)

    record = desk.start(second)

    assert record is not None
    assert (record.status, record.reason) == (SurveyStatus.NOT_SENT, NotSentReason.FATIGUE)
    desk.clock.advance(days=30)
    later = desk.begin(dataclasses.replace(a_request_resolved_at(desk, 3)))
    asked = desk.start(later)
    assert asked is not None
    assert asked.status is SurveyStatus.SENT


def a_request_resolved_at(desk: SurveyDesk, number: int) -> ServiceRequest:
    accepted = ordered(a_request(number=number, opened_at=desk.clock.now()), orders.Accept())
    return ordered(accepted, orders.Resolve(answer="Feito", photos=("p.jpg",)))


def test_a_contact_point_that_was_asked_blocks_whoever_shares_it_and_the_others_are_given_back(
    desk: SurveyDesk,
) -> None:
    desk.reservations.kept["key-of-email"] = (desk.clock.now(), "another#1")

    record = desk.start(desk.resolved())

    assert record is not None
    assert record.reason is NotSentReason.FATIGUE
    assert set(desk.reservations.kept) == {"key-of-email"}


def test_who_wants_no_surveys_gets_none(desk: SurveyDesk) -> None:
    desk.preferences.chosen = Preferences(opted_out=frozenset({MessageKind.SURVEY}))

    record = desk.start(desk.resolved())

    assert record is not None
    assert record.reason is NotSentReason.OPTED_OUT
    assert (desk.messages, desk.reservations.kept) == ([], {})


def test_the_anonymous_are_not_asked(desk: SurveyDesk) -> None:
    record = desk.start(desk.resolved(a_request(person_key=None, draft=a_draft(reporter=None))))

    assert record is not None
    assert record.reason is NotSentReason.ANONYMOUS


def test_who_had_his_data_erased_is_not_asked(desk: SurveyDesk) -> None:
    request = desk.resolved()
    erased = ordered(request, orders.Erase(legal_basis="LGPD art. 18 VI"))
    desk.requests.save(erased, seen_version=request.version)

    record = desk.start(request)

    assert record is not None
    assert record.reason is NotSentReason.ERASED


def test_a_service_may_ask_nobody(desk: SurveyDesk) -> None:
    city = desk.city.current()
    services = {
        code: dataclasses.replace(service, survey_percent=0) for code, service in city.services.items()
    }
    desk.city.catalogue = dataclasses.replace(city, services=services)

    record = desk.start(desk.resolved())

    assert record is not None
    assert record.reason is NotSentReason.NOT_SAMPLED


def test_a_resolution_that_was_taken_up_again_is_recorded_as_not_asked_about(desk: SurveyDesk) -> None:
    request = desk.resolved()
    reopened = ordered(request, orders.Reopen(reason="Continua lá"))
    desk.requests.save(reopened, seen_version=request.version)

    record = desk.surveys.start(request.protocol, 1)

    assert record is not None
    assert (record.status, record.reason) == (SurveyStatus.NOT_SENT, NotSentReason.REOPENED)


def test_a_generation_without_a_resolution_has_no_survey(desk: SurveyDesk) -> None:
    request = desk.resolved()

    assert desk.surveys.start(request.protocol, 2) is None
    assert desk.store.of(request.protocol) == []


def test_a_duplicate_is_not_asked_about(desk: SurveyDesk) -> None:
    request = desk.resolved()
    state = dataclasses.replace(request.state, status=Status.DUPLICATE)
    desk.requests.save(dataclasses.replace(request, state=state), seen_version=request.version)

    record = desk.start(request)

    assert record is not None
    assert record.reason is NotSentReason.DUPLICATE


def test_at_night_nobody_is_asked_before_eight(desk: SurveyDesk) -> None:
    request = desk.resolved()
    desk.clock.time = NIGHT

    assert desk.start(request) is None

    assert (desk.messages, desk.store.kept, desk.reservations.kept) == ([], {}, {})
    assert [at for at, _ in desk.waiting(SurveyStep.START)] == [EIGHT]
    desk.clock.time = EIGHT
    desk.start(request)
    assert len(desk.messages) == 1


def test_records_hold_nobodys_data(desk: SurveyDesk) -> None:
    record = desk.record(desk.asked())

    for personal in (*MARKED.values(), PERSON_KEY):
        assert personal not in repr(record)
    assert a_catalogue().services["dumping"].survey_percent == 100
