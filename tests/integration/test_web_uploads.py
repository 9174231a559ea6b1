"""Photos by link: whoever has no good link gets no ticket to the bucket, on any page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.citizen_links import LIVES, LinkPurpose
from chalicelib.domain.protocols import Protocol
from tests.citizens import a_link
from tests.http import Centre
from tests.integration.test_api_citizen import asked
from tests.integration.test_web_answers import waiting
from tests.pages import sent
from tests.surveyed import surveyed_centre

BUCKET = "https://media.example/"
PHOTO = {"act": "add_photo", "kind": "jpeg"}
ASKING = [LinkPurpose.QUESTION, LinkPurpose.THIRD_PARTY]


def asking(centre: Centre, purpose: LinkPurpose) -> str:
    """Return the protocol of a request whose third decision asks somebody."""
    return asked(centre) if purpose is LinkPurpose.QUESTION else waiting(centre)[0]


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_forged_link_gets_no_ticket(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, purpose: LinkPurpose
) -> None:
    surveyed_centre(centre, monkeypatch)
    letter, good = purpose.value, a_link(purpose, asking(centre, LinkPurpose.QUESTION), 3)
    edited = good[:-2] + ("AA" if not good.endswith("AA") else "BB")

    for token in (letter, f"{letter}{'A' * 16}.{'A' * 24}", edited):
        answer, _ = sent(centre, token, **PHOTO)
        assert (answer.status, BUCKET in answer.text) == (404, False)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_an_expired_link_gets_no_ticket(
    centre: Centre, monkeypatch: pytest.MonkeyPatch, purpose: LinkPurpose
) -> None:
    surveyed_centre(centre, monkeypatch)
    long_ago = centre.clock.now() - LIVES[purpose] - timedelta(seconds=1)
    token = a_link(purpose, asking(centre, purpose), 3, at=long_ago)

    answer, _ = sent(centre, token, **PHOTO)

    assert (answer.status, BUCKET in answer.text) == (410, False)


@pytest.mark.parametrize("purpose", ASKING)
def test_a_used_link_gets_no_ticket(centre: Centre, purpose: LinkPurpose) -> None:
    token = a_link(purpose, asking(centre, purpose), 3)
    assert sent(centre, token, act="answer", answer="É o 12")[0].status == 200

    answer, page = sent(centre, token, **PHOTO)

    assert (answer.status, BUCKET in answer.text) == (410, False)
    assert "Já respondido" in page.text


@pytest.mark.parametrize("purpose", ASKING)
def test_a_good_link_gets_a_ticket_and_sending_proves_nothing(centre: Centre, purpose: LinkPurpose) -> None:
    protocol = asking(centre, purpose)
    token, before = a_link(purpose, protocol, 3), centre.requests.load(Protocol(protocol))

    allowed, unknown = sent(centre, token, **PHOTO), sent(centre, token, act="add_photo", kind="exe")

    assert (allowed[0].status, allowed[1].forms[0].attributes["action"]) == (200, BUCKET)
    assert (unknown[0].status, unknown[1].faults()) == (400, {"photos"})
    assert centre.requests.load(Protocol(protocol)) == before
