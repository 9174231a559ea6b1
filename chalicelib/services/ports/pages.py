"""Name what writes the pages that citizens and third parties read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from typing import Protocol as Port


class PageRenderer(Port):
    """Fills a page's template in one of the languages that pages exist in."""

    @property
    def style_source(self) -> str:
        """Name the one style sheet that pages carry, as a content security policy does."""
        ...

    def languages(self) -> Mapping[str, str]:
        """List the languages of pages by code, each named in itself; the first is the city's own."""
        ...

    def text(self, language: str, key: str, **values: Any) -> str:
        """Return a text of the pages in a language."""
        ...

    def render(self, template: str, language: str, values: Mapping[str, Any]) -> str:
        """Write a page; whatever stands in `values` is escaped."""
        ...
