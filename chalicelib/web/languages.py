"""Choose the language of a page among those that pages exist in."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.web.visits import DEFAULT_LANGUAGE


def accepted_language(header: str | None, languages: Iterable[str]) -> str:
    """Choose by `Accept-Language` (RFC 9110, 12.5.4): the best that there is, else the city's own."""
    wanted = []
    for place, part in enumerate((header or "").split(",")):
        tag, _, weight = part.strip().partition(";q=")
        wanted.append((-_weight(weight), place, tag))
    known = tuple(languages)
    matches = (known_language(tag, known) for quality, _, tag in sorted(wanted) if quality < 0)
    return next((found for found in matches if found), DEFAULT_LANGUAGE)


def known_language(tag: str, languages: Iterable[str]) -> str | None:
    """Find the language of pages that a tag names: `pt` and `pt-PT` read Brazilian Portuguese too."""
    primary = tag.strip().lower().partition("-")[0]
    return next((one for one in languages if one.lower().partition("-")[0] == primary), None)


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
