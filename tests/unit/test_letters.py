"""What people read who are told something right away, and what stands in no letter."""

from __future__ import annotations

import dataclasses

from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.levels import EscalationLevel
from tests.builders import a_draft, a_request
from tests.escalated import (
    PERSONAL,
    a_told_request,
    alerted,
    an_emergency,
    escalated,
    told,
)

LEVELS = EscalationLevel


def test_no_letter_tells_anything_of_the_reporter() -> None:
    breach = escalated(a_told_request(), LEVELS.LEGAL_BREACH)
    alert = alerted(a_told_request(draft=a_draft(urgency=Urgency.EMERGENCY)))
    letters = [telling.letter for one in (breach, alert) for telling in told(one)]
    assert len(letters) == 3
    everything = "".join(letter.subject + letter.text for letter in letters)

    assert [value for value in PERSONAL if value in everything] == []


def test_a_telling_shows_neither_address_nor_text_where_it_is_printed() -> None:
    telling = told(alerted(an_emergency()))[0]

    assert telling.address not in repr(telling)
    assert "URGENTE" not in repr(telling)


def test_an_alert_for_a_confidential_service_tells_the_neighbourhood_alone() -> None:
    text = told(alerted(an_emergency("noise")))[0].letter.text

    assert "serviço sigiloso. Centro Histórico." in text
    assert "Rua da Praia" not in text


def test_an_alert_without_address_tells_the_coordinates() -> None:
    draft = a_draft(urgency=Urgency.EMERGENCY)
    assert draft.place is not None
    nameless = dataclasses.replace(draft, place=dataclasses.replace(draft.place, address=""))

    text = told(alerted(a_request(draft=nameless)))[0].letter.text

    assert "-30.03100, -51.22800, Centro Histórico" in text
