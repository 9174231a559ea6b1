"""Committed files say nothing of the machine they were written on nor of where packages came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sources import ROOT, project_files

PLACES_OF_A_MACHINE = re.compile(
    "|".join((
        re.escape(str(ROOT)) + r"(?![\w.-])",
        re.escape(str(Path.home())) + "/",
        r"(?<![\w./-])/(?:home|Users)/[a-z][\w.-]*/",
        r"\b[A-Z]:\\Users\\",
        r"file://",
    ))
)  # fmt: skip
REGISTRIES = re.compile(
    "|".join((
        r"\bpypi\.(?:org|python\.org)\b",
        r"\bfiles\.pythonhosted\.org\b",
        r"\bregistry\.npmjs\.org\b",
        r"\bregistry\.yarnpkg\.com\b",
        r"(?:^|[^-\w])--?(?:extra-)?index-url[ =]",
        r"--(?:find-links|trusted-host)[ =]",
        r"\b(?:artifactory|nexus|devpi)\b",
        r"/simple/?(?=[\s\"'#]|$)",
    )),
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
THIS_TEST = Path(__file__).resolve()


def lines_matching(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    yield from (line.strip()[:120] for line in text.splitlines() if pattern.search(line))


def texts() -> Iterator[tuple[str, str]]:
    """Read every text file of the project but this one, which must name what it looks for."""
    for path in project_files():
        data = path.read_bytes()
        if path != THIS_TEST and b"\0" not in data:
            yield path.relative_to(ROOT).as_posix(), data.decode("utf-8", "replace")


@pytest.mark.parametrize("pattern", [PLACES_OF_A_MACHINE, REGISTRIES], ids=["machine", "registry"])
def test_no_file_names_a_machine_or_a_registry(pattern: re.Pattern[str]) -> None:
    found = {path: lines for path, text in texts() if (lines := list(lines_matching(pattern, text)))}

    assert not found


def test_lock_files_pin_every_package_by_hash() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))

    assert locks
    for lock in locks:
        text = lock.read_text("utf-8").replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
        assert pinned
        assert [line for line in pinned if not re.match(r"[\w.\[\]-]+==\S+.* --hash=sha256:", line)] == []


@pytest.mark.parametrize(
    "line",
    [
        f"cd {ROOT}",
        "cd /home/ana/central156/",
        f"path = '{ROOT}/data'",
        "C:\\Users\\ana",
        "see file:///etc/hosts",
    ],
)
def test_a_place_of_one_machine_is_noticed(line: str) -> None:
    assert list(lines_matching(PLACES_OF_A_MACHINE, line))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "--extra-index-url=https://example.org",
        "wheel @ https://files.pythonhosted.org/packages/a.whl",
        "resolved https://registry.npmjs.org/htmx",
        "https://mirror.example/simple/",
    ],
)
def test_a_registry_is_noticed(line: str) -> None:
    assert list(lines_matching(REGISTRIES, line))


@pytest.mark.parametrize(
    "line",
    [
        "uv pip compile --no-emit-index-url",
        "chromium at /usr/bin/chromium",
        "/v1/work/list",
        "/var/task/app.py",
    ],
)
def test_what_is_the_same_on_every_machine_is_not(line: str) -> None:
    assert not list(lines_matching(PLACES_OF_A_MACHINE, line))
    assert not list(lines_matching(REGISTRIES, line))
