"""The citizen's page of his request: what he reads there and does there, twice, in two tabs, too late."""

from __future__ import annotations

import pytest

from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.transitions import Status
from tests.citizens import a_link
from tests.http import Centre
from tests.integration.test_api_casework import an_uploaded_photo
from tests.integration.test_api_citizen import asked, resolved
from tests.integration.test_web_answers import archived
from tests.pages import Page, is_accessible, opened, sent

PERSONAL = ("Maria", "99123", "+55")


def link(protocol: str) -> str:
    return a_link(LinkPurpose.REQUEST, protocol)


def status_of(centre: Centre, protocol: str) -> Status:
    return centre.requests.load(Protocol(protocol)).state.status


def seen(page: Page, act: str) -> str:
    return page.form(act).hidden()["seen"]


def test_the_page_tells_what_happened_in_plain_words_and_nothing_internal(centre: Centre) -> None:
    protocol = resolved(centre)
    centre.order(protocol, "comment", {"comment": "interno"}, key="DMLU")
    answer, page = opened(centre, link(protocol))

    assert answer.status == 200
    is_accessible(page)
    for words in ("A secretaria aceitou a solicitação", "Entulho recolhido", "Departamento Municipal"):
        assert words in page.text
    assert not [word for word in (*PERSONAL, "interno") if word in answer.text]
    assert page.all("img")[0]["src"].startswith("https://media.example/")
    assert "img-src https://media.example;" in answer.headers["content-security-policy"]


def test_looking_changes_nothing(centre: Centre) -> None:
    protocol = resolved(centre)
    before = centre.requests.writes
    for _ in range(3):
        opened(centre, link(protocol))

    assert centre.requests.writes == before


@pytest.mark.parametrize(
    ("make", "acts"),
    [
        (resolved, {"confirm", "contest"}),
        (asked, {"answer", "comment", "cancel"}),
        (lambda centre: centre.opened(), {"comment", "cancel"}),
    ],
)
def test_the_page_offers_what_the_status_allows(centre: Centre, make: object, acts: set[str]) -> None:
    assert callable(make)
    assert opened(centre, link(make(centre)))[1].acts() == acts


def test_a_resolution_is_confirmed_by_one_button(centre: Centre) -> None:
    protocol = resolved(centre)
    page = opened(centre, link(protocol))[1]

    answer, after = sent(centre, link(protocol), act="confirm", seen=seen(page, "confirm"))

    assert answer.status == 200
    assert "encerrada como resolvida" in after.text
    assert (status_of(centre, protocol), after.acts()) == (Status.CLOSED, set())


def test_a_resolution_is_contested_with_reason_and_photo(centre: Centre) -> None:
    protocol, photo = resolved(centre), an_uploaded_photo(centre)
    page = opened(centre, link(protocol), f"?photo={photo}")[1]
    assert "Foto 1 enviada" in page.text

    answer, after = sent(
        centre,
        link(protocol),
        f"?photo={photo}",
        act="contest",
        seen=seen(page, "contest"),
        reason="Continua\r\nlá",
    )

    request = centre.requests.load(Protocol(protocol))
    assert answer.status == 200
    assert "Contestação recebida" in after.text
    assert (request.state.status, request.latest_text("reason")) == (Status.QUEUED, "Continua\nlá")
    assert request.photos_quoted(3) == (photo,)


def test_the_same_form_sent_twice_counts_once_and_answers_the_same(centre: Centre) -> None:
    protocol = resolved(centre)
    form = {"act": "contest", "seen": seen(opened(centre, link(protocol))[1], "contest"), "reason": "Não"}

    first, again = sent(centre, link(protocol), **form), sent(centre, link(protocol), **form)

    assert first[0].status == again[0].status == 200
    assert first[0].text == again[0].text
    assert centre.requests.load(Protocol(protocol)).version == 4


def test_of_two_tabs_the_second_learns_what_the_first_did(centre: Centre) -> None:
    protocol = resolved(centre)
    one, two = (opened(centre, link(protocol))[1] for _ in range(2))
    sent(centre, link(protocol), act="contest", seen=seen(one, "contest"), reason="Não foi feito")

    answer, page = sent(centre, link(protocol), act="confirm", seen=seen(two, "confirm"))

    assert answer.status == 409
    assert "Veja abaixo como ela está" in page.text
    assert status_of(centre, protocol) is Status.QUEUED


def test_the_same_reason_contests_a_second_result_too(centre: Centre) -> None:
    protocol = resolved(centre)
    for _ in range(2):
        page = opened(centre, link(protocol))[1]
        sent(centre, link(protocol), act="contest", seen=seen(page, "contest"), reason="Não foi feito")
        assert status_of(centre, protocol) in (Status.QUEUED, Status.TRIAGE)
        if status_of(centre, protocol) is Status.QUEUED:
            centre.order(protocol, "accept", key="DMLU")
            evidence = {"answer": "Feito", "photos": [an_uploaded_photo(centre)]}
            centre.order(protocol, "resolve", evidence, key="DMLU")

    assert status_of(centre, protocol) is Status.TRIAGE


