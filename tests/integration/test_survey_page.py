"""The page of a survey: in four languages, for a screen reader, once."""

from __future__ import annotations

import pytest

from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.surveys import SurveyStatus
from chalicelib.domain.transitions import Status
from tests.citizens import a_link
from tests.http import Centre
from tests.pages import is_accessible, opened, sent
from tests.surveyed import Surveyed, surveyed_centre

COMMENT = "Palavras marcadas do comentário"
LANGUAGES = {
    "pt-BR": "Como foi o atendimento?",
    "en": "How did we do?",
    "es": "¿Cómo fue la atención?",
    "fr": "Comment s’est passé le service ?",
}


@pytest.fixture
def surveyed(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Surveyed:
    return surveyed_centre(centre, monkeypatch)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_page_asks_in_the_citizens_language_and_by_keyboard(surveyed: Surveyed, language: str) -> None:
    protocol = surveyed.asked()

    answer, page = opened(surveyed.centre, surveyed.token(protocol), f"?lang={language}")

    assert answer.status == 200, answer.text
    is_accessible(page)
    assert page.lang() == language
    assert LANGUAGES[language] in page.text
    assert page.form("survey").names() >= {"overall", "done", "comment", "allows_contact", "reasons"}
    assert "Maria" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_page_takes_the_answers_once(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    token = surveyed.token(protocol)
    fields = {"overall": "5", "done": "yes", "quality": "4", "reasons": "quick", "comment": COMMENT}

    answer, page = sent(surveyed.centre, token, **fields)

    assert answer.status == 200, answer.text
    is_accessible(page)
    assert "Avaliação recebida" in page.text
    (shown,) = surveyed.surveys(protocol).json["items"]
    assert shown["answers"] == {"overall": 5, "done": "yes", "quality": 4, "reasons": ["quick"]}
    again, used = sent(surveyed.centre, token, **fields)
    assert (again.status, opened(surveyed.centre, token)[0].status) == (410, 410)
    is_accessible(used)


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    answer, page = sent(surveyed.centre, surveyed.token(protocol), overall="", comment=COMMENT)

    assert answer.status == 400
    is_accessible(page)
    assert page.faults() == {"overall", "done"}
    assert COMMENT in answer.text
    assert surveyed.store.of(protocol)[0].status is SurveyStatus.SENT  # type: ignore[arg-type]


def test_not_done_on_the_page_reopens_at_once(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    _, page = sent(surveyed.centre, surveyed.token(protocol), overall="1", done="no")

    assert "foi reaberta" in page.text
    assert surveyed.request(protocol).state.generation == 2


def test_links_that_open_nothing_say_so(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    token = surveyed.token(protocol)
    unsent = surveyed.token(surveyed.asked(SurveyStatus.NOT_SENT))

    statuses = [opened(surveyed.centre, one)[0].status for one in (token[:-2] + "AA", unsent)]

    assert statuses == [404, 404]
    surveyed.centre.clock.advance(days=15)
    answer, page = opened(surveyed.centre, token, "?lang=es")
    assert (answer.status, page.lang()) == (410, "es")


NO_MORE = {
    "pt-BR": ("já não pode ser reaberta. Ligue 156", "prazo"),
    "en": ("can no longer be reopened. Call 156", "time to contest"),
    "es": ("ya no puede reabrirse. Llame al 156", "plazo"),
    "fr": ("ne peut plus être rouverte. Appelez le 156", "délai"),
}


@pytest.mark.parametrize("language", list(NO_MORE))
def test_not_done_after_a_confirmation_does_not_say_that_a_time_is_over(
    surveyed: Surveyed, language: str
) -> None:
    protocol, (truth, excuse) = surveyed.asked(), NO_MORE[language]
    request = a_link(LinkPurpose.REQUEST, protocol)
    assert sent(surveyed.centre, request, act="confirm", seen="3")[0].status == 200

    _, page = sent(surveyed.centre, surveyed.token(protocol), f"?lang={language}", overall="1", done="no")

    assert truth in page.text
    assert excuse not in page.text
    assert surveyed.request(protocol).state.status is Status.CLOSED
