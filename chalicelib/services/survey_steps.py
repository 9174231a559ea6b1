"""Take the step of a survey that a notice asks for; whichever it is, taking it twice does no harm."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.services.ports.notices import SurveyNotice, SurveyStep
from chalicelib.services.survey_consequences import SurveyConsequences
from chalicelib.services.surveys import Surveys

FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySteps:
    """Everything that notices about surveys ask for."""

    surveys: Surveys
    consequences: SurveyConsequences

    def take(self, notice: SurveyNotice) -> str | None:
        """Take the step and say in a word what it came to, for the log; None where there was nothing to do.

        Raises:
            Unavailable: something transient failed; repeat the notice.
        """
        if notice.step is SurveyStep.SETTLE:
            return self.consequences.settle(notice.protocol, notice.generation)
        if notice.step is SurveyStep.FORGET:
            return FORGOTTEN if self.surveys.forget(notice.protocol) else None
        take = self.surveys.remind if notice.step is SurveyStep.REMIND else self.surveys.start
        record = take(notice.protocol, notice.generation)
        return (record.reason or record.status) if record else None