def test_after_the_window_contesting_is_neither_offered_nor_taken(centre: Centre) -> None:
    protocol = resolved(centre)
    page = opened(centre, link(protocol))[1]
    centre.clock.advance(days=16)

    answer, late = sent(centre, link(protocol), act="contest", seen=seen(page, "contest"), reason="Não")

    assert answer.status == 409
    assert "O prazo para contestar terminou" in late.text
    assert "contest" not in late.acts()


def test_what_was_archived_is_revived_within_thirty_days_only(centre: Centre) -> None:
    protocol = archived(centre)
    centre.clock.advance(days=30)
    assert opened(centre, link(protocol))[1].acts() == {"revive"}

    centre.clock.advance(seconds=1)

    answer, page = opened(centre, link(protocol))
    assert (answer.status, page.acts()) == (200, set())
    is_accessible(page)


TOO_LATE = {
    "pt-BR": "O prazo para responder terminou",
    "en": "The time to answer is over",
    "es": "El plazo para responder terminó",
    "fr": "Le délai pour répondre est passé",
}


@pytest.mark.parametrize("language", list(TOO_LATE))
def test_an_answer_from_a_tab_that_was_left_open_too_long_is_told_so(centre: Centre, language: str) -> None:
    protocol = archived(centre)
    form = {"act": "revive", "seen": seen(opened(centre, link(protocol))[1], "revive"), "answer": "É o 12"}
    centre.clock.advance(days=31)

    answer, page = sent(centre, link(protocol), f"?lang={language}", **form)

    assert (answer.status, page.acts()) == (409, set())
    assert TOO_LATE[language] in page.text
    assert status_of(centre, protocol) is Status.ARCHIVED


def test_after_a_cancellation_the_page_shows_it_and_offers_nothing(centre: Centre) -> None:
    protocol = asked(centre)
    page = opened(centre, link(protocol))[1]
    sent(centre, link(protocol), act="cancel", seen=seen(page, "cancel"), cancel_reason="Já não precisa")

    answer, after = opened(centre, link(protocol))

    assert (answer.status, after.acts()) == (200, set())
    assert "Cancelada" in after.text
    assert sent(centre, link(protocol), act="answer", seen="3", answer="x")[0].status == 409


@pytest.mark.parametrize(
    ("act", "field"), [("contest", "reason"), ("comment", "comment"), ("cancel", "cancel_reason")]
)
def test_a_blank_field_is_named_beside_it_and_above(centre: Centre, act: str, field: str) -> None:
    protocol = resolved(centre) if act == "contest" else centre.opened()

    answer, page = sent(centre, link(protocol), act=act, seen="3", **{field: "  "})

    assert answer.status == 400
    is_accessible(page)
    assert page.faults() == {field}
    area = next(a for a in page.all("textarea") if a["name"] == field)
    assert area["aria-invalid"] == "true"
    assert f"{field}-fault" in area["aria-describedby"]
    assert "Preencha este campo." in page.text


def test_what_was_written_is_still_there_after_a_fault(centre: Centre) -> None:
    token = link(centre.opened())

    page = sent(centre, token, act="comment", seen="1", comment="y" * 2_001)[1]

    assert "y" * 2_001 in page.text
    assert "Use no máximo 2000 caracteres." in page.text


def test_what_people_write_is_never_markup(centre: Centre) -> None:
    token = link(centre.opened())

    answer, page = sent(centre, token, act="comment", seen="1", comment="<script>alert(1)</script>")

    assert answer.status == 200
    assert not page.all("script")
    assert "<script>alert(1)</script>" in page.text


@pytest.mark.parametrize("photo", ["inventada", "00000000000000000000000000000001.jpg.0123456789abcdef"])
def test_a_photo_that_was_not_sent_here_is_refused(centre: Centre, photo: str) -> None:
    protocol = resolved(centre)

    answer, page = sent(centre, link(protocol), f"?photo={photo}", act="contest", seen="3", reason="Não")

    assert (answer.status, page.faults()) == (400, {"photos"})


def test_a_file_goes_straight_to_the_bucket_and_the_browser_comes_back(centre: Centre) -> None:
    token = link(resolved(centre))

    answer, page = sent(centre, token, "?lang=en", act="add_photo", kind="jpeg")

    form = page.forms[0]
    assert form.attributes["action"] == "https://media.example/"
    assert "form-action 'self' https://media.example;" in answer.headers["content-security-policy"]
    back = form.hidden()["success_action_redirect"]
    assert back.startswith(f"https://156.example/c/{token}?lang=en&photo=")
    assert page.all("input")[-1]["accept"] == "image/jpeg"
    is_accessible(page)


def test_no_more_than_five_photos_are_taken(centre: Centre) -> None:
    token = link(resolved(centre))
    query = "?" + "&".join(f"photo=p{n}" for n in range(5))

    answer, page = sent(centre, token, query, act="add_photo", kind="jpeg")

    assert (answer.status, page.faults()) == (400, {"photos"})
