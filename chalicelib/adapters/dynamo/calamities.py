"""Keep declared calamities in one item of the config table, and give the catalogue as they change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from chalicelib.adapters.aws_json import AwsRefused
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.adapters.dynamo.request_store import ConditionFailed
from chalicelib.domain.calamities import Calamity, under
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.opening import calendar_of
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.calamities import CalamitiesChanged, CalamityStore

SWITCHES, CALAMITIES = "switches", "calamities"
CHECKED_EVERY = timedelta(seconds=30)
TRIED_AGAIN_AFTER = timedelta(seconds=5)
_calamities = msgspec.json.Decoder(tuple[Calamity, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class LeanCalamities:
    """The `CalamityStore` port over the signed client: intake reads it too."""

    config: LeanConfig

    def read(self) -> tuple[tuple[Calamity, ...], int]:
        """Read the item consistently.

        Raises:
            msgspec.DecodeError: it was written by a release that this one does not understand.
        """
        item = self.config.get_newest(SWITCHES, CALAMITIES)
        if item is None:
            return (), 0
        return _calamities.decode(item["document"]), int(item["revision"])

    def write(self, calamities: Sequence[Calamity], seen_revision: int) -> None:
        """Put the item on condition of the revision seen."""
        document = msgspec.json.encode(tuple(calamities)).decode()
        attributes: dict[str, str | int] = {"document": document, "revision": seen_revision + 1}
        try:
            if seen_revision:
                self.config.put_over(SWITCHES, CALAMITIES, attributes, seen_revision)
            else:
                self.config.put_new(SWITCHES, CALAMITIES, attributes)
        except ConditionFailed as error:
            raise CalamitiesChanged from error


@dataclass(slots=True, kw_only=True)
class CatalogueUnderCalamities:
    """The `CatalogueSource` port: what is published, as the calamities of the day change it.

    It looks at the switch as often as `published` looks at its pointer, so both are at most 30 s behind.
    The calamities in use stay while newer ones cannot be read; nothing is worked out twice.
    """

    published: CatalogueSource
    calamities: CalamityStore
    clock: Clock
    _known: tuple[Calamity, ...] | None = field(default=None, init=False, repr=False)
    _day: date | None = field(default=None, init=False)
    _from: Catalogue | None = field(default=None, init=False, repr=False)
    _catalogue: Catalogue | None = field(default=None, init=False, repr=False)
    _checked_next: datetime | None = field(default=None, init=False)

    def current(self) -> Catalogue:
        """Return the catalogue under the calamities, both at most 30 s behind.

        Raises:
            Unavailable: either was never read.
        """
        now, published = self.clock.now(), self.published.current()
        if self._checked_next is None or now >= self._checked_next:
            self._look(now, published)
        if self._catalogue is None or published is not self._from:
            self._from = published
            day = self._day or calendar_of(published).local_day(now)
            self._catalogue = under(published, self._known or (), day)
        return self._catalogue

    def _look(self, now: datetime, published: Catalogue) -> None:
        """Read the switch; a list or a day that is new makes the catalogue be worked out again."""
        known, day = self._newest(now), calendar_of(published).local_day(now)
        if (known, day) != (self._known, self._day):
            self._known, self._day, self._catalogue = known, day, None

    def _newest(self, now: datetime) -> tuple[Calamity, ...]:
        try:
            known, _ = self.calamities.read()
        except (AwsRefused, Unavailable, ValueError):
            if self._known is None:
                raise
            self._checked_next = now + TRIED_AGAIN_AFTER
            return self._known
        self._checked_next = now + CHECKED_EVERY
        return known
