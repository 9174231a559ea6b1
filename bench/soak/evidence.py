"""Read from the tables what a run came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import date
from typing import TypeVar

from bench.soak.cast import Case
from bench.soak.checks import Evidence, send_line
from chalicelib import wiring, wiring_messages, wiring_surveys
from chalicelib.adapters.dynamo.models import MODELS_BY_SUFFIX
from chalicelib.domain.access import Principal
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.resolutions import resolution_of
from chalicelib.domain.result_groups import Dimension
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.ports.notices import Send, SendStatus
from chalicelib.services.survey_results import ResultsQuestion

T = TypeVar("T")
AT_ONCE = 100
OPERATOR = Principal(name="soak", scopes=frozenset({"operator"}))


def gather(cases: Sequence[Case], day: date, hands: Executor) -> Evidence:
    """Read requests, surveys, call-backs, sends and results."""
    protocols = [case.protocol for case in cases]
    question = ResultsQuestion(since=day, until=day, group_by=frozenset({Dimension.SECRETARIAT}))
    report = wiring_surveys.survey_results().report(question, OPERATOR)
    sends = list(_flat(hands.map(_sends, protocols)))
    return Evidence(
        resolved=frozenset(_resolved(protocols)),
        surveys={one.protocol: one for one in _surveys(day)},
        called=frozenset(_flat(hands.map(_called, protocols))),
        sends=frozenset(map(send_line, sends)),
        unmarked=frozenset(send_line(one) for one in sends if one.status is SendStatus.CLAIMED),
        total=report.total.tally,
        tallies={group.key[Dimension.SECRETARIAT]: group.tally for group in report.groups},
        rows={suffix: _rows(suffix) for suffix in MODELS_BY_SUFFIX},
    )


def _resolved(protocols: Sequence[Protocol]) -> Iterator[Protocol]:
    for start in range(0, len(protocols), AT_ONCE):
        for request in wiring.index().load_many(protocols[start : start + AT_ONCE]):
            if resolution_of(request, 1) is not None:
                yield request.protocol


def _surveys(day: date) -> Iterator[SurveyRecord]:
    cursor: str | None = None
    while True:
        page = wiring_surveys.survey_store().of_day(day, limit=AT_ONCE, cursor=cursor)
        yield from page.items
        if (cursor := page.next) is None:
            return


def _called(protocol: Protocol) -> list[tuple[Protocol, str]]:
    return [(protocol, str(task.kind)) for task in wiring_messages.callback_queue().of(protocol)]


def _sends(protocol: Protocol) -> list[Send]:
    """List the messages to citizens that did not fail."""
    sends = wiring_messages.send_log().of(protocol)
    return [one for one in sends if one.kind and one.status is not SendStatus.FAILED]


def _flat(lists: Iterable[list[T]]) -> Iterator[T]:
    for one in lists:
        yield from one


def _rows(suffix: str) -> int:
    return int(MODELS_BY_SUFFIX[suffix].describe_table()["ItemCount"])
