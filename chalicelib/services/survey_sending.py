"""Ask a citizen by the ways in which he can be reached: claimed before, marked after, never sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.callbacks import callback_task
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.citizen_messages import MessageFacts
from chalicelib.domain.letters import Medium, local_moment
from chalicelib.domain.message_kinds import RULES, MessageKind
from chalicelib.domain.message_templates import language_of
from chalicelib.domain.message_words import DAY_FORMATS
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.preferences import Preferences, ways_to_reach
from chalicelib.domain.reach import reporters_points
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import SURVEY_LASTS, SurveyRecord
from chalicelib.domain.tellings import CITIZEN
from chalicelib.services.citizen_notices import CitizenNotices
from chalicelib.services.ports.notices import Send, SendStatus
from chalicelib.services.sending import Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """That a citizen was asked, or may have been: how and when the message was claimed."""

    medium: Medium
    at: datetime
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySending:
    """Sends surveys and their reminders in the way of all messages; or lets an attendant call."""

    notices: CitizenNotices

    def has_ways(self, request: ServiceRequest, chosen: Preferences) -> bool:
        """Tell whether he can be written to at all."""
        return bool(self._ways(request, chosen))

    def ask(
        self, request: ServiceRequest, record: SurveyRecord, kind: MessageKind, chosen: Preferences
    ) -> Asked | None:
        """Ask by the best way that is not refused for good; None if there is none.

        Raises:
            Unavailable: certainly nothing was sent, and another try may send it.
        """
        now = self.notices.clock.now()
        facts = self._facts(request, record, kind, chosen, now)
        for telling in self.notices.letters(kind, facts, self._ways(request, chosen), CITIZEN):
            claim = Send(
                subject=record.protocol,
                name=f"{kind}#{record.generation}#{telling.medium}",
                to=CITIZEN,
                medium=telling.medium,
                at=now,
                kind=kind,
            )
            fate = self.notices.sending.tell(claim, telling).fate
            if fate is not Fate.FAILED:
                at = now if fate is Fate.SENT else self._claimed_at(claim)
                return Asked(medium=telling.medium, at=at, is_certain=fate is not Fate.UNKNOWN)
        return None

    def asked_before(self, record: SurveyRecord) -> Asked | None:
        """Tell how an earlier try asked, or may have, by whichever medium it chose; None if none did."""
        of_survey = f"{MessageKind.SURVEY}#{record.generation}#"
        for known in self.notices.sending.sends.of(record.protocol):
            if known.name.startswith(of_survey) and known.status is not SendStatus.FAILED:
                is_certain = known.status is SendStatus.SENT
                return Asked(medium=known.medium, at=known.at, is_certain=is_certain)
        return None

    def let_call(self, request: ServiceRequest, generation: int) -> bool:
        """Let an attendant ask whoever has a telephone and nothing to write to; False if he has none."""
        if "phone" not in reporters_points(request):
            return False
        now, calendar = self.notices.clock.now(), calendar_of(self.notices.catalogue.current())
        task = callback_task(
            request.protocol, MessageKind.SURVEY, generation=generation, now=now, calendar=calendar
        )
        self.notices.callbacks.add(task)
        return True

    def _ways(self, request: ServiceRequest, chosen: Preferences) -> tuple[tuple[Medium, str], ...]:
        senders = self.notices.sending.senders
        return ways_to_reach(request.state.channel, reporters_points(request), chosen.medium, senders)

    def _facts(
        self,
        request: ServiceRequest,
        record: SurveyRecord,
        kind: MessageKind,
        chosen: Preferences,
        now: datetime,
    ) -> MessageFacts:
        catalogue, link = self.notices.catalogue.current(), self.notices.link
        language = language_of(chosen.language or request.state.language)
        until = (record.sent_at or now) + SURVEY_LASTS
        return MessageFacts(
            request=request,
            seq=request.version,
            catalogue=catalogue,
            language=language,
            link=link(RULES[kind].link, request, record.generation, None),
            preferences_link=link(LinkPurpose.PREFERENCES, request, record.generation, None),
            more={"expires_on": local_moment(until, catalogue, DAY_FORMATS[language])},
        )

    def _claimed_at(self, claim: Send) -> datetime:
        """Tell when a message was claimed before: what follows from it is counted from then."""
        known = self.notices.sending.sends.of(claim.subject)
        return next((one.at for one in known if one.name == claim.name), claim.at)
