"""Let notices go that have waited for the hours in which their audience may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.services.ports.notices import Deferred, NoticeQueue

MOST_RELEASED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingNotices:
    """Queues notices again when their hour has come; that needs no words yet."""

    deferred: Deferred
    queue: NoticeQueue

    def release_deferred(self, now: datetime) -> int:
        """Queue the notices whose hour has come, so many per call; return how many."""
        due = self.deferred.due(now, limit=MOST_RELEASED)
        if due:
            self.queue.send([notice for _, notice in due])
        for not_before, notice in due:
            self.deferred.remove(notice, not_before)
        return len(due)
