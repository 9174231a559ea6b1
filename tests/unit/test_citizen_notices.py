"""Notices to citizens: what each decision tells whom, by which medium, in which words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.letters import Medium
from chalicelib.domain.people import SYSTEM, Channel
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.tellings import CITIZEN, THIRD_PARTY
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.services.notices import Notified
from chalicelib.services.ports.notices import SendStatus
from chalicelib.services.sending import Fate
from tests.builders import OPENED_AT, a_catalogue, a_draft, brought_to, ordered
from tests.citizen_letters import claim_in, told_request
from tests.escalated import MARKED, MARKED_TEXT, a_told_request, escalated
from tests.fakes import an_identity
from tests.notice_desk import Post, fates

NOON = datetime.fromisoformat("2026-11-24T15:00:00+00:00")
NIGHT = datetime.fromisoformat("2026-11-25T02:00:00+00:00")
MORNING = datetime.fromisoformat("2026-11-25T11:00:00+00:00")
LANDLINE = "+555132893000"


@pytest.fixture
def post() -> Post:
    post = Post()
    post.clock.time = NOON
    return post


def by_the_system(request: ServiceRequest, entry: EntryType, **changes: Any) -> ServiceRequest:
    act = Act(by=SYSTEM, at=request.updated_at + timedelta(minutes=1))
    return request.with_decision(entry, act, changes)


def merged() -> ServiceRequest:
    return told_request(Status.DUPLICATE)


def reopened() -> ServiceRequest:
    return ordered(told_request(Status.RESOLVED), orders.Reopen(reason="Voltou"))


def reassured() -> ServiceRequest:
    return by_the_system(told_request(Status.IN_PROGRESS), EntryType.REASSURED)


def reminded() -> ServiceRequest:
    return by_the_system(told_request(Status.WAITING_CITIZEN), EntryType.REMINDED)


SAYS: dict[str, tuple[Callable[[], ServiceRequest], str]] = {
    "confirmation": (a_told_request, "registrada. Codigo "),
    "accepted": (lambda: told_request(Status.IN_PROGRESS), "em andamento com DMLU, prazo 30/11/2026."),
    "scheduled": (lambda: told_request(Status.SCHEDULED), "DMLU marcou a visita"),
    "question": (lambda: told_request(Status.WAITING_CITIZEN), "uma pergunta sobre"),
    "question_reminder": (reminded, "lembrete: falta responder sobre"),
    "resolved": (lambda: told_request(Status.RESOLVED), "Confirme ou conteste até 07/12/2026"),
    "rejected": (lambda: told_request(Status.REJECTED), "não será atendida. Motivo e contestação até"),
    "reopened": (reopened, "reaberta, com DMLU"),
    "closed": (lambda: told_request(Status.CLOSED), "encerrada."),
    "cancelled": (lambda: told_request(Status.CANCELLED), "cancelada como pedido"),
    "archived": (lambda: told_request(Status.ARCHIVED), "arquivada sem resposta"),
    "merged": (merged, "foi unida a 26.327.9999999-"),
    "reassured": (reassured, "não foi esquecida: em andamento, com DMLU"),
}


@pytest.mark.parametrize("kind", SAYS)
def test_every_decision_of_interest_is_told_by_text_message(post: Post, kind: str) -> None:
    make, words = SAYS[kind]
    request = make()

    assert fates(post.notify(request)) == [(CITIZEN, Medium.SMS, Fate.SENT)]

    ((address, letter),) = post.sms.sent
    assert address == MARKED["phone"]
    assert in_plain(words) in letter.text
    assert display_protocol(request.protocol) in letter.text
    (send,) = post.sends.of(request.protocol)
    assert (send.kind, send.seq, send.status) == (kind, request.version, SendStatus.SENT)


def in_plain(words: str) -> str:
    return words.replace("ã", "a").replace("ç", "c").replace("õ", "o").replace("á", "a")


def test_an_email_of_a_resolution_carries_the_answer_and_a_link_to_confirm_or_contest(post: Post) -> None:
    request = told_request(Status.RESOLVED, contact_points={"email": MARKED["email"]})
    post.notify(request)

    ((_, letter),) = post.email.sent
    assert "Recolhido" in letter.text
    assert claim_in(letter) == LinkClaim(
        purpose=LinkPurpose.REQUEST, protocol=request.protocol, number=1, issued_at=NOON
    )
    assert letter.subject.startswith("Solicitação ")


def test_an_email_of_a_refusal_gives_reason_and_legal_basis(post: Post) -> None:
    post.notify(told_request(Status.REJECTED, contact_points={"email": MARKED["email"]}))

    text = post.email.sent[0][1].text
    assert "trata-se de propriedade particular" in text
    assert "Fundamento legal: LC 728/2014" in text
    assert "conteste até 07/12/2026" in text


def test_a_question_is_told_with_a_link_to_this_question_only(post: Post) -> None:
    request = told_request(Status.WAITING_CITIZEN, contact_points={"email": MARKED["email"]})
    post.notify(request)

    letter = post.email.sent[0][1]
    assert "Qual o número da casa?" in letter.text
    claim = claim_in(letter)
    assert (claim.purpose, claim.number) == (LinkPurpose.QUESTION, request.version)


def test_the_confirmation_carries_the_access_code(post: Post) -> None:
    request = a_told_request()
    post.notify(request)

    code = an_identity().access_code(request.protocol)
    assert f"Codigo {code}" in post.sms.sent[0][1].text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "is late. New forecast: 2026-12-03"), ("pt-BR", "atrasada. Nova previsao: 03/12/2026")],
)
def test_a_citizen_is_told_in_the_language_of_the_request(post: Post, language: str, words: str) -> None:
    draft = a_draft(language=language, channel=Channel.PHONE)
    post.clock.time = datetime.fromisoformat("2026-12-01T12:00:00+00:00")
    post.notify(escalated(a_told_request(draft=draft)))

    assert words in post.sms.sent[0][1].text


@pytest.mark.parametrize(("language", "words"), [("es", "en curso en DMLU"), ("fr", "en cours, DMLU")])
def test_a_citizen_may_choose_another_language(post: Post, language: str, words: str) -> None:
    request = told_request(Status.IN_PROGRESS)
    post.preferences.keep(request.contact_keys, Preferences(language=language, changed_at=NOON))
    post.notify(request)

    assert words in post.sms.sent[0][1].text


def test_what_is_no_courtesy_keeps_quiet_at_night_as_well(post: Post) -> None:
    request, post.clock.time = told_request(Status.RESOLVED), NIGHT
    assert post.notify(request).deferred_until == MORNING
    assert post.messages == []

    post.clock.time = MORNING
    assert fates(post.repeat(request)) == [(CITIZEN, Medium.SMS, Fate.SENT)]


def test_a_confirmation_comes_at_any_hour(post: Post) -> None:
    post.clock.time = NIGHT

    assert fates(post.notify(a_told_request())) == [(CITIZEN, Medium.SMS, Fate.SENT)]


@pytest.mark.parametrize(
    ("before", "order"),
    [
        (Status.SCHEDULED, orders.Schedule(visit_at=OPENED_AT + timedelta(days=9))),
        (Status.WAITING_CITIZEN, orders.Answer(answer="Nº 9")),
        (Status.RESOLVED, orders.Reopen(reason="Voltou")),
        (Status.IN_PROGRESS, orders.Cancel(reason="Já foi feito")),
    ],
)
def test_what_was_overtaken_is_not_told(post: Post, before: Status, order: orders.Order) -> None:
    request = told_request(before)
    after = ordered(request, order)

    assert post.notify(after, request.version) == Notified()


@pytest.mark.parametrize("entry", [EntryType.COMMENTED, EntryType.ALERTED, EntryType.REDATED])
def test_other_decisions_tell_the_citizen_nothing(post: Post, entry: EntryType) -> None:
    facts = {"step": 1, "to": "DMLU/on_call", "person": "nobody"}
    act = Act(by=SYSTEM, at=NOON)
    request = a_told_request().with_decision(entry, act, {}, facts)

    assert post.notify(request) == Notified()


def test_of_a_confidential_request_no_message_says_what_it_is_about(post: Post) -> None:
    city = a_catalogue()
    dumping = dataclasses.replace(city.services["dumping"], confidential=True)
    post.city.catalogue = dataclasses.replace(city, services={**city.services, "dumping": dumping})
    opened = a_told_request(contact_points={"email": MARKED["email"]}, catalogue=post.city.catalogue)
    for status in (Status.QUEUED, Status.WAITING_CITIZEN, Status.RESOLVED, Status.REJECTED):
        post.store.items.clear()
        post.sends.kept.clear()
        post.notify(brought_to(opened, status, post.city.catalogue))

    everything = "".join(letter.subject + letter.text for _, letter in post.email.sent)
    assert len(post.email.sent) == 4
    for word in ("Descarte", "Recolhido", "Área particular", "número da casa"):
        assert word not in everything


def test_no_letter_quotes_what_the_citizen_wrote(post: Post) -> None:
    for kind, (make, _) in SAYS.items():
        post.store.items.clear()
        post.sends.kept.clear()
        request = make()
        post.preferences.keep(request.contact_keys, Preferences(medium=Medium.EMAIL, changed_at=NOON))
        assert post.notify(request).told, kind

    everything = "".join(letter.text for _, letter in post.email.sent)
    assert len(post.email.sent) == len(SAYS)
    assert MARKED_TEXT not in everything


def test_a_third_party_is_sent_what_it_is_asked_and_a_link_and_nothing_of_the_citizen(post: Post) -> None:
    wait = orders.Wait(party="CEEE Equatorial", party_email="plantao@ceee.example", note="Trocaram o poste?")
    request = ordered(told_request(Status.IN_PROGRESS), wait)

    assert fates(post.notify(request)) == [(THIRD_PARTY, Medium.EMAIL, Fate.SENT)]

    ((address, letter),) = post.email.sent
    claim = claim_in(letter)
    assert (address, claim.purpose) == ("plantao@ceee.example", LinkPurpose.THIRD_PARTY)
    assert claim.number == request.version
    assert "Trocaram o poste?" in letter.text
    assert not [mark for mark in (*MARKED.values(), MARKED_TEXT) if mark in letter.text]


def test_a_third_party_without_an_address_is_told_by_whoever_waits_for_it(post: Post) -> None:
    post.notify(ordered(told_request(Status.IN_PROGRESS), orders.Wait(party="CEEE Equatorial")))

    assert post.messages == []


def test_a_third_party_that_was_waited_for_is_asked_no_more(post: Post) -> None:
    wait = orders.Wait(party="CEEE Equatorial", party_email="plantao@ceee.example", note="Trocaram o poste?")
    waiting = ordered(told_request(Status.IN_PROGRESS), wait)
    post.notify(ordered(waiting, orders.Resume()), seq=waiting.version)

    assert post.messages == []
