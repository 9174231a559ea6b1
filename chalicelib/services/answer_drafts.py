"""Describe the answer to a survey as a channel, an attendant or a page hands it over."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.people import Channel
from chalicelib.domain.surveys import Answers, Done, SurveyReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraft:
    """What a citizen answers; keypad and chat ask `overall` and `done` alone.

    `generation` says which resolution is meant, the newest if left out. `identity_check` is how an attendant
    who writes the answers down made sure who speaks.
    """

    overall: int
    done: Done
    deadline: int | None = None
    quality: int | None = None
    clarity: int | None = None
    reasons: tuple[SurveyReason, ...] = ()
    allows_contact: bool = False
    comment: str = ""
    generation: int | None = None
    identity_check: str = ""
    channel: Channel | None = None

    def answers(self) -> Answers:
        """Give what was answered, without how it came; each reason counts once."""
        return Answers(
            overall=self.overall,
            done=self.done,
            deadline=self.deadline,
            quality=self.quality,
            clarity=self.clarity,
            reasons=tuple(dict.fromkeys(self.reasons)),
            allows_contact=self.allows_contact,
        )
