"""Read YAML files as plain values, refusing what would be silently lost or misread."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class YamlBroken(Exception):
    """A file is not YAML; the message says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlContent:
    """What a file says, and what it says twice, by line."""

    value: Any
    duplicates: tuple[str, ...]


def read_yaml(path: Path) -> YamlContent:
    """Read a file into mappings, lists and scalars.

    Raises:
        YamlBroken: it is not text, the syntax is wrong or a tag is not allowed.
    """
    try:
        loader = _Loader(path.read_text("utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise YamlBroken("is not UTF-8 text") from error
    try:
        value = loader.get_single_data()
    except yaml.YAMLError as error:
        raise YamlBroken(_sentence(error)) from error
    finally:
        loader.dispose()
    return YamlContent(value=value, duplicates=tuple(loader.duplicates))


class _Loader(yaml.SafeLoader):
    """The safe loader, with YAML 1.2's idea of yes/no and no key lost to a later one."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.duplicates: list[str] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = key_node.value
            if key in seen:
                line = key_node.start_mark.line + 1
                self.duplicates.append(f"line {line}: {key} appears twice in one mapping")
            seen.add(key)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), ["t", "f"])


def _sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)
