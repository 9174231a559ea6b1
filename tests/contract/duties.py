"""Find in a source file what only one module of the project may do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.contract.sources import Source, imported_by


def deferred_imports(source: Source) -> Iterator[int]:
    """Find imports inside functions, by line."""
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))
            yield from (node.lineno for node in inner)
        if isinstance(function, ast.Call) and _called(function) in {"import_module", "__import__"}:
            yield function.lineno


def environment_reads(source: Source) -> Iterator[int]:
    """Find where the environment is read."""
    names = {"environ", "environb", "getenv", "putenv"}
    yield from _named(source, names)


def logger_creations(source: Source) -> Iterator[int]:
    """Find where a logger or a metrics sink is made."""
    for node in ast.walk(source.tree):
        creates = isinstance(node, ast.Call) and _called(node) in {"Logger", "getLogger", "Metrics", "Tracer"}
        if creates or "logging" in {name.partition(".")[0] for name in imported_by(node)}:
            yield getattr(node, "lineno", 0)


def scans(source: Source) -> Iterator[int]:
    """Find where a table is read whole."""
    for node in ast.walk(source.tree):
        calls = isinstance(node, ast.Call) and _called(node) in {"scan", "rate_limited_scan"}
        names = isinstance(node, ast.Constant) and node.value in {"Scan", "scan"}
        if calls or names:
            yield getattr(node, "lineno", 0)


def clock_reads(source: Source) -> Iterator[int]:
    """Find where the time is asked of the machine and not of a port."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and _called(node) in {"now", "utcnow", "today"}:
            of = getattr(node.func, "value", None)
            if isinstance(of, ast.Name | ast.Attribute) and _word(of) in {"datetime", "date"}:
                yield node.lineno


def _called(call: ast.Call) -> str:
    return _word(call.func)


def _word(node: ast.AST) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _named(source: Source, names: set[str]) -> Iterator[int]:
    for node in ast.walk(source.tree):
        imported = {name.rpartition(".")[2] for name in imported_by(node)}
        if (isinstance(node, ast.Attribute | ast.Name) and _word(node) in names) or imported & names:
            yield getattr(node, "lineno", 0)
