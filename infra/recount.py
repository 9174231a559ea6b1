"""Let open requests count their dates anew after a changed calendar was published."""

from chalicelib import wiring_timers
from chalicelib.domain.catalogue import Catalogue
from chalicelib.services.calamities import RECOUNT_DELAY_SECONDS
from chalicelib.services.ports.timers import RecountJob
from infra.environment import enter_stage
from infra.target import Target


def recount_open_requests(target: Target, before: Catalogue | None, after: Catalogue) -> bool:
    """Send a job per organ if the calendars differ, extinct organs included; tell whether they do.

    The jobs wait until every running function has seen the new catalogue.
    """
    if before is None or before.calendar == after.calendar:
        return False
    send_recounts(target, after)
    return True


def send_recounts(target: Target, catalogue: Catalogue) -> None:
    """Send a job per organ; doing it again counts again, which moves nothing twice."""
    enter_stage(target)
    jobs = [RecountJob(secretariat=code, cause=catalogue.version) for code in catalogue.secretariats]
    wiring_timers.jobs().send(jobs, delay_seconds=RECOUNT_DELAY_SECONDS)
