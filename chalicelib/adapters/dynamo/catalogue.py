"""Give the published catalogue, looking for a newer one now and then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.adapters.aws_json import AwsRefused
from chalicelib.adapters.dynamo.catalogue_codec import decode
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import Unavailable
from chalicelib.services.ports.basics import Clock

KIND = "catalogue"
POINTER = "current"
CHECKED_EVERY = timedelta(seconds=30)
TRIED_AGAIN_AFTER = timedelta(seconds=5)


@dataclass(slots=True, kw_only=True)
class PublishedCatalogue:
    """The `CatalogueSource` port: the parts of a version never change, only the pointer does.

    A catalogue in use is kept while a newer one cannot be read, whatever the reason: a city whose
    publication went wrong still takes requests.
    """

    config: LeanConfig
    clock: Clock
    decode: Callable[[Sequence[bytes]], Catalogue] = decode
    _catalogue: Catalogue | None = field(default=None, init=False, repr=False)
    _version: str | None = field(default=None, init=False)
    _checked_next: datetime | None = field(default=None, init=False)

    def current(self) -> Catalogue:
        """Return the catalogue, at most 30 s behind the newest publication.

        Raises:
            Unavailable: none was ever read, or none is published.
        """
        now = self.clock.now()
        if self._catalogue is not None and self._checked_next is not None and now < self._checked_next:
            return self._catalogue
        try:
            self._catalogue = self._newest()
            self._checked_next = now + CHECKED_EVERY
        except (AwsRefused, Unavailable, ValueError):
            if self._catalogue is None:
                raise
            self._checked_next = now + TRIED_AGAIN_AFTER
        return self._catalogue

    def _newest(self) -> Catalogue:
        pointer = self.config.get(KIND, POINTER)
        if pointer is None:
            raise Unavailable
        version = str(pointer["version"])
        if self._catalogue is not None and version == self._version:
            return self._catalogue
        parts = [part["data"] for part in self.config.query(KIND, f"{version}#")]
        if len(parts) != pointer["parts"]:
            raise Unavailable
        catalogue = self.decode(parts)
        self._version = version
        return catalogue
