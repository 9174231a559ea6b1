"""Name what every use case needs: the time, chance, the catalogue, pages of lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from typing import Protocol as Port

from chalicelib.domain.catalogue import Catalogue

T = TypeVar("T")


class Clock(Port):
    """Tells the time; only this port and the stores' TTLs know it."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class Randomness(Port):
    """Gives unpredictable bytes."""

    def seed(self) -> bytes:
        """Return 16 fresh random bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A slice of a list; `next` continues it, None at its end."""

    items: tuple[T, ...]
    next: str | None = None


class CatalogueSource(Port):
    """Gives the published catalogue in force."""

    def current(self) -> Catalogue:
        """Return the catalogue, at most 30 s behind the newest publication."""
        ...
