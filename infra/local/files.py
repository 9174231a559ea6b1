"""Files of the local run, which may be interrupted at any moment."""

from pathlib import Path

SAVED_MARK = "saved"
"""In the engine's state: it was saved at the end of the last run."""


def replace_text(path: Path, text: str) -> None:
    """Replace a file in one step, so that nobody ever finds half of it; only its owner may read it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.touch(mode=0o600)
    partial.write_text(text)
    partial.replace(path)
