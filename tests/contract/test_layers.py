"""Who may import whom, and what only one module may do."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest

from tests.contract.duties import clock_reads, deferred_imports, environment_reads, logger_creations, scans
from tests.contract.sources import Source, python_sources

RUNTIME = ("app.py", "chalicelib")
EVERYTHING = ("app.py", "chalicelib", "infra", "tests", "bench")
MOST_LINES, MOST_LINES_OF_APP = 300, 120
FORBIDDEN_NAMES = frozenset({"util", "utils", "common", "helper", "helpers", "base", "constants"})
AWS_SDKS = frozenset({"boto3", "botocore", "aiobotocore", "s3transfer", "pynamodb"})
OUTSIDE_WORLD = frozenset({
    "os", "sys", "io", "pathlib", "shutil", "tempfile", "socket", "ssl", "http", "urllib", "subprocess",
    "threading", "multiprocessing", "asyncio", "concurrent", "time", "random", "secrets", "uuid", "logging",
    "sqlite3", "ctypes",
})  # fmt: skip
"""Standard modules by which pure code would reach a disk, a network, a process, a clock or chance."""


@dataclass(frozen=True)
class Layer:
    """What a layer may import: parts of our own package, and third-party libraries."""

    own: tuple[str, ...]
    libraries: frozenset[str] | None = frozenset()
    not_libraries: frozenset[str] = frozenset()
    not_standard: frozenset[str] = frozenset()

    def allows(self, imported: str) -> bool:
        """Tell whether a file of this layer may import `imported`."""
        top = imported.partition(".")[0]
        if top in {"app", "chalicelib"}:
            names = (f"chalicelib.{part}" for part in self.own)
            return any(imported == name or imported.startswith(f"{name}.") for name in names)
        if top in sys.stdlib_module_names:
            return top not in self.not_standard
        return top not in self.not_libraries and (self.libraries is None or top in self.libraries)


def an_entry(own: str) -> Layer:
    return Layer(
        own=(
            own,
            "wiring",
            "wiring_delivery",
            "wiring_timers",
            "wiring_calamities",
            "wiring_citizen",
            "wiring_callbacks",
            "wiring_messages",
            "wiring_surveys",
            "services",
            "domain",
            "observability",
        ),
        libraries=None,
        not_libraries=AWS_SDKS,
    )


COMPOSITION = Layer(
    own=(
        "settings",
        "services",
        "adapters",
        "domain",
        "observability",
        "wiring",
        "wiring_delivery",
        "wiring_timers",
        "wiring_citizen",
        "wiring_callbacks",
        "wiring_surveys",
        "wiring_messages",
        "wiring_surveys",
    ),
    libraries=None,
    not_libraries=frozenset({"boto3", "chalice"}),
)


LAYERS: Mapping[str, Layer] = {
    "domain": Layer(own=("domain",), not_standard=OUTSIDE_WORLD),
    "services": Layer(own=("services", "domain"), not_standard=OUTSIDE_WORLD),
    "adapters": Layer(
        own=("adapters", "domain", "services.ports"),
        libraries=None,
        not_libraries=frozenset({"boto3", "chalice"}),
    ),
    "api": an_entry("api"),
    "web": an_entry("web"),
    "workers": an_entry("workers"),
    "wiring": COMPOSITION,
    "wiring_delivery": COMPOSITION,
    "wiring_timers": COMPOSITION,
    "wiring_calamities": COMPOSITION,
    "wiring_citizen": COMPOSITION,
    "wiring_callbacks": COMPOSITION,
    "wiring_messages": COMPOSITION,
    "wiring_surveys": COMPOSITION,
    "app": Layer(own=("api", "web", "workers", "observability"), libraries=frozenset({"chalice"})),
    "settings": Layer(own=()),
    "observability": Layer(own=(), libraries=frozenset({"aws_lambda_powertools"})),
}


def layer_of(source: Source) -> str | None:
    parts = source.module.split(".")
    name = parts[0] if parts[0] == "app" else ".".join(parts[1:2])
    return name or None


def strange_imports(source: Source) -> list[str]:
    name = layer_of(source)
    if name is None:
        return list(source.imports)
    return [imported for imported in source.imports if not LAYERS[name].allows(imported)]


RULES = {
    "imports outside its layer": (strange_imports, ()),
    "imports inside a function": (
        deferred_imports,
        (
            "app.py",
            "chalicelib/api/routes.py",
            "chalicelib/web/routes.py",
            "chalicelib/wiring.py",
            "chalicelib/wiring_delivery.py",
            "chalicelib/wiring_timers.py",
            "chalicelib/wiring_calamities.py",
            "chalicelib/wiring_citizen.py",
            "chalicelib/wiring_callbacks.py",
            "chalicelib/wiring_messages.py",
            "chalicelib/wiring_surveys.py",
        ),
    ),
    "reads the environment": (environment_reads, ("chalicelib/settings.py",)),
    "creates a logger": (logger_creations, ("chalicelib/observability.py",)),
    "scans a table": (scans, ("chalicelib/adapters/dynamo/export.py",)),
}


@pytest.mark.parametrize("rule", RULES)
def test_no_module_does_what_another_layer_is_for(rule: str) -> None:
    broken, excepted = RULES[rule]
    sources = (source for source in python_sources(*RUNTIME) if source.path not in excepted)
    found = {source.path: where for source in sources if (where := list(broken(source)))}

    assert not found


def test_every_module_belongs_to_a_layer() -> None:
    assert {layer_of(source) for source in python_sources(*RUNTIME)} <= {*LAYERS, None}


def test_decisions_and_use_cases_are_told_the_time() -> None:
    sources = python_sources("chalicelib/domain", "chalicelib/services")

    assert not {source.path: where for source in sources if (where := list(clock_reads(source)))}


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lengths = {source.path: source.text.count("\n") for source in python_sources(*EVERYTHING)}

    assert not {path: length for path, length in lengths.items() if length > MOST_LINES}
    assert lengths.get("app.py", 0) <= MOST_LINES_OF_APP


def test_every_file_is_named_after_the_question_it_answers() -> None:
    names = {
        part
        for source in python_sources(*EVERYTHING)
        for part in PurePosixPath(source.path).with_suffix("").parts
    }

    assert not names & FORBIDDEN_NAMES


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chalicelib/domain/x.py", "import msgspec"),
        ("chalicelib/domain/x.py", "import os"),
        ("chalicelib/domain/x.py", "from time import time"),
        ("chalicelib/domain/x.py", "from chalicelib.services import ports"),
        ("chalicelib/domain/x.py", "from chalicelib import services"),
        ("chalicelib/domain/x.py", "from . import requests"),
        ("chalicelib/services/x.py", "from chalicelib.adapters import queues"),
        ("chalicelib/services/x.py", "import botocore.session"),
        ("chalicelib/adapters/x.py", "from chalicelib.services.intake import Intake"),
        ("chalicelib/adapters/x.py", "from chalicelib.services import intake"),
        ("chalicelib/adapters/x.py", "import boto3"),
        ("chalicelib/adapters/x.py", "from chalicelib import wiring"),
        ("chalicelib/api/x.py", "from chalicelib.adapters.dynamo import requests"),
        ("chalicelib/api/x.py", "from botocore.exceptions import ClientError"),
        ("chalicelib/workers.py", "from chalicelib.api import http"),
        ("chalicelib/wiring.py", "from chalicelib.api import http"),
        ("chalicelib/settings.py", "from chalicelib.domain import people"),
        ("app.py", "from chalicelib.domain import people"),
        ("app.py", "from chalicelib.wiring import intake"),
        ("app.py", "import msgspec"),
        ("chalicelib/__init__.py", "import json"),
    ],
)
def test_an_import_across_layers_is_noticed(path: str, text: str) -> None:
    assert strange_imports(Source(path=path, text=text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("chalicelib/domain/x.py", "from datetime import time\nfrom chalicelib.domain import requests"),
        ("chalicelib/services/x.py", "from chalicelib.services.ports import Clock"),
        (
            "chalicelib/adapters/dynamo/x.py",
            "from pynamodb.models import Model\nfrom chalicelib.services.ports import P",
        ),
        ("chalicelib/api/x.py", "from chalice.app import Response\nfrom chalicelib import wiring"),
        ("chalicelib/wiring.py", "from chalicelib.settings import Settings"),
        ("app.py", "from chalice.app import Chalice\nfrom chalicelib.api import requests"),
    ],
)
def test_an_import_within_the_table_is_not(path: str, text: str) -> None:
    assert not strange_imports(Source(path=path, text=text))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (deferred_imports, "def f():\n    import json"),
        (
            deferred_imports,
            "class A:\n    async def f(self):\n        if 1:\n            from json import dumps",
        ),
        (deferred_imports, "import importlib\nimportlib.import_module('json')"),
        (environment_reads, "import os\nos.environ['STAGE']"),
        (environment_reads, "from os import getenv"),
        (logger_creations, "import logging"),
        (logger_creations, "from aws_lambda_powertools import Logger\nlog = Logger()"),
        (scans, "Model.scan()"),
        (scans, "client.get_paginator('scan')"),
        (clock_reads, "from datetime import datetime\ndatetime.now(UTC)"),
        (clock_reads, "import datetime\ndatetime.date.today()"),
    ],
)
def test_what_one_module_is_for_is_noticed_in_others(rule: object, text: str) -> None:
    assert callable(rule)
    assert list(rule(Source(path="chalicelib/api/x.py", text=text)))


def test_asking_the_clock_port_is_not_reading_the_clock() -> None:
    assert not list(clock_reads(Source(path="x.py", text="self.clock.now()")))
