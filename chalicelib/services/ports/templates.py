"""Name where the words for citizens come from, and what fills their placeholders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol as Port

from chalicelib.domain.letters import Letter
from chalicelib.domain.message_templates import MessageTemplates, Wording


class TemplateSource(Port):
    """Gives the published templates in force."""

    def current(self) -> MessageTemplates:
        """Return the templates, at most a minute behind the newest publication.

        Raises:
            Unavailable: none were ever read, or none are published.
        """
        ...


class Renderer(Port):
    """Fills templates; it knows neither requests nor media."""

    def letter(self, wording: Wording, values: Mapping[str, str], *, is_text_message: bool) -> Letter:
        """Fill a wording; a text message is written in the letters that networks charge once for.

        Raises:
            TemplateBroken: it names what is not given, or is no template.
        """
        ...


class TemplateBroken(Exception):
    """A template cannot be filled; its publication should have refused it."""
