"""Compare what everybody got with what he must have got: the notice, the survey, the sums."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from bench.soak.cast import Case, Citizen, Reach
from bench.soak.providers import Message
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.message_kinds import RULES, Matter, MessageKind
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.survey_results import RESOLVED, SENT, UNKNOWN, Tally
from chalicelib.domain.surveys import NotSentReason, SurveyRecord, SurveyStatus, SurveyWay, draw_of
from chalicelib.services.ports.notices import Send

IN_HAND_SECONDS = 10.0
"""What was taken so shortly before a kill may not have been marked."""
ONCE = (MessageKind.RESOLVED, MessageKind.SURVEY, MessageKind.SURVEY_REMINDER)
"""What a request's citizen is told once here: nothing is resolved a second time."""
ASKED = (SurveyStatus.SENT, SurveyStatus.ANSWERED)


ByCase = Mapping[tuple[Protocol | None, str], list[Message]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the tables hold in the end; `tallies` are the published results by secretariat.

    `called` are the call-backs by request and kind. `sends` are the messages that did not fail, by request,
    kind and name; those that were claimed and never marked are `unmarked` too. `rows` counts the items of the
    tables.
    """

    resolved: frozenset[Protocol]
    surveys: Mapping[Protocol, SurveyRecord]
    called: frozenset[tuple[Protocol, str]]
    sends: frozenset[tuple[Protocol, str, str]]
    unmarked: frozenset[tuple[Protocol, str, str]]
    total: Tally
    tallies: Mapping[str, Tally]
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is wrong, a line each, and what was counted on the way."""

    faults: tuple[str, ...]
    by_kind: Counter[str]
    repeated: Counter[str]
    unknown_surveys: int
    citizens_asked: int


def judge(
    cases: Sequence[Case],
    catalogue: Catalogue,
    evidence: Evidence,
    taken: Sequence[Message],
    killed_at: Mapping[int, float],
) -> Judgement:
    """Judge a run; `killed_at` says when each life of the process was ended, for those that were."""
    of_case: dict[tuple[Protocol | None, str], list[Message]] = defaultdict(list)
    for message in taken:
        of_case[message.protocol, message.kind].append(message)
    repeated = _too_many(of_case, evidence)
    faults = [
        *_unresolved(cases, evidence),
        *_told(cases, evidence, of_case),
        *_repeated(repeated, killed_at),
        *_surveyed(cases, catalogue, evidence, of_case),
        *_of_citizens(cases, catalogue, evidence),
        *_sums(cases, evidence),
    ]
    asked = {case.citizen for case in cases if _was_asked(evidence.surveys.get(case.protocol))}
    return Judgement(
        faults=tuple(faults),
        by_kind=Counter(message.kind for message in taken),
        repeated=Counter({kind: len(found) for (_, kind), found in repeated.items()}),
        unknown_surveys=sum(one.status is SurveyStatus.UNKNOWN for one in evidence.surveys.values()),
        citizens_asked=len(asked),
    )


def send_line(send: Send) -> tuple[Protocol, str, str]:
    """Name a send by its request, its kind and its own name."""
    return Protocol(send.subject), str(send.kind), send.name


def reason_against(case: Case, catalogue: Catalogue) -> NotSentReason | None:
    """Tell why a resolution must bring no survey, whatever became of the citizen's others."""
    citizen = case.citizen
    against = (
        (case.contests, NotSentReason.REOPENED),
        (citizen.reach is Reach.ANONYMOUS, NotSentReason.ANONYMOUS),
        (citizen.reach is Reach.NOTHING, NotSentReason.UNREACHABLE),
        (citizen.opted_out, NotSentReason.OPTED_OUT),
        (
            draw_of(case.protocol, 1) >= catalogue.services[case.service].survey_percent,
            NotSentReason.NOT_SAMPLED,
        ),
        (citizen.reach is Reach.REFUSED, NotSentReason.UNDELIVERABLE),
    )
    return next((reason for holds, reason in against if holds), None)


def _unresolved(cases: Sequence[Case], evidence: Evidence) -> Iterator[str]:
    missing = [case.protocol for case in cases if case.protocol not in evidence.resolved]
    if missing:
        yield f"{len(missing)} requests are not resolved, {missing[0]} first"


def _told(cases: Sequence[Case], evidence: Evidence, of_case: ByCase) -> Iterator[str]:
    """Every citizen hears of the resolution: by a message, or somebody calls him."""
    kind = MessageKind.RESOLVED.value
    unmarked = {(protocol, kind) for protocol, kind, _ in evidence.unmarked}
    for case in cases:
        messages = len(of_case.get((case.protocol, kind), ()))
        if case.citizen.is_written_to and not messages and (case.protocol, kind) not in unmarked:
            yield f"{case.protocol}: no resolution notice"
        if not case.citizen.is_written_to and messages:
            yield f"{case.protocol}: a resolution notice to whom none can reach"
        if case.citizen.is_called and (case.protocol, kind) not in evidence.called:
            yield f"{case.protocol}: nobody was told to call"


def _too_many(of_case: ByCase, evidence: Evidence) -> ByCase:
    """Give the messages after which another one came that no send accounts for, or that comes but once."""
    sends = Counter((protocol, kind) for protocol, kind, _ in evidence.sends)
    found = {}
    for (protocol, kind), messages in of_case.items():
        if protocol is not None:
            wanted = 1 if kind in ONCE else sends[protocol, kind]
            found[protocol, kind] = messages[: max(0, len(messages) - wanted)]
    return {key: earlier for key, earlier in found.items() if earlier}


def _repeated(repeated: ByCase, killed_at: Mapping[int, float]) -> Iterator[str]:
    """Nothing is sent twice, but what must arrive and was in hand when the process was killed."""
    for (protocol, kind), messages in repeated.items():
        for earlier in messages:
            in_hand = killed_at.get(earlier.life, float("-inf")) - earlier.at
            is_excused = RULES[MessageKind(kind)].matter is not Matter.COURTESY
            if not (is_excused and 0 <= in_hand <= IN_HAND_SECONDS):
                yield f"{protocol}: {kind} was sent twice"


def _surveyed(
    cases: Sequence[Case],
    catalogue: Catalogue,
    evidence: Evidence,
    of_case: ByCase,
) -> Iterator[str]:
    """The record of each survey says what came to the citizen."""
    for case in cases:
        record = evidence.surveys.get(case.protocol)
        sent = len(of_case.get((case.protocol, MessageKind.SURVEY.value), ()))
        if record is None:
            yield f"{case.protocol}: no survey, and no reason"
            continue
        expected = reason_against(case, catalogue)
        allowed = _allowed(expected)
        if record.reason not in allowed:
            yield f"{case.protocol}: survey {record.status}, {record.reason}; expected {expected}"
        by_message = record.status in ASKED and record.medium is not SurveyWay.CALL
        least, most = (1, 1) if by_message else (0, int(record.status is SurveyStatus.UNKNOWN))
        if not least <= sent <= most:
            yield f"{case.protocol}: {sent} surveys, recorded as {record.status}"
        by_call = (case.protocol, MessageKind.SURVEY.value) in evidence.called
        if by_call != (record.medium is SurveyWay.CALL):
            yield f"{case.protocol}: survey by {record.medium}, called: {by_call}"


def _allowed(expected: NotSentReason | None) -> Set[NotSentReason | None]:
    """Say with what reason a survey may stand; of a citizen's several requests one alone brings a survey."""
    if expected is None:
        return {None, NotSentReason.FATIGUE}
    return {expected, NotSentReason.FATIGUE} if expected is NotSentReason.UNDELIVERABLE else {expected}


def _of_citizens(cases: Sequence[Case], catalogue: Catalogue, evidence: Evidence) -> Iterator[str]:
    """Each citizen with any resolution to ask about is asked once, or perhaps once."""
    eligible: Counter[Citizen] = Counter()
    asked: Counter[Citizen] = Counter()
    for case in cases:
        eligible[case.citizen] += reason_against(case, catalogue) is None
        asked[case.citizen] += _was_asked(evidence.surveys.get(case.protocol))
    for citizen, count in eligible.items():
        if asked[citizen] != min(1, count):
            yield f"citizen {citizen.number}: {count} resolutions to ask about, {asked[citizen]} surveys"


def _sums(cases: Sequence[Case], evidence: Evidence) -> Iterator[str]:
    """The published results account for every resolution, and say what the records say."""
    surveys = evidence.surveys.values()
    if evidence.total.of(RESOLVED) != len(cases):
        yield f"{evidence.total.of(RESOLVED)} resolutions were counted, {len(cases)} were given"
    merged = sum(evidence.tallies.values(), Tally())
    if merged.counts != evidence.total.counts:
        yield "the secretariats do not add up to the city"
    for name, tally in {"the city": evidence.total, **evidence.tallies}.items():
        followed = tally.of(SENT) + tally.of(UNKNOWN) + sum(tally.not_sent.values())
        if tally.of(RESOLVED) != followed:
            yield f"{name}: {tally.of(RESOLVED)} resolved, {followed} accounted for"
        mine = [one for one in surveys if name in ("the city", one.secretariat)]
        if tally.of(SENT) != sum(one.status in ASKED for one in mine):
            yield f"{name}: {tally.of(SENT)} surveys counted as sent, the records say otherwise"
        if dict(tally.not_sent) != Counter(one.reason for one in mine if one.reason):
            yield f"{name}: the reasons counted are not those recorded"


def _was_asked(record: SurveyRecord | None) -> bool:
    return record is not None and record.status in (*ASKED, SurveyStatus.UNKNOWN)
