"""Pages that ask: the citizen a question, a third party for information, a follower whether it was done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.people import SYSTEM, Role
from chalicelib.domain.protocols import Protocol, display_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.citizens import a_link
from tests.http import Centre
from tests.integration.test_api_casework import an_uploaded_photo
from tests.integration.test_api_citizen import asked
from tests.pages import is_accessible, opened, sent

CANCEL = {"reason": "Já não precisa", "identity_check": "CPF"}
REPORTER = {"name": "Pedro Souza", "phone": "(51) 98888-7777"}


def stored(centre: Centre, protocol: str) -> ServiceRequest:
    return centre.requests.load(Protocol(protocol))


def question(protocol: str, seq: int = 3) -> str:
    return a_link(LinkPurpose.QUESTION, protocol, seq)


def test_opening_the_question_proves_its_delivery_once(centre: Centre) -> None:
    protocol = asked(centre)
    for _ in range(3):
        answer, page = opened(centre, question(protocol))
        assert answer.status == 200
        centre.clock.advance(hours=1)

    request = stored(centre, protocol)
    assert "Qual o número?" in page.text
    is_accessible(page)
    assert [entry.type for entry in request.timeline[3:]] == [EntryType.QUESTION_DELIVERED]
    assert request.timeline[3].actor.role is Role.SYSTEM
    assert request.state.paused_since == request.timeline[3].at


def test_the_answer_returns_the_request_to_work(centre: Centre) -> None:
    protocol, photo = asked(centre), an_uploaded_photo(centre)
    opened(centre, question(protocol))
    centre.clock.advance(days=2)

    answer, page = sent(centre, question(protocol), f"?photo={photo}", act="answer", answer="É o 12")

    request = stored(centre, protocol)
    assert answer.status == 200
    assert "Resposta recebida" in page.text
    assert (request.state.status, request.latest_text("answer")) == (Status.IN_PROGRESS, "É o 12")
    assert (request.timeline[-1].actor.role, request.state.paused_since) == (Role.CITIZEN, None)
    assert photo in request.photos_quoted(3)


def test_an_answer_sent_twice_counts_once_and_another_one_comes_too_late(centre: Centre) -> None:
    token = question(asked(centre))
    first, again = (sent(centre, token, act="answer", answer="É o 12") for _ in range(2))
    other, used = sent(centre, token, act="answer", answer="É o 14"), opened(centre, token)

    assert first[0].status == again[0].status == 200
    assert first[0].text == again[0].text
    assert (other[0].status, used[0].status) == (410, 410)
    assert "Já respondido" in other[1].text


def test_only_the_newest_question_can_be_answered(centre: Centre) -> None:
    protocol = asked(centre)
    sent(centre, question(protocol), act="answer", answer="É o 12")
    centre.order(protocol, "ask", {"question": "E o bloco?"}, key="DMLU")
    seq = stored(centre, protocol).version

    old, new = opened(centre, question(protocol)), opened(centre, question(protocol, seq))

    assert (old[0].status, new[0].status) == (410, 200)
    assert sent(centre, question(protocol), act="answer", answer="É o 12")[0].status == 200  # it was given
    assert sent(centre, question(protocol), act="answer", answer="Outra")[0].status == 410
    assert stored(centre, protocol).state.status is Status.WAITING_CITIZEN


def test_after_a_cancellation_nothing_is_asked_any_more(centre: Centre) -> None:
    protocol = asked(centre)
    centre.order(protocol, "cancel", CANCEL, key="attendant")

    assert opened(centre, question(protocol))[0].status == 410
    assert sent(centre, question(protocol), act="answer", answer="x")[0].status == 410


def test_a_link_to_a_decision_that_asked_nothing_is_unknown(centre: Centre) -> None:
    assert opened(centre, question(asked(centre), 2))[0].status == 404


def archived(centre: Centre) -> str:
    """Let the question of a request go unanswered until the request is archived."""
    protocol = asked(centre)
    request = stored(centre, protocol)
    act = Act(by=SYSTEM, at=centre.clock.now())
    changes = {"status": Status.ARCHIVED, "asked_at": None}
    after = request.with_decision(EntryType.ARCHIVED, act, changes)
    centre.requests.save(after, seen_version=request.version)
    return protocol


def test_a_late_answer_brings_back_what_was_archived_within_thirty_days(centre: Centre) -> None:
    first, second = archived(centre), archived(centre)
    centre.clock.advance(days=29)
    page = opened(centre, question(first))[1]
    assert "arquivada por falta de resposta" in page.text
    assert sent(centre, question(first), act="answer", answer="É o 12")[0].status == 200
    centre.clock.advance(days=2)
    late = sent(centre, question(second), act="answer", answer="É o 12")

    assert stored(centre, first).state.status is Status.IN_PROGRESS
    assert (late[0].status, stored(centre, second).state.status) == (410, Status.ARCHIVED)


def test_thirty_days_after_archiving_the_question_neither_shows_nor_takes_an_answer(centre: Centre) -> None:
    protocol = archived(centre)
    centre.clock.advance(days=30)
    assert opened(centre, question(protocol))[0].status == 200

    centre.clock.advance(seconds=1)

    form = {"act": "answer", "answer": "É o 12"}
    for answer, page in (opened(centre, question(protocol)), sent(centre, question(protocol), **form)):
        assert answer.status == 410
        assert "Link vencido" in page.text
    assert sent(centre, question(protocol), act="add_photo", kind="jpeg")[0].status == 410


def test_a_late_answer_sent_twice_is_still_known_when_the_time_is_over(centre: Centre) -> None:
    protocol = archived(centre)
    first = sent(centre, question(protocol), act="answer", answer="É o 12")
    centre.clock.advance(days=40)

    again = sent(centre, question(protocol), act="answer", answer="É o 12")

    assert (first[0].status, again[0].status) == (200, 200)


def test_a_blank_answer_is_named(centre: Centre) -> None:
    answer, page = sent(centre, question(asked(centre)), act="answer", answer=" ")

    assert (answer.status, page.faults()) == (400, {"answer"})
    is_accessible(page)


def waiting(centre: Centre) -> tuple[str, str]:
    protocol = centre.opened()
    centre.order(protocol, "accept", key="DMLU")
    wait = {"party": "CEEE Equatorial", "party_email": "plantao@ceee.example", "note": "O poste já caiu?"}
    assert centre.order(protocol, "wait", wait, key="DMLU").status == 200
    return protocol, a_link(LinkPurpose.THIRD_PARTY, protocol, 3)


def test_a_third_party_reads_what_is_asked_and_nothing_of_the_citizen(centre: Centre) -> None:
    answer, page = opened(centre, waiting(centre)[1])

    assert answer.status == 200
    is_accessible(page)
    assert all(words in page.text for words in ("O poste já caiu?", "Rua da Praia, 156", "CEEE Equatorial"))
    assert not [
        word for word in ("Maria", "99123", "Entulho na calçada", "ceee.example") if word in answer.text
    ]


def test_a_third_party_answers_once_and_the_secretariat_reads_it(centre: Centre) -> None:
    (protocol, token), photo = waiting(centre), an_uploaded_photo(centre)
    first, again = (
        sent(centre, token, f"?photo={photo}", act="answer", answer="Trocado ontem") for _ in range(2)
    )

    request = stored(centre, protocol)
    assert first[0].status == again[0].status == 200
    assert (request.state.status, request.version) == (Status.IN_PROGRESS, 4)
    assert (request.timeline[-1].actor.role, request.photos_quoted(3)) == (Role.THIRD_PARTY, (photo,))
    assert "Trocado ontem" in centre.get(f"/v1/requests/{protocol}", key="DMLU").text
    assert opened(centre, token)[0].status == 410


def test_a_third_party_whose_time_is_over_is_told_so(centre: Centre) -> None:
    protocol, token = waiting(centre)
    centre.order(protocol, "resume", key="DMLU")

    answer, page = opened(centre, token, accept_language="en")

    assert (answer.status, page.lang()) == (410, "pt-BR")


def followed(centre: Centre) -> tuple[str, str]:
    protocol = centre.opened()
    assert centre.post(f"/v1/requests/{protocol}/followers", {"reporter": REPORTER}).status == 201
    ((_, follower),) = (key for key in centre.contacts.follows if key[0] == protocol)
    return protocol, a_link(LinkPurpose.FOLLOWER, protocol, follower=follower)


def finished(centre: Centre, protocol: str) -> None:
    centre.order(protocol, "accept", key="DMLU")
    evidence = {"answer": "Feito", "photos": [an_uploaded_photo(centre)]}
    assert centre.order(protocol, "resolve", evidence, key="DMLU").status == 200


def test_a_follower_sees_how_it_goes_and_nothing_of_the_reporter(centre: Centre) -> None:
    answer, page = opened(centre, followed(centre)[1])

    assert (answer.status, page.acts()) == (200, set())
    is_accessible(page)
    assert not [
        word for word in ("Maria", "99123", "Entulho na calçada", "Rua da Praia") if word in answer.text
    ]


def test_a_followers_contest_opens_a_request_of_his_own(centre: Centre) -> None:
    protocol, token = followed(centre)
    finished(centre, protocol)

    answer, page = sent(centre, token, act="contest", reason="Na frente da minha casa continua")

    own = next(
        request
        for one in centre.requests.items
        if (request := stored(centre, one)).state.contests == protocol
    )
    assert answer.status == 200
    assert display_protocol(own.protocol) in page.text
    assert (own.state.service, own.state.status) == ("dumping", Status.QUEUED)
    assert (own.latest_text("description"), own.latest_text("address")) == (
        "Na frente da minha casa continua",
        "Rua da Praia, 156",
    )
    assert own.latest_text("reporter.name") == "Pedro Souza"
    assert own.person_key != stored(centre, protocol).person_key
    assert stored(centre, protocol).state.status is Status.RESOLVED


def test_a_follower_contests_a_result_once_also_on_another_day(centre: Centre) -> None:
    protocol, token = followed(centre)
    finished(centre, protocol)
    first = sent(centre, token, act="contest", reason="Continua")
    before = len(centre.requests.items)
    centre.clock.advance(days=3)

    again, other = (sent(centre, token, act="contest", reason=text) for text in ("Continua", "Outra"))

    assert (first[0].status, again[0].status, other[0].status) == (200, 200, 410)
    assert first[0].text == again[0].text
    assert len(centre.requests.items) == before


@pytest.mark.parametrize(("days", "is_finished"), [(0, False), (16, True)])
def test_a_follower_contests_a_result_in_time_only(centre: Centre, days: int, is_finished: bool) -> None:
    protocol, token = followed(centre)
    if is_finished:
        finished(centre, protocol)
    centre.clock.advance(days=days)

    answer, page = sent(centre, token, act="contest", reason="Continua")

    assert (answer.status, page.acts()) == (409, set())


def test_a_follower_who_is_gone_has_no_link(centre: Centre) -> None:
    protocol = centre.opened()
    token = a_link(
        LinkPurpose.FOLLOWER, protocol, follower="f" * 32, at=centre.clock.now() - timedelta(days=1)
    )

    assert opened(centre, token)[0].status == 404
