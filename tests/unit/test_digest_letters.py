"""What a digest says, in which order, and what it never says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.digests import MOST_SHOWN
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.protocols import display_protocol
from chalicelib.domain.requests import Act
from chalicelib.domain.timeline import EntryType
from tests.builders import a_request
from tests.digest_office import DEPUTY, HEAD, LEVELS, Office, late, protocols_in
from tests.escalated import (
    MORNING,
    NIGHT,
    PERSONAL,
    a_told_request,
    escalated,
)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_line_says_what_where_until_when_how_late_and_at_which_level(office: Office) -> None:
    request = escalated(
        a_request(), LEVELS.LEVEL_2, justify_by=datetime(2026, 12, 3, 2, 59, 59, tzinfo=UTC), at=NIGHT
    )
    protocol = office.concern(request, DEPUTY)

    letter = office.letter("deputy")

    assert letter.subject == "156 Porto Alegre: 1 solicitação pede atenção (1 em atraso)"
    assert letter.text.splitlines()[2] == (
        f"- {display_protocol(protocol)} | Descarte irregular | Centro Histórico | prazo 30/11/2026 | "
        "atrasada há menos de 1 hora útil | nível 2 | justificativa por escrito até 02/12/2026"
    )


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (MORNING, "atrasada há menos de 1 hora útil"),
        (MORNING + timedelta(hours=1), "atrasada há 1 hora útil"),
        (MORNING + timedelta(hours=4), "atrasada há 4 horas úteis"),
        (MORNING + timedelta(days=1), "atrasada há 1 dia útil"),
        (MORNING + timedelta(days=7), "atrasada há 5 dias úteis"),
        (MORNING - timedelta(days=1), "tempo restante: 9 horas úteis"),
        (MORNING - timedelta(days=5), "tempo restante: 2 dias úteis"),
    ],
)
def test_lateness_is_said_in_working_time(office: Office, now: datetime, words: str) -> None:
    office.clock.time = now
    office.concern(late(), HEAD)

    assert words in office.letter("head", now.date()).text


def test_a_confidential_service_is_not_named(office: Office) -> None:
    office.concern(late(LEVELS.LEVEL_3, service="noise"), "city/direction")

    text = office.letter("direction").text

    assert "serviço sigiloso" in text
    assert "sonora" not in text


def test_a_digest_tells_nothing_of_citizens(office: Office) -> None:
    office.concern(escalated(a_told_request()), HEAD)

    letter = office.letter("head")

    assert [value for value in PERSONAL if value in letter.text + letter.subject] == []
    assert "Rua da Praia" not in letter.text


def test_a_long_digest_shows_the_riskiest_hundred_and_counts_the_rest(office: Office) -> None:
    many = [office.concern(late(), HEAD) for _ in range(MOST_SHOWN + 3)]
    office.follow(many[-1], 1)

    letter = office.letter("head")

    assert len(protocols_in(letter)) == MOST_SHOWN
    assert protocols_in(letter)[0] == display_protocol(many[-1])
    assert "E mais 3, que não couberam" in letter.text
    assert "103 solicitações pedem atenção (103 em atraso)" in letter.subject


def test_what_waits_for_the_citizen_is_not_called_late(office: Office) -> None:
    paused = late().with_decision(
        EntryType.QUESTION_DELIVERED, Act(by=SYSTEM, at=MORNING), {"paused_since": NIGHT - timedelta(days=2)}
    )
    office.concern(paused, HEAD)

    letter = office.letter("head")

    assert "aguarda o cidadão" in letter.text
    assert "atraso" not in letter.subject
