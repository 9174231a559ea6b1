"""Name what is wrong in a catalogue, and check the texts and codes that all its parts have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.domain.catalogue import Names
from chalicelib.domain.neighbourhoods import folded

FIRST_LANGUAGE = "pt-BR"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""Codes of services, topics, neighbourhoods and rules: they appear in addresses and never change."""
KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
"""Codes of attributes and choices: they appear in JSON and in routing rules, which ignore case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFault:
    """One thing wrong: where, as a dotted path, and why, as a sentence."""

    path: str
    reason: str


def code_faults(path: str, code: str, pattern: re.Pattern[str]) -> Iterator[CatalogueFault]:
    """Refuse a code that does not have the form of its kind."""
    if not pattern.fullmatch(code):
        yield CatalogueFault(path=path, reason=f"{code!r} is not a code of the form {pattern.pattern}")


def name_faults(path: str, names: Names) -> Iterator[CatalogueFault]:
    """Require a text in the first language and refuse empty ones."""
    if FIRST_LANGUAGE not in names:
        yield CatalogueFault(path=path, reason=f"has no {FIRST_LANGUAGE} text")
    for language, text in names.items():
        if not text.strip():
            yield CatalogueFault(path=f"{path}.{language}", reason="is empty")


def keyword_faults(path: str, keywords: Iterable[str]) -> Iterator[CatalogueFault]:
    """Refuse empty keywords and those that differ only in accents, case or spaces."""
    counts = Counter(folded(keyword) for keyword in keywords)
    for keyword, times in counts.items():
        if not keyword:
            yield CatalogueFault(path=path, reason="has an empty keyword")
        elif times > 1:
            yield CatalogueFault(path=path, reason=f"keyword {keyword!r} appears {times} times")


def repeated(values: Iterable[str]) -> Iterator[str]:
    """Find what appears more than once."""
    yield from (value for value, times in Counter(values).items() if times > 1)
