"""Package the application with Chalice, once per content."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.directory_lock import DirectoryLock
from infra.packaging.archive import add_tree, refuse_if_too_large
from infra.packaging.dependencies import compile_sources, install_dependencies
from infra.target import DEFAULT_REGION

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".local" / "build"

_KEPT_BUILDS = 6
_WAIT_FOR_OTHERS_SECONDS = 300


class PackagingFailed(Exception):
    """Chalice refused the application; its own words are in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A deployable: the zip, the template that refers to it, and the digest of both inputs."""

    stage: str
    archive: Path
    template: Path
    digest: str

    def read_template(self) -> dict[str, Any]:
        """Parse the packaged template."""
        template: dict[str, Any] = json.loads(self.template.read_text())
        return template


def build_package(stage: str, say: Callable[[str], None], root: Path = ROOT, cache: Path = CACHE) -> Package:
    """Package the application for a stage; the same sources are built only once.

    Raises:
        PackagingFailed: there is no such stage, or Chalice cannot package the application.
        DependenciesNotInstalled: the locked dependencies cannot be had.
        PackageTooLarge: the zip exceeds the limit.
    """
    stages = json.loads((root / ".chalice" / "config.json").read_text())["stages"]
    if stage not in stages:
        raise PackagingFailed(f"no stage {stage} in .chalice/config.json, only {', '.join(stages)}")
    digest = _digest(root, stage)
    package = _package_at(cache / f"{stage}-{digest}", stage, digest)
    cache.mkdir(parents=True, exist_ok=True)
    with DirectoryLock(path=cache / "lock", wait_seconds=_WAIT_FOR_OTHERS_SECONDS):
        if package.template.exists():
            os.utime(package.template.parent)
            return package
        dependencies = install_dependencies(root / "requirements.txt", cache, say)
        say("packaging the functions with Chalice")
        with tempfile.TemporaryDirectory(dir=cache, prefix="package-") as scratch:
            _build(root, stage, dependencies, Path(scratch)).rename(package.template.parent)
        _forget_old_builds(cache, stage)
    return package


def _package_at(directory: Path, stage: str, digest: str) -> Package:
    return Package(
        stage=stage,
        archive=directory / "deployment.zip",
        template=directory / "template.json",
        digest=digest,
    )


def _digest(root: Path, stage: str) -> str:
    digest = hashlib.sha256(f"{stage}|{sys.version_info[:2]}".encode())
    for path in _inputs(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _inputs(root: Path) -> Iterator[Path]:
    yield from (root / "app.py", root / "requirements.txt", root / "infra" / "template.json")
    for directory in (root / "chalicelib", root / ".chalice", root / "infra" / "packaging"):
        yield from sorted(path for path in directory.rglob("*") if _is_source(path))


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and "deployments" not in path.parts


def _build(root: Path, stage: str, dependencies: Path, scratch: Path) -> Path:
    project, packaged, tree, built = (scratch / name for name in ("project", "packaged", "tree", "built"))
    _stage_project(root, project)
    _run_chalice(project, stage, root / "infra" / "template.json", packaged)
    with zipfile.ZipFile(packaged / "deployment.zip") as zipped:
        zipped.extractall(tree)
    compile_sources(tree)
    built.mkdir()
    archive = built / "deployment.zip"
    shutil.copyfile(_dependencies_archive(dependencies), archive)
    add_tree(archive, tree)
    refuse_if_too_large(archive)
    template = _pin_stage(json.loads((packaged / "sam.json").read_text()), stage)
    (built / "template.json").write_text(json.dumps(template, separators=(",", ":")))
    return built


def _stage_project(root: Path, project: Path) -> None:
    """Copy what Chalice packs; our own step adds the dependencies, so Chalice sees none."""
    ignore = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(root / name, project / name, ignore=ignore)
    shutil.copyfile(root / "app.py", project / "app.py")
    (project / "requirements.txt").touch()


def _run_chalice(project: Path, stage: str, merge: Path, out: Path) -> None:
    command = [
        sys.executable, "-c", "import sys; from chalice.cli import main; sys.exit(main())",
        "--project-dir", str(project), "package", "--stage", stage,
        "--pkg-format", "cloudformation", "--merge-template", str(merge), str(out),
    ]  # fmt: skip
    environment = {**os.environ, "AWS_DEFAULT_REGION": DEFAULT_REGION, "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if result.returncode != 0:
        raise PackagingFailed(_own_words(result.stderr or result.stdout, project))


def _own_words(report: str, project: Path) -> str:
    """Shorten a traceback to the part that is in our own code."""
    lines = report.strip().splitlines()
    ours = (number for number, line in enumerate(lines) if str(project) in line)
    return "\n".join(lines[next(ours, 0) :]).replace(f"{project}/", "")


def _dependencies_archive(dependencies: Path) -> Path:
    archive = dependencies.with_suffix(".zip")
    if not archive.exists():
        partial = archive.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        add_tree(partial, dependencies)
        partial.rename(archive)
    return archive


def _pin_stage(template: dict[str, Any], stage: str) -> dict[str, Any]:
    """Bind the template to its stage, so that it cannot be deployed as another one."""
    template["Parameters"]["Stage"] |= {"Default": stage, "AllowedValues": [stage]}
    return template


def _forget_old_builds(cache: Path, stage: str) -> None:
    builds = sorted(cache.glob(f"{stage}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in builds[_KEPT_BUILDS:]:
        shutil.rmtree(old, ignore_errors=True)
