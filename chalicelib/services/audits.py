"""Keep the list of resolutions to be judged in step with the requests, and show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.audits import Audit, matters_to_audits, open_audits
from chalicelib.domain.errors import Fault, InvalidInput
from chalicelib.domain.resolutions import resolutions
from chalicelib.services.ports.audits import AuditList
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.delivery import Change

MOST_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProjection:
    """The `ChangeFollower` for whoever judges; a request that nothing is drawn of costs nothing."""

    audits: AuditList

    def follow(self, changes: Sequence[Change]) -> None:
        """List what awaits a verdict as a request stands now, and take off what does not.

        Raises:
            Unavailable: the table did not answer; doing all of it again is harmless.
        """
        for change in changes:
            if any(map(matters_to_audits, change.request.timeline[change.before :])):
                self._project(change)

    def _project(self, change: Change) -> None:
        waiting = {audit.generation: audit for audit in open_audits(change.request)}
        for given in resolutions(change.request):
            if given.generation in waiting:
                self.audits.put(waiting[given.generation])
            elif given.is_judged:
                self.audits.remove(change.request.protocol, given.generation, given.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audits:
    """What reviewers have to judge."""

    audits: AuditList

    def waiting(
        self, *, limit: int = MOST_PER_PAGE, cursor: str | None = None, found: Sequence[Fault] = ()
    ) -> Page[Audit]:
        """List the resolutions that await a verdict, the oldest first."""
        faults = list(found)
        if not 1 <= limit <= MOST_PER_PAGE:
            facts = {"least": 1, "most": MOST_PER_PAGE}
            faults.append(Fault(path="limit", reason="out_of_range", facts=facts))
        if faults:
            raise InvalidInput(*faults)
        return self.audits.page(limit=limit, cursor=cursor)
