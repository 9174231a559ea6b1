"""Hold what citizens are told in words: a text per kind, medium and language, published as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind

PORTUGUESE = "pt-BR"
LANGUAGES = (PORTUGUESE, "en", "es", "fr")
"""The languages that citizens are written to; the first stands in for what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What one message says, with placeholders; a text message has no subject."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedTemplate:
    """A template that WhatsApp has approved, and the placeholders that it takes, in order."""

    name: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplates:
    """One published version: wordings by kind, medium and language, WhatsApp's templates by kind."""

    version: str
    wordings: Mapping[MessageKind, Mapping[Medium, Mapping[str, Wording]]] = field(repr=False)
    approved: Mapping[MessageKind, ApprovedTemplate] = field(repr=False)

    def wording(self, kind: MessageKind, medium: Medium, language: str) -> Wording:
        """Choose the text of a language, Brazilian Portuguese where there is none."""
        by_language = self.wordings[kind][medium]
        return by_language.get(language) or by_language[PORTUGUESE]


def language_of(tag: str) -> str:
    """Choose the nearest of our languages for a tag such as `es-UY`."""
    primary = tag.partition("-")[0].lower()
    return next((known for known in LANGUAGES if known.partition("-")[0] == primary), PORTUGUESE)
