"""Let follow from decisions what is no message to a secretariat: looks at emergencies, notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from chalicelib.domain.alerts import ALERTED_EVERY, next_alert
from chalicelib.domain.tellings import tells_somebody
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.notices import DecisionNotice, NoticeQueue
from chalicelib.services.ports.timers import Look, LookQueue


@dataclass(frozen=True, slots=True, kw_only=True)
class Followups:
    """Follows the stream of decisions; following one twice changes nothing.

    `looks` is a queue of its own for emergencies: they wait behind nobody.
    """

    looks: LookQueue
    notices: NoticeQueue
    catalogue: CatalogueSource
    clock: Clock

    def follow(self, changes: Sequence[Change]) -> None:
        """Send on what the new decisions call for; raises `Unavailable` where a queue did not answer."""
        if notices := list(_notices(changes)):
            self.notices.send(notices)
        for change in changes:
            self._look_at_emergency(change)

    def _look_at_emergency(self, change: Change) -> None:
        """Push to who is on call at once, not at the next sweep; and 15 minutes later to the next one."""
        alert = next_alert(change.request, self.catalogue.current())
        if alert is None:
            return
        wait = min(max(alert.at - self.clock.now(), timedelta()), ALERTED_EVERY)
        look = Look(protocol=change.request.protocol)
        self.looks.send([look], delay_seconds=ceil(wait.total_seconds()))


def _notices(changes: Iterable[Change]) -> Iterator[DecisionNotice]:
    for change in changes:
        for entry in change.request.timeline[change.before :]:
            if tells_somebody(entry):
                yield DecisionNotice(protocol=change.request.protocol, seq=entry.seq)
