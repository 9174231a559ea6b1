"""Write receipts and letters as pages of A5: one template each, no script, nothing from elsewhere."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chalicelib.adapters.print_texts import KINDS, LABELLED, LABELS, OTHER_KIND
from chalicelib.domain.message_templates import language_of
from chalicelib.services.ports.printing import PaperLetter, Receipt


@dataclass(frozen=True, kw_only=True)
class JinjaPrinter:
    """The `Printer` port; `templates` is the folder that holds `print/`."""

    templates: Path

    def receipt(self, receipt: Receipt) -> str:
        """Write a receipt."""
        language = language_of(receipt.language)
        template = self._environment.get_template("print/receipt.html")
        return template.render(
            language=language, label=LABELS[language], receipt=receipt, qr=_qr_code(receipt.address)
        )

    def letter(self, letter: PaperLetter) -> str:
        """Write a letter."""
        language, receipt = language_of(letter.receipt.language), letter.receipt
        return self._environment.get_template("print/letter.html").render(
            language=language,
            label=LABELS[language],
            kind=KINDS.get(letter.kind, OTHER_KIND)[language],
            letter=replace(letter, texts=_labelled(letter.texts, LABELS[language])),
            receipt=receipt,
            qr=_qr_code(receipt.address),
        )

    @cached_property
    def _environment(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self.templates),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )


def _labelled(texts: Mapping[str, str], label: Mapping[str, str]) -> dict[str, str]:
    """Say of dates and reasons what they are; what people wrote speaks for itself."""
    return {name: f"{label[name]}: {text}" if name in LABELLED else text for name, text in texts.items()}


def _qr_code(address: str) -> Markup:
    """Draw the code as SVG; level M survives a fold or a stain."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn from the address's bits, not its text
