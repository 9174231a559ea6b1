"""Install, trim and compile the runtime dependencies once per lock file."""

import compileall
import hashlib
import json
import py_compile
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

# botocore ships the descriptions of 400 services; Lambda unpacks what we ship at every cold start.
AWS_SERVICES = ("dynamodb", "s3", "secretsmanager", "ses", "sns", "sqs")
_ENDPOINTS = frozenset({*AWS_SERVICES, "email"})  # under that name SES stands there

_RECIPE = "2"  # change it whenever this module builds something else from the same lock file
_TASK_ROOT = "/var/task"


class DependenciesNotInstalled(Exception):
    """The runtime dependencies could not be downloaded or verified."""


def install_dependencies(requirements: Path, cache: Path, say: Callable[[str], None]) -> Path:
    """Return a directory with the locked dependencies, built for Lambda.

    The directory is named after its inputs and built once; later calls need no network.

    Raises:
        DependenciesNotInstalled: pip refused; its own words are in the message.
    """
    target = cache / f"dependencies-{_fingerprint(requirements)}"
    if target.exists():
        return target
    say("installing runtime dependencies for Lambda")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="dependencies-") as scratch:
        staging = Path(scratch) / "tree"
        _pip_install(requirements, staging)
        _trim(staging)
        compile_sources(staging)
        staging.rename(target)
    return target


def compile_sources(tree: Path) -> None:
    """Compile every module so that Lambda, whose code is read-only, need not.

    Zip times are normalised, so the files are marked as never to be checked against their source.
    """
    compiled = compileall.compile_dir(
        tree,
        quiet=1,
        stripdir=str(tree),
        prependdir=_TASK_ROOT,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not compiled:
        raise DependenciesNotInstalled(f"some modules under {tree.name} do not compile")


def _fingerprint(requirements: Path) -> str:
    content = requirements.read_bytes() + "|".join((_RECIPE, _python_minor(), *AWS_SERVICES)).encode()
    return hashlib.sha256(content).hexdigest()[:16]


def _python_minor() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _platforms() -> tuple[str, ...]:
    """Name the platforms whose wheels run in Lambda: newer ones since Python 3.12 (Amazon Linux 2023)."""
    newer = ("manylinux_2_28_x86_64", "manylinux_2_34_x86_64") if sys.version_info >= (3, 12) else ()
    return ("manylinux2014_x86_64", "manylinux_2_17_x86_64", *newer)


def _pip_install(requirements: Path, target: Path) -> None:
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check",
        "--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:",
        "--implementation", "cp", "--python-version", _python_minor(),
        *(part for platform in _platforms() for part in ("--platform", platform)),
        "--target", str(target), "--requirement", str(requirements),
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise DependenciesNotInstalled(result.stderr.strip() or "pip failed without a word")


def _trim(tree: Path) -> None:
    shutil.rmtree(tree / "bin", ignore_errors=True)
    for tests in [path for path in tree.rglob("tests") if path.is_dir()]:
        shutil.rmtree(tests)
    data = tree / "botocore" / "data"
    for service in [path for path in data.iterdir() if path.is_dir() and path.name not in AWS_SERVICES]:
        shutil.rmtree(service)
    _trim_endpoints(data / "endpoints.json")


def _trim_endpoints(path: Path) -> None:
    endpoints = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        partition["services"] = {
            name: service for name, service in partition["services"].items() if name in _ENDPOINTS
        }
    path.write_text(json.dumps(endpoints, separators=(",", ":")))
