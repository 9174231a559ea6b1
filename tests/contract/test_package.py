"""The zip that Lambda gets is small, compiled and complete."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.packaging.archive import LIMIT_BYTES, PackageTooLarge, add_tree, refuse_if_too_large
from infra.packaging.package import ROOT, Package
from tests.deployed import package

__all__ = ["package"]

NOT_FOR_LAMBDA = {"boto3", "s3transfer", "pip", "setuptools", "infra", "tests", "events", "typer", "rich"}


def test_the_package_is_small_compiled_and_without_boto3(package: Package) -> None:
    names = set(zipfile.ZipFile(package.archive).namelist())
    tops = {name.split("/", 1)[0] for name in names}

    assert package.archive.stat().st_size <= LIMIT_BYTES
    assert f"__pycache__/app.{sys.implementation.cache_tag}.pyc" in names
    assert f"chalicelib/__pycache__/settings.{sys.implementation.cache_tag}.pyc" in names
    assert f"botocore/__pycache__/session.{sys.implementation.cache_tag}.pyc" in names
    assert not tops & NOT_FOR_LAMBDA


def test_the_package_carries_the_pages_in_every_language(package: Package) -> None:
    web = ROOT / "chalicelib" / "web"
    files = [path for folder in ("templates", "locales") for path in (web / folder).rglob("*.*")]

    assert {path.suffix for path in files} == {".html", ".css", ".json"}
    packed = set(zipfile.ZipFile(package.archive).namelist())
    assert {path.relative_to(ROOT).as_posix() for path in files} <= packed


def test_compiled_modules_are_never_checked_against_their_source(package: Package) -> None:
    archive = zipfile.ZipFile(package.archive)
    compiled = [name for name in archive.namelist() if name.endswith(".pyc")]
    unchecked = [name for name in compiled if archive.read(name)[4:8] == b"\x01\x00\x00\x00"]

    assert compiled == unchecked


def test_the_package_imports_with_nothing_else_installed(package: Package, tmp_path: Path) -> None:
    program = (
        "import app\n"
        "from chalicelib import workers\n"
        "from chalicelib.api.routes import all_routes\n"
        "from chalicelib.web import answers\n"
        "all_routes()"
    )

    assert run_in(package, tmp_path, program) == ("", 0)


def test_the_package_describes_every_aws_service_that_is_called(package: Package, tmp_path: Path) -> None:
    wirings = "".join(path.read_text() for path in (ROOT / "chalicelib").glob("wiring*.py"))
    services = sorted(set(re.findall(r'sdk_client\("(\w+)"', wirings)))
    program = (
        "from chalicelib.adapters.sdk import sdk_client\n"
        f"for service in {services}: sdk_client(service, region='sa-east-1', endpoint_url=None)"
    )

    assert {"s3", "ses", "sns", "sqs"} <= set(services)
    assert run_in(package, tmp_path, program) == ("", 0)


def run_in(package: Package, directory: Path, program: str) -> tuple[str, int]:
    """Run a program that sees nothing but what is in the zip; return what it complains of, and its code."""
    zipfile.ZipFile(package.archive).extractall(directory)
    found_first = f"import sys; sys.path.insert(0, {str(directory)!r})\n"
    result = subprocess.run(
        [sys.executable, "-S", "-E", "-B", "-c", found_first + program],
        cwd=directory,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stderr, result.returncode


def test_a_package_over_the_limit_is_refused_with_its_largest_parts(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "heavy").mkdir(parents=True)
    (tree / "heavy" / "data.bin").write_bytes(os.urandom(4096))
    archive = tmp_path / "deployment.zip"
    add_tree(archive, tree)

    with pytest.raises(PackageTooLarge, match="heavy"):
        refuse_if_too_large(archive, limit_bytes=1024)


def test_equal_content_makes_equal_zips(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "module.py").write_text("x = 1\n")
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"

    add_tree(first, tmp_path / "tree")
    os.utime(tmp_path / "tree" / "module.py", (0, 0))
    add_tree(second, tmp_path / "tree")

    assert first.read_bytes() == second.read_bytes()
