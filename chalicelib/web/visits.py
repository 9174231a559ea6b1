"""Describe a visit to a page, and what a page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

DEFAULT_LANGUAGE = "pt-BR"
MOST_PHOTOS = 5

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody opens a page by its link, or sends its form.

    `chosen` is the language that he chose on the page, `accepted` the one that his browser asks for.
    """

    token: str = field(repr=False)
    chosen: str | None
    accepted: str
    query: Fields = field(default_factory=dict, repr=False)
    form: Fields = field(default_factory=dict, repr=False)

    def language(self, of_request: str | None = None) -> str:
        """Choose the language: the chosen one, else that of the request, else that of the browser."""
        return self.chosen or of_request or self.accepted

    def text(self, name: str) -> str:
        """Return what was written into a field, with line ends as everywhere else."""
        written = self.form.get(name) or [""]
        return written[0].replace("\r\n", "\n").strip()

    def number(self, name: str) -> int:
        """Return a number that the form carries; 0 where somebody spoilt it."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0

    @property
    def photos(self) -> tuple[str, ...]:
        """List the photos that were sent before, as the page's own address carries them."""
        return tuple(dict.fromkeys(self.query.get("photo", ())))[:MOST_PHOTOS]

    def address(self, **more: str) -> str:
        """Write the page's address with its photos and language, relative to the page."""
        pairs = [("photo", photo) for photo in self.photos]
        pairs += [("lang", self.chosen)] if self.chosen and "lang" not in more else []
        return "?" + urlencode([*pairs, *more.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows: a template, its values, in which language.

    `sends_to` is where its form goes if not to the page itself, `images_from` where its images come from.
    """

    template: str
    language: str
    values: Mapping[str, Any]
    status: int = 200
    sends_to: str | None = None
    images_from: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What answers the links of one purpose; `show` changes nothing but the proof of delivery.

    What either raises as a domain error is answered by the routes.
    """

    show: Callable[[Visit], Shown]
    submit: Callable[[Visit], Shown]
