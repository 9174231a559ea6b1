"""What citizens are told with, in memory: the templates that are published, and what citizens chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from chalicelib.domain.errors import Unavailable
from chalicelib.domain.message_templates import MessageTemplates
from chalicelib.domain.preferences import Preferences, newest
from infra.message_templates import DEFAULTS, read_templates


@cache
def our_templates() -> MessageTemplates:
    """Read the templates of a city that has none of its own."""
    return read_templates((DEFAULTS,), "Porto Alegre", date(2026, 11, 24))


@dataclass(slots=True)
class FakeTemplates:
    """The `TemplateSource`; without templates it is unavailable."""

    templates: MessageTemplates | None = field(default_factory=our_templates)

    def current(self) -> MessageTemplates:
        if self.templates is None:
            raise Unavailable
        return self.templates


@dataclass(slots=True)
class FakePreferences:
    """The `PreferenceStore`."""

    kept: dict[str, Preferences] = field(default_factory=dict)
    is_down: bool = False

    def of(self, contact_keys: Sequence[str]) -> Preferences:
        if self.is_down:
            raise Unavailable
        return newest(self.kept[key] for key in contact_keys if key in self.kept)

    def keep(self, contact_keys: Sequence[str], chosen: Preferences) -> None:
        if self.is_down:
            raise Unavailable
        self.kept |= dict.fromkeys(contact_keys, chosen)
