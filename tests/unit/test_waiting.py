"""What waits for a citizen: when he is reminded of a question, and when that is no use any more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.timers import next_timer
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import remind_at, wait_ends_at
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request, ordered

CITY = a_catalogue()
TENTH, SEVENTEENTH = (datetime(2026, 12, day, 13, 0, tzinfo=UTC) for day in (7, 16))
"""Ten in the morning, 10 and 17 working days after Monday, 23 November (8 December is no holiday here)."""


def asked() -> ServiceRequest:
    return a_request(Status.WAITING_CITIZEN)


def waiting_for_words() -> ServiceRequest:
    """A question about something that is at no place and has a term so long that no level comes before."""
    elsewhere = ordered(
        a_request(draft=a_draft("other", place=None)), orders.Classify(reason="É barulho", service="noise")
    )
    return ordered(ordered(elsewhere, orders.Accept()), orders.Ask(question="Onde?"))


def delivered(request: ServiceRequest, at: datetime) -> ServiceRequest:
    attendant = Actor(role=Role.ATTENDANT, name="Rosa")
    return ordered(request, orders.ConfirmDelivery(), at=at, by=attendant)


def reminders(request: ServiceRequest) -> list[datetime]:
    return [entry.at for entry in request.timeline if entry.type is EntryType.REMINDED]


def looked_at(request: ServiceRequest) -> ServiceRequest:
    """Look whenever a timer says so, until the question waits no longer."""
    while request.state.status is Status.WAITING_CITIZEN:
        moment = next_timer(request, CITY)
        assert moment is not None
        request = attend(request, CITY, moment)
    return request


def test_a_question_is_reminded_of_in_the_mornings_of_the_tenth_and_seventeenth_working_day() -> None:
    request = waiting_for_words()

    assert remind_at(request, CITY) == TENTH
    archived = looked_at(request)
    assert reminders(archived) == [TENTH, SEVENTEENTH]
    assert archived.state.status is Status.ARCHIVED


def test_reminders_that_were_missed_together_are_one() -> None:
    request = attend(asked(), CITY, SEVENTEENTH + timedelta(hours=1))

    assert reminders(request) == [SEVENTEENTH + timedelta(hours=1)]
    assert remind_at(request, CITY) is None


def test_the_days_run_from_the_proof_that_the_question_has_arrived() -> None:
    request = delivered(asked(), OPENED_AT + timedelta(days=7))

    assert remind_at(request, CITY) == TENTH + timedelta(days=7)


def test_an_answer_ends_the_reminders_and_a_second_question_has_its_own() -> None:
    reminded = attend(asked(), CITY, TENTH)
    answered = ordered(reminded, orders.Answer(answer="É o 12"))
    again = ordered(answered, orders.Ask(question="E o bloco?"))

    assert remind_at(answered, CITY) is None
    first = remind_at(again, CITY)
    assert first is not None
    assert first > again.updated_at
    assert len(reminders(again)) == 1


def test_nobody_is_reminded_of_what_is_over_by_then() -> None:
    """The days of the first question count: little is left for the second."""
    late = datetime(2026, 12, 11, 15, 0, tzinfo=UTC)
    answered = ordered(delivered(asked(), OPENED_AT), orders.Answer(answer="É o 12"), at=late)
    again = delivered(ordered(answered, orders.Ask(question="E o bloco?"), at=late), late)

    ends_at = wait_ends_at(again, CITY)
    assert ends_at is not None
    assert ends_at < late + timedelta(days=14)
    assert remind_at(again, CITY) is None
