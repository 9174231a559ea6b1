"""Write pages with Jinja2, from our own templates and the texts of each language."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

LANGUAGES = ("pt-BR", "en", "es", "fr")
STYLE = "style.css"


@dataclass(frozen=True, kw_only=True)
class JinjaPages:
    """The `PageRenderer` port; everything is escaped but the style sheet, which is ours."""

    templates: Path
    locales: Path

    @property
    def style_source(self) -> str:
        """Name the style sheet by its digest (CSP Level 3, 2.3.1)."""
        digest = hashlib.sha256(self._style.encode()).digest()
        return f"'sha256-{b64encode(digest).decode()}'"

    def languages(self) -> Mapping[str, str]:
        """List the languages of pages by code, each named in itself."""
        return {code: texts["language"] for code, texts in self._texts.items()}

    def text(self, language: str, key: str, **values: Any) -> str:
        """Return a text; a key that does not exist is a defect of ours."""
        return self._texts[language][key].format(**values)

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        """Write a page; a value that a template needs and does not get is a defect of ours."""
        return self._environment.get_template(template).render(
            **values,
            language=language,
            languages=self.languages(),
            style=self._style,
            t=partial(self.text, language),
        )

    @cached_property
    def _style(self) -> str:
        return (self.templates / STYLE).read_text("utf-8")

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, str]]:
        return {code: json.loads((self.locales / f"{code}.json").read_text("utf-8")) for code in LANGUAGES}

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
