"""Say who asked for what, and what each of them must come to hear; the same people at every run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain import orders
from chalicelib.domain.catalogue import Catalogue, EvidenceRule
from chalicelib.domain.intake import ReporterDraft
from chalicelib.domain.opening import Identity, open_request, private_texts
from chalicelib.domain.people import Actor, Channel, Role
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.domain.requests import Act, ServiceRequest
from chalicelib.domain.surveys import Done
from chalicelib.domain.terms import Term, TermUnit
from tests.builders import a_catalogue, a_draft, ordered

T = TypeVar("T")
SLICES = 5
SAMPLED_PERCENT = 40
REFUSED = "+555199"
"""How the numbers begin to which the provider never delivers."""
_SEED = 156
_NEWEST = 40


class Reach(StrEnum):
    """By what a citizen can be reached."""

    MOBILE = "mobile"
    EMAIL = "email"
    BOTH = "both"
    LANDLINE = "landline"
    REFUSED = "refused"
    NOTHING = "nothing"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, kw_only=True)
class Citizen:
    """Somebody who reports things; `opted_out` says that he wants no surveys."""

    number: int
    reach: Reach
    opted_out: bool = False

    @cached_property
    def points(self) -> dict[str, str]:
        """Give his contact points in their normal form."""
        phones = {
            Reach.MOBILE: f"+55519{10_000_000 + self.number:08d}",
            Reach.BOTH: f"+55519{10_000_000 + self.number:08d}",
            Reach.LANDLINE: f"+5551{30_000_000 + self.number:08d}",
            Reach.REFUSED: f"{REFUSED}{self.number:07d}",
        }
        email = f"citizen-{self.number}@example.org" if self.reach in (Reach.EMAIL, Reach.BOTH) else ""
        found = {"phone": phones.get(self.reach, ""), "email": email}
        return {kind: point for kind, point in found.items() if point}

    @property
    def keys(self) -> tuple[str, ...]:
        """Give the keys of his contact points; who left only a CPF has one too."""
        if self.reach is Reach.ANONYMOUS:
            return ()
        return tuple(f"{self.number:024x}{kind:>8}".replace(" ", "0") for kind in self.points or ("cpf",))

    @property
    def is_written_to(self) -> bool:
        """Tell whether a message reaches him."""
        return self.reach in (Reach.MOBILE, Reach.EMAIL, Reach.BOTH)

    @property
    def is_called(self) -> bool:
        """Tell whether people must tell him what must arrive."""
        return self.reach in (Reach.LANDLINE, Reach.REFUSED, Reach.NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request: when of the day it is resolved, and what its citizen does then.

    `contests` says that he contests the resolution before he could be asked about it; `answer` is what he
    would answer.
    """

    protocol: Protocol
    citizen: Citizen
    service: str
    channel: Channel
    part: int
    contests: bool = False
    answer: Done | None = None


def day_after(today: date) -> date:
    """Choose the day on which everything is resolved: a Tuesday soon after today."""
    return today + timedelta(days=(1 - today.weekday()) % 7 or 7)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """Tell when it is that time in the city."""
    return datetime.combine(day, time(hour, minute), ZoneInfo("America/Sao_Paulo")).astimezone(UTC)


def a_city() -> Catalogue:
    """Give a city of three secretariats and four services; of one of them few resolutions are asked about."""
    small = a_catalogue()
    noise, cleaning = small.services["noise"], small.secretariats["DMLU"]
    lighting = replace(
        noise,
        code="lighting",
        secretariat="DMLU",
        confidential=False,
        survey_percent=SAMPLED_PERCENT,
        term=Term(amount=15, unit=TermUnit.WORKING_DAYS),
    )
    paving = replace(lighting, code="paving", secretariat="SMSURB", survey_percent=100)
    dumping = replace(small.services["dumping"], evidence=EvidenceRule.REASON_CODE)
    works = replace(cleaning, code="SMSURB", units=())
    return replace(
        small,
        secretariats={**small.secretariats, works.code: works},
        services={**small.services, **{one.code: one for one in (dumping, lighting, paving)}},
    )


def cast_of(requests: int, day: date) -> list[Case]:
    """Give that many requests of all sorts of people; every fifth is of somebody who has asked before."""
    chance = random.Random(_SEED)  # noqa: S311 - the same people at every run
    opened, cases = day - timedelta(days=1), list[Case]()
    known: list[Citizen] = []
    for number in range(requests):
        citizen = _somebody(chance, number, known)
        part = number * SLICES // requests
        channel = _one_of(chance, _CHANNELS)
        may_contest = bool(citizen.keys) and (part < SLICES - 1 or channel not in _ASKED_SOON)
        cases.append(
            Case(
                protocol=compose_protocol(opened, number),
                citizen=citizen,
                service=_one_of(chance, _SERVICES),
                channel=channel,
                part=part,
                contests=may_contest and chance.random() < _CONTEST,
                answer=_one_of(chance, _ANSWERS),
            )
        )
    return cases


def taken_up(case: Case, day: date, catalogue: Catalogue) -> ServiceRequest:
    """Open a request on the day before, and let its secretariat accept it."""
    opened_at = local(day - timedelta(days=1), 10)
    points = case.citizen.points
    reporter = ReporterDraft(name=f"Cidadã {case.citizen.number}", **points)
    draft = a_draft(case.service, channel=case.channel, reporter=reporter)
    texts = private_texts(draft, catalogue.services[case.service], points)
    act = Act(
        by=Actor(role=Role.CHANNEL, name="portal"),
        at=opened_at,
        channel=case.channel,
        texts=texts,
        seed=case.protocol.encode().ljust(16, b"0")[:16],
    )
    keys = case.citizen.keys
    identity = Identity(person_key=keys[0] if keys else None, contact_keys=keys)
    request = open_request(case.protocol, draft, case.channel, identity, catalogue, act)
    return ordered(request, orders.Accept(), catalogue)


def _one_of(chance: random.Random, weighted: Sequence[tuple[T, int]]) -> T:
    values, weights = zip(*weighted, strict=True)
    chosen: T = chance.choices(values, weights)[0]
    return chosen


def _somebody(chance: random.Random, number: int, known: list[Citizen]) -> Citizen:
    if known and chance.random() < _ASKS_AGAIN:
        return chance.choice(known[-_NEWEST:])
    reach = _one_of(chance, _REACHES)
    citizen = Citizen(number=number, reach=reach, opted_out=bool(chance.random() < _OPTED_OUT))
    if citizen.keys:
        known.append(citizen)
    return citizen


_ASKS_AGAIN, _OPTED_OUT, _CONTEST = 0.2, 0.04, 0.03
_ASKED_SOON = (Channel.SMS, Channel.WHATSAPP, Channel.CHAT)
_REACHES = (
    (Reach.MOBILE, 45), (Reach.EMAIL, 20), (Reach.BOTH, 22), (Reach.LANDLINE, 4), (Reach.REFUSED, 2),
    (Reach.NOTHING, 3), (Reach.ANONYMOUS, 4),
)  # fmt: skip
_CHANNELS = (
    (Channel.PHONE, 40), (Channel.WEB, 20), (Channel.WHATSAPP, 15), (Channel.APP, 10), (Channel.SMS, 5),
    (Channel.EMAIL, 5), (Channel.COUNTER, 5),
)  # fmt: skip
_SERVICES = (("dumping", 40), ("lighting", 25), ("paving", 20), ("noise", 15))
_ANSWERS: Sequence[tuple[Done | None, int]] = ((None, 70), (Done.YES, 25), (Done.PARTLY, 3), (Done.NO, 2))
