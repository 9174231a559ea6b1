"""Measure text messages as networks do: by the alphabet of GSM 03.38, else by UCS-2, in segments."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
"""Characters that the alphabet reaches by an escape: they weigh two."""
_REPLACED = {"…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "º": "o", "ª": "a"}
SINGLE_GSM, PART_GSM = 160, 153
SINGLE_UCS2, PART_UCS2 = 70, 67
MOST_SEGMENTS = 2


def in_gsm_letters(text: str) -> str:
    """Write a text without the letters that double its price: `ção` as `cao`, what GSM-7 has stays."""
    return "".join(_folded(character) for character in unicodedata.normalize("NFC", text))


def is_gsm(text: str) -> bool:
    """Tell whether the alphabet of text messages can write all of it."""
    return all(character in _BASIC or character in _EXTENDED for character in text)


def segments(text: str) -> int:
    """Count the segments that a text is sent, and paid, as."""
    if is_gsm(text):
        return _parts([1 + (character in _EXTENDED) for character in text], SINGLE_GSM, PART_GSM)
    return _parts([1 + (ord(character) > 0xFFFF) for character in text], SINGLE_UCS2, PART_UCS2)


def _parts(weights: list[int], single: int, part: int) -> int:
    """Fill part after part; no character is cut in two."""
    if sum(weights) <= single:
        return 1
    parts, left = 1, part
    for weight in weights:
        if weight > left:
            parts, left = parts + 1, part
        left -= weight
    return parts


def _folded(character: str) -> str:
    if character in _BASIC or character in _EXTENDED:
        return character
    if character in _REPLACED:
        return _REPLACED[character]
    return "".join(_bare(character)) or character


def _bare(character: str) -> Iterator[str]:
    """Give the letter under its marks, if the alphabet has it."""
    for part in unicodedata.normalize("NFD", character):
        if part in _BASIC:
            yield part
