"""What people read who are told something right away, and what stands in no letter."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.letters import LONGEST_TEXT_MESSAGE
from chalicelib.domain.levels import EscalationLevel
from tests.builders import a_catalogue, a_draft, a_request
from tests.escalated import (
    MARKED,
    MORNING,
    PERSONAL,
    a_told_request,
    alerted,
    an_emergency,
    escalated,
    told,
)

LEVELS = EscalationLevel


def test_an_e_mail_has_a_subject_and_says_the_same() -> None:
    (telling,) = told(escalated(a_told_request(contact_points={"email": MARKED["email"]})))

    assert telling.letter.subject.endswith("atrasada")
    assert "(Descarte irregular)" in telling.letter.text
    assert "03/12/2026" in telling.letter.text


def test_who_reported_in_english_is_told_in_english() -> None:
    request = escalated(a_told_request(draft=a_draft(language="en")))

    assert "(Dumping) is late. New forecast: 2026-12-03." in told(request)[0].letter.text


def test_without_a_forecast_none_is_promised() -> None:
    assert "Ainda sem nova previsão." in told(escalated(a_told_request(), forecast_at=None))[0].letter.text


def test_a_forecast_by_the_hour_shows_the_hour() -> None:
    request = escalated(a_told_request(), forecast_at=MORNING + timedelta(hours=9))

    assert "Nova previsão: 01/12/2026 18:00." in told(request)[0].letter.text


def test_a_confidential_service_is_not_named() -> None:
    city = a_catalogue()
    dumping = dataclasses.replace(city.services["dumping"], confidential=True)
    city = dataclasses.replace(city, services={**city.services, "dumping": dumping})

    (telling,) = told(escalated(a_told_request(catalogue=city)), catalogue=city)

    assert "Descarte" not in telling.letter.text


@pytest.mark.parametrize("language", ["pt-BR", "en"])
def test_a_text_message_stays_short_however_long_names_are(language: str) -> None:
    city = a_catalogue()
    names = {"pt-BR": "Recolhimento de entulho " * 9, "en": "Collection of rubble " * 9}
    dumping = dataclasses.replace(city.services["dumping"], names=names)
    city = dataclasses.replace(city, services={**city.services, "dumping": dumping})
    request = a_told_request(draft=a_draft(language=language), catalogue=city)

    text = told(escalated(request), catalogue=city)[0].letter.text

    assert len(text) == LONGEST_TEXT_MESSAGE
    assert "…)" in text


def test_no_letter_tells_anything_of_the_reporter() -> None:
    late = escalated(a_told_request(), LEVELS.LEGAL_BREACH, skipped=(LEVELS.LEVEL_1,))
    alert = alerted(a_told_request())
    letters = [telling.letter for one in (late, alert) for telling in told(one)]
    everything = "".join(letter.subject + letter.text for letter in letters)

    assert [value for value in PERSONAL if value in everything] == []


def test_a_telling_shows_neither_address_nor_text_where_it_is_printed() -> None:
    (telling,) = told(escalated(a_told_request()))

    assert MARKED["phone"] not in repr(telling)
    assert "atrasada" not in repr(telling)


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
