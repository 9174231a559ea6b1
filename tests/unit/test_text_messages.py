"""Text messages weigh what networks charge for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.text_messages import in_gsm_letters, is_gsm, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" * 76, 2),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ã" * 134, 2),
        ("ã" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "is_cheap"),
    [
        ("Olá", False),
        ("à é ù ì ò", True),
        ("Ç", True),
        ("ç", False),
        ("[x] {y} ~ \\ €", True),
        ("“x”", False),
    ],
)
def test_the_alphabet_has_some_accents_and_not_others(text: str, is_cheap: bool) -> None:
    assert is_gsm(text) is is_cheap


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Solicitação em atraso às 18 h — até amanhã…", "Solicitacao em atraso às 18 h - até amanha..."),
        ("Année: “dîner” à l’été", 'Année: "diner" à l\'été'),
        ("¿Está listo? Mañana", "¿Esta listo? Mañana"),
        ("e\u0301", "é"),
    ],
)
def test_letters_that_double_the_price_lose_their_marks(text: str, plain: str) -> None:
    assert in_gsm_letters(text) == plain
    assert is_gsm(plain)


@given(st.text(max_size=400))
def test_plain_letters_never_cost_more(text: str) -> None:
    plain = in_gsm_letters(text)

    assert in_gsm_letters(plain) == plain
    assert plain or not text
