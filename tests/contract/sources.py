"""The project's own source files, as the contract tests read them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = frozenset({
    ".git", ".venv", ".local", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    "__pycache__", "deployments", "deployed", "vendor", "node_modules", "out", "dist", "build",
})  # fmt: skip
"""Folders that are made, downloaded or private to one machine."""


@dataclass(frozen=True)
class Source:
    """A Python file: where it stands in the project, and what it says."""

    path: str
    text: str

    @property
    def module(self) -> str:
        """Name it as an import would."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def tree(self) -> ast.Module:
        """Parse it."""
        return ast.parse(self.text)

    @property
    def imports(self) -> Iterator[str]:
        """Name what it imports, wherever in the file; `from a import b` counts as `a.b`."""
        for node in ast.walk(self.tree):
            yield from imported_by(node)


def imported_by(node: ast.AST) -> Iterator[str]:
    """Name what one import statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        start = "." * node.level + (node.module or "")
        yield from (f"{start}.{alias.name}" for alias in node.names)


def project_files(*below: str) -> Iterator[Path]:
    """List every file of the project, or those below some of its folders."""
    for start in below or (".",):
        top = ROOT / start
        if top.is_file():
            yield top
        elif top.is_dir():
            for folder, folders, files in os.walk(top):
                folders[:] = sorted(set(folders) - NOT_OURS)
                yield from (Path(folder, name) for name in sorted(files))


def python_sources(*below: str) -> list[Source]:
    """Read the Python files below some folders of the project."""
    return [
        Source(path=path.relative_to(ROOT).as_posix(), text=path.read_text("utf-8"))
        for path in project_files(*below)
        if path.suffix == ".py"
    ]
