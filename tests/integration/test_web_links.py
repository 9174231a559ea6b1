"""The whole life of a link's page: what it shows, what it refuses, and that looking changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.domain.citizen_links import LIVES, LinkPurpose
from chalicelib.domain.protocols import compose_protocol
from tests.citizens import a_link
from tests.fakes import NOW
from tests.http import Centre
from tests.integration.test_api_citizen import asked, resolved
from tests.pages import is_accessible, opened, sent

WEB = Path(__file__).parents[2] / "chalicelib" / "web"
LANGUAGES = ("pt-BR", "en", "es", "fr")


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "r" + "A" * 16 + "." + "A" * 24,
        "%2e%2e%2fetc",
        a_link(LinkPurpose.REQUEST, compose_protocol(NOW.date(), 7)),
        a_link(LinkPurpose.SURVEY, compose_protocol(NOW.date(), 7)) + "x",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_no_link_of_ours_is_not_found(centre: Centre, token: str, method: str) -> None:
    answer, page = opened(centre, token) if method == "GET" else sent(centre, token, act="confirm")

    assert answer.status == 404
    assert "Link desconhecido" in page.text
    is_accessible(page)


def test_an_edited_link_is_not_found_and_changes_nothing(centre: Centre) -> None:
    protocol = resolved(centre)
    token, before = a_link(LinkPurpose.REQUEST, protocol), centre.requests.writes
    for place in range(len(token)):
        edited = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert sent(centre, edited, act="confirm", seen="3")[0].status == 404
    assert centre.requests.writes == before


def test_a_link_of_one_purpose_is_none_of_another(centre: Centre) -> None:
    protocol = asked(centre)
    question, request = a_link(LinkPurpose.QUESTION, protocol, 3), a_link(LinkPurpose.REQUEST, protocol)

    assert opened(centre, f"r{question[1:]}")[0].status == 404
    assert opened(centre, f"q{request[1:]}")[0].status == 404


@pytest.mark.parametrize("purpose", [LinkPurpose.REQUEST, LinkPurpose.QUESTION])
def test_a_link_whose_time_is_over_is_gone(centre: Centre, purpose: LinkPurpose) -> None:
    protocol = asked(centre)
    token = a_link(purpose, protocol, 3, at=centre.clock.now() - LIVES[purpose] - timedelta(seconds=1))

    for answer, page in (opened(centre, token), sent(centre, token, act="answer", answer="x", seen="3")):
        assert answer.status == 410
        assert "Link vencido" in page.text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "pt-BR"),
        ("pt-PT,pt;q=0.9", "pt-BR"),
        ("de,fr;q=0.5,en;q=0.4", "fr"),
        ("es-UY", "es"),
        ("en;q=0,es;q=0.1", "es"),
        ("zz;q=x, *", "pt-BR"),
    ],
)
def test_an_unknown_link_is_answered_in_the_browsers_language(
    centre: Centre, header: str, language: str
) -> None:
    answer, page = opened(centre, "x", accept_language=header)

    assert (page.lang(), answer.headers["content-language"]) == (language, language)


def test_an_old_link_is_answered_in_the_citizens_language(centre: Centre) -> None:
    protocol = centre.opened(language="en")
    token = a_link(LinkPurpose.REQUEST, protocol, at=centre.clock.now() - timedelta(days=400))

    assert opened(centre, token, accept_language="fr")[1].lang() == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_in_every_language(centre: Centre, language: str) -> None:
    protocol = asked(centre)
    for token in (a_link(LinkPurpose.REQUEST, protocol), a_link(LinkPurpose.QUESTION, protocol, 3), "x"):
        answer, page = opened(centre, token, f"?lang={language}")
        assert page.lang() == language
        is_accessible(page)
        other = {a["hreflang"] for a in page.all("a") if "hreflang" in a}
        assert other == set(LANGUAGES) - {language}
        assert answer.status in (200, 404)


def test_nothing_is_loaded_from_elsewhere_kept_or_told_on(centre: Centre) -> None:
    answer, page = opened(centre, a_link(LinkPurpose.REQUEST, centre.opened()))

    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'; base-uri 'none'; frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert not page.all("script") + page.all("link") + page.all("iframe")


def test_what_is_too_large_is_refused(centre: Centre) -> None:
    token = a_link(LinkPurpose.REQUEST, centre.opened())

    assert sent(centre, token, act="comment", comment="x" * 70_000)[0].status == 413


def test_an_outage_is_a_page_too(centre: Centre) -> None:
    token = a_link(LinkPurpose.REQUEST, centre.opened())
    centre.requests.is_down = True

    answer, page = opened(centre, token)

    assert answer.status == 503
    assert "Indisponível" in page.text


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a=1&" * 200, b"", b"{}"])
def test_a_spoilt_form_asks_for_nothing(centre: Centre, raw: bytes) -> None:
    token = a_link(LinkPurpose.REQUEST, centre.opened())

    assert centre.call("POST", f"/c/{token}", raw=raw).status == 400


def test_the_languages_have_the_same_texts_with_the_same_gaps() -> None:
    texts = {one: json.loads((WEB / "locales" / f"{one}.json").read_text()) for one in LANGUAGES}
    gaps = {
        code: {
            key: sorted(name or "" for _, name, _, _ in Formatter().parse(text)) for key, text in one.items()
        }
        for code, one in texts.items()
    }
    for code in LANGUAGES:
        assert texts[code].keys() == texts["pt-BR"].keys()
        assert {key: set(names) for key, names in gaps[code].items()} == {
            key: set(names) for key, names in gaps["pt-BR"].items()
        }
        assert all(text.strip() == text != "" for text in texts[code].values())
