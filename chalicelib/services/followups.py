"""Let follow from decisions what is no message to a secretariat: looks at emergencies, notices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from chalicelib.domain.alerts import ALERTED_EVERY, next_alert
from chalicelib.domain.message_kinds import Audience
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import taken_up_again
from chalicelib.domain.tellings import audiences_of
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.delivery import Change
from chalicelib.services.ports.notices import (
    DecisionNotice,
    NoticeQueue,
    Queued,
    SurveyNotice,
    SurveyStep,
    order_of_person,
)
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


def _notices(changes: Iterable[Change]) -> Iterator[Queued]:
    for change in changes:
        for entry in change.request.timeline[change.before :]:
            yield from notices_of(change.request, entry)
            if (generation := _generation_to_survey(entry)) is not None:
                yield _survey_notice(change.request, generation)
            if entry.type is EntryType.ERASED and not change.request.private:
                yield _survey_notice(change.request, change.request.state.generation, SurveyStep.FORGET)


def notices_of(request: ServiceRequest, entry: Entry) -> Iterator[DecisionNotice]:
    """Give a notice for each audience that a decision tells something, each in an order of its own.

    A citizen hears in order of all his requests. Who works for the city, and who only follows, neither waits
    for him nor keeps him waiting.
    """
    for audience in audiences_of(entry):
        if audience is Audience.CITIZEN and request.person_key is None:
            continue
        own = f"{request.protocol}#{audience}"
        order = order_of_person(request.person_key, own) if audience is Audience.CITIZEN else own
        yield DecisionNotice(protocol=request.protocol, seq=entry.seq, audience=audience, order=order)


def _generation_to_survey(entry: Entry) -> int | None:
    """Tell whose survey is due; that of a resolution taken up again too, so that its reason is recorded."""
    if entry.type is EntryType.SURVEY_STARTED:
        generation: int = entry.data["changes"]["surveyed_generation"]
        return generation
    return taken_up_again(entry)


def _survey_notice(
    request: ServiceRequest, generation: int, step: SurveyStep = SurveyStep.START
) -> SurveyNotice:
    """Ask him in the order in which he is told everything else."""
    order = order_of_person(request.person_key, f"{request.protocol}#{Audience.CITIZEN}")
    return SurveyNotice(protocol=request.protocol, generation=generation, step=step, order=order)
