"""Let follow what the answer to a survey calls for: what was not done is taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain import orders
from chalicelib.domain.errors import ContestTooLate, TimelineFull, TransitionNotAllowed
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolution_of
from chalicelib.domain.surveys import Done, SurveyRecord, Via
from chalicelib.domain.transitions import Status
from chalicelib.services.acts import CITIZEN, Acts
from chalicelib.services.ports.surveys import SurveyStore

NOT_DONE = "Pesquisa de satisfação: o cidadão respondeu que o serviço não foi feito."
_CHANNELS: Mapping[Via, Channel] = {
    Via.LINK: Channel.WEB,
    Via.PORTAL: Channel.WEB,
    Via.KEYPAD: Channel.PHONE,
    Via.ATTENDANT: Channel.PHONE,
    Via.CHAT: Channel.CHAT,
}
"""The channel of an answer, where nothing closer is known than the way by which it came."""


class Consequence(StrEnum):
    """What followed from an answer: nothing more, the work goes on, or a new request may be opened."""

    RECORDED = "recorded"
    REOPENED = "reopened"
    MAY_OPEN_LINKED = "may_open_linked"


class _NotContestable(Exception):
    """The resolution is no longer one that an answer could put in question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyConsequences:
    """Reopens at once what the citizen says was not done, while he may contest it; twice does no harm."""

    store: SurveyStore
    acts: Acts

    def settle(self, protocol: Protocol, generation: int) -> Consequence:
        """Let follow what an answer calls for, if whoever took it did not come to it."""
        record = self.store.find(protocol, generation)
        return Consequence.RECORDED if record is None else self.of_answer(record)

    def of_answer(self, record: SurveyRecord, channel: Channel | None = None) -> Consequence:
        """Contest the resolution in the citizen's name where he answered that it was not done.

        `channel` is the one on which he answered, if whoever took the answer knows it.
        """
        if record.answers is None or record.answers.done is not Done.NO:
            return Consequence.RECORDED

        def order_for(request: ServiceRequest) -> orders.Order:
            state = request.state
            if state.generation != record.generation or state.status is not Status.RESOLVED:
                raise _NotContestable
            return orders.Contest(reason=_reason(record))

        try:
            self.acts.carry_out(
                record.protocol, order_for, CITIZEN, None, channel=channel or _channel_of(record)
            )
        except (_NotContestable, ContestTooLate, TransitionNotAllowed, TimelineFull):
            return self._before(record)
        return Consequence.REOPENED

    def _before(self, record: SurveyRecord) -> Consequence:
        """Tell what had become of the resolution before."""
        resolution = resolution_of(self.acts.requests.load(record.protocol), record.generation)
        if resolution is not None and resolution.is_contested:
            return Consequence.REOPENED
        return Consequence.MAY_OPEN_LINKED


def _channel_of(record: SurveyRecord) -> Channel | None:
    return _CHANNELS[record.via] if record.via else None


def _reason(record: SurveyRecord) -> str:
    """Say why the work goes on; the comment stands there only if he may be called about it."""
    comment = record.private.get("comment")
    if record.answers is None or not record.answers.allows_contact or comment is None:
        return NOT_DONE
    return f"{NOT_DONE} {comment.value}"
