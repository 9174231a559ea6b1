"""Write zips that are equal whenever their content is equal."""

import zipfile
from pathlib import Path

LIMIT_BYTES = 30 * 1024 * 1024

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE = 0o100644 << 16


class PackageTooLarge(Exception):
    """The deployment package exceeds what we allow ourselves."""

    def __init__(self, size_bytes: int, largest: list[tuple[str, int]]) -> None:
        """Keep the facts: the size and the largest top-level packages."""
        self.size_bytes = size_bytes
        self.largest = largest
        listed = ", ".join(f"{name} {_mebibytes(size)}" for name, size in largest)
        super().__init__(
            f"the package is {_mebibytes(size_bytes)}, the limit {_mebibytes(LIMIT_BYTES)}; largest: {listed}"
        )


def add_tree(archive: Path, tree: Path) -> None:
    """Add every file below `tree` to the zip, in order, without times or owners."""
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped:
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), date_time=_EPOCH)
                entry.external_attr = _READABLE_FILE
                entry.compress_type = zipfile.ZIP_DEFLATED
                zipped.writestr(entry, path.read_bytes())


def refuse_if_too_large(archive: Path, limit_bytes: int = LIMIT_BYTES) -> None:
    """Check the size of the zip before anybody uploads it.

    Raises:
        PackageTooLarge: names the five largest top-level packages.
    """
    size = archive.stat().st_size
    if size > limit_bytes:
        raise PackageTooLarge(size, _largest(archive)[:5])


def _largest(archive: Path) -> list[tuple[str, int]]:
    sizes: dict[str, int] = {}
    with zipfile.ZipFile(archive) as zipped:
        for entry in zipped.infolist():
            top = entry.filename.split("/", 1)[0]
            sizes[top] = sizes.get(top, 0) + entry.compress_size
    return sorted(sizes.items(), key=lambda item: -item[1])


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"
