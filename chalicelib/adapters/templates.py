"""Fill message templates in a sandbox: they are data, and data must not run code.

What comes out is plain text, so nothing is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chalicelib.domain.letters import Letter
from chalicelib.domain.message_templates import Wording
from chalicelib.domain.text_messages import in_gsm_letters
from chalicelib.services.ports.templates import TemplateBroken

MOST_COMPILED = 512

_environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_environment.globals.clear()


class SandboxedRenderer:
    """The `Renderer` port; a source is compiled once."""

    def letter(self, wording: Wording, values: Mapping[str, str], *, is_text_message: bool) -> Letter:
        """Fill a wording; a text message is written in the letters that networks charge once for.

        Raises:
            TemplateBroken: it names what is not given, or is no template.
        """
        text = _filled(wording.text, values)
        if is_text_message:
            return Letter(text=in_gsm_letters(text))
        return Letter(text=text, subject=_filled(wording.subject, values))


def _filled(source: str, values: Mapping[str, str]) -> str:
    try:
        return _compiled(source).render(values).strip()
    except TemplateError as error:
        raise TemplateBroken(error.message or type(error).__name__) from None
    except Exception as error:  # whatever a filter raises says as much: the template is wrong
        raise TemplateBroken(type(error).__name__) from None


@lru_cache(maxsize=MOST_COMPILED)
def _compiled(source: str) -> Template:
    return _environment.from_string(source)
