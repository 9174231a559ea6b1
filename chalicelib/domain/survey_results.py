"""Count what citizens say of resolutions, and how many resolutions were false."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from typing import TypeVar

from chalicelib.domain.calendars import Calendar
from chalicelib.domain.people import Channel
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolutions, taken_up_again
from chalicelib.domain.surveys import SCORES, Done, NotSentReason, SurveyRecord, SurveyStatus
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.verdicts import Verdict, VerdictKind

SATISFIED = (4, 5)
NORMAL_QUANTILE = 1.959963984540054
"""Leaves 2.5 % of the normal distribution above it: the bounds hold in 95 of 100 cases."""

RESOLVED, PENDING, SENT, UNKNOWN, ANSWERED, CONTESTED = (
    "resolved",
    "pending",
    "sent",
    "unknown",
    "answered",
    "contested",
)
OVERALL, DONE, NOT_SENT, JUDGED, FALSE = "overall.", "done.", "not_sent.", "judged.", "false."
"""Begin the names of what is counted by score, by answer, by reason, and by the kind of a verdict."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share itself, from 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence; None of nothing."""
        return wilson(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What was counted, by name; what never occurred is not there. Tallies of parts add up to the whole's."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        """Count both."""
        return Tally(counts=dict(Counter(self.counts) + Counter(other.counts)))

    def of(self, name: str) -> int:
        """Tell how often something occurred."""
        return self.counts.get(name, 0)

    @property
    def not_sent(self) -> Mapping[NotSentReason, int]:
        """How many surveys were not sent, by reason; reasons that did not occur are left out."""
        found = {reason: self.of(f"{NOT_SENT}{reason}") for reason in NotSentReason}
        return {reason: count for reason, count in found.items() if count}

    @property
    def adds_up(self) -> bool:
        """Tell whether every resolution was followed by a survey, by a reason against it, or still waits."""
        followed = self.of(SENT) + self.of(UNKNOWN) + sum(self.not_sent.values()) + self.of(PENDING)
        return self.of(RESOLVED) == followed

    @property
    def distribution(self) -> Mapping[int, int]:
        """How often each overall grade was given."""
        return {score: self.of(f"{OVERALL}{score}") for score in SCORES}

    @property
    def mean(self) -> float | None:
        """The mean overall grade; None without answers."""
        graded = sum(self.distribution.values())
        return sum(score * count for score, count in self.distribution.items()) / graded if graded else None

    @property
    def response(self) -> Share:
        """How many answered of those who were asked."""
        return Share(count=self.of(ANSWERED), of=self.of(SENT))

    @property
    def satisfied(self) -> Share:
        """How many gave one of the two best grades."""
        graded = self.distribution
        return Share(count=sum(graded[score] for score in SATISFIED), of=sum(graded.values()))

    def done(self, answer: Done) -> Share:
        """How many said so of whether it was done."""
        return Share(count=self.of(f"{DONE}{answer}"), of=self.of(ANSWERED))

    @property
    def contested(self) -> Share:
        """How many resolutions were contested."""
        return Share(count=self.of(CONTESTED), of=self.of(RESOLVED))

    def found_false(self, kind: VerdictKind) -> Share:
        """How many were found false of those that were judged for the same cause."""
        return Share(count=self.of(f"{FALSE}{kind}"), of=self.of(f"{JUDGED}{kind}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The smallest part of a day that is counted apart."""

    secretariat: str
    service: str
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResults:
    """What was counted of the resolutions of a local day."""

    day: date
    cells: Mapping[Cell, Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedResolution:
    """What counts of a resolution: whose it is, and what became of it; nobody's data."""

    protocol: Protocol
    generation: int
    day: date
    cell: Cell
    is_contested: bool = False
    verdict: Verdict | None = None


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Bound a share with 95 % confidence by Wilson's score interval, which holds for few trials too.

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    share, z_squared = successes / trials, NORMAL_QUANTILE**2
    middle = share + z_squared / (2 * trials)
    spread = NORMAL_QUANTILE * sqrt(share * (1 - share) / trials + z_squared / (4 * trials**2))
    scale = 1 + z_squared / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def matters_to_results(entry: Entry) -> bool:
    """Tell whether a decision changes what counts of a resolution; most do not."""
    return entry.type in (EntryType.RESOLVED, EntryType.JUDGED) or taken_up_again(entry) is not None


def counted_resolutions(request: ServiceRequest, calendar: Calendar) -> Iterator[CountedResolution]:
    """Give what counts of each resolution of a request."""
    verdicts = {verdict.generation: verdict for verdict in request.state.verdicts}
    for given in resolutions(request):
        yield CountedResolution(
            protocol=request.protocol,
            generation=given.generation,
            day=calendar.local_day(given.at),
            cell=Cell(secretariat=given.secretariat, service=given.service, channel=request.state.channel),
            is_contested=given.is_contested,
            verdict=verdicts.get(given.generation),
        )


def count_day(given: Iterable[CountedResolution], surveys: Iterable[SurveyRecord]) -> dict[Cell, Tally]:
    """Count the resolutions of a day and their surveys: each once, in whatever order, however often given."""
    resolved = {(one.protocol, one.generation): one for one in given}
    asked = {(one.protocol, one.generation): one for one in surveys}
    counted = [(one.cell, tally_of_resolution(one)) for one in resolved.values()]
    for key, record in asked.items():
        cell = resolved[key].cell if key in resolved else _cell(record)
        counted.append((cell, tally_of_survey(record)))
    waiting = (one.cell for key, one in resolved.items() if key not in asked)
    return merged([*counted, *((cell, Tally(counts={PENDING: 1})) for cell in waiting)])


def tally_of_resolution(resolution: CountedResolution) -> Tally:
    """Count one resolution, without its survey."""
    counts, verdict = {RESOLVED: 1}, resolution.verdict
    if resolution.is_contested:
        counts[CONTESTED] = 1
    if verdict is not None:
        counts[f"{JUDGED}{verdict.kind}"] = 1
        if verdict.is_false:
            counts[f"{FALSE}{verdict.kind}"] = 1
    return Tally(counts=counts)


def tally_of_survey(record: SurveyRecord) -> Tally:
    """Count one survey; who answered was asked, whatever is known of the message."""
    if record.answers is not None:
        answers = record.answers
        names = (SENT, ANSWERED, f"{OVERALL}{answers.overall}", f"{DONE}{answers.done}")
        return Tally(counts=dict.fromkeys(names, 1))
    if record.status is SurveyStatus.NOT_SENT:
        return Tally(counts={f"{NOT_SENT}{record.reason}": 1})
    name = {SurveyStatus.DUE: PENDING, SurveyStatus.UNKNOWN: UNKNOWN}.get(record.status, SENT)
    return Tally(counts={name: 1})


def merged(tallies: Iterable[tuple[K, Tally]]) -> dict[K, Tally]:
    """Add up what was counted under the same key."""
    sums: dict[K, dict[str, int]] = {}
    for key, tally in tallies:
        found = sums.setdefault(key, {})
        for name, count in tally.counts.items():
            found[name] = found.get(name, 0) + count
    return {key: Tally(counts=counts) for key, counts in sums.items()}


def _cell(record: SurveyRecord) -> Cell:
    return Cell(secretariat=record.secretariat, service=record.service, channel=record.channel)
