"""Whoever repeats an intake gets the first result, whatever collides, gets lost or is midnight meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chalicelib.adapters.identity.keys import HmacIdentityKeys
from chalicelib.domain.access import Principal
from chalicelib.domain.errors import IdempotencyKeyReused, Unavailable
from chalicelib.services.commands import Command
from chalicelib.services.intake import AN_HOUR, MOST_COLLISIONS, Intake, Opened
from tests.builders import a_catalogue, a_draft
from tests.fake_calamities import FakePaper
from tests.fakes import FakeCatalogue, FakeClock, FakeRequests, SeededRandomness, an_identity

LATE_EVENING = datetime(2026, 11, 24, 23, 20, tzinfo=ZoneInfo("America/Sao_Paulo"))
OWNERS, KEYS = ("portal", "app"), ("one", "two", "three")
WEB = frozenset({"channel:web"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FewNumbers(HmacIdentityKeys):
    """Keys that hand out hardly more numbers than there are commands, so that protocols collide."""

    def number(self, owner: str, idempotency_key: str, attempt: int) -> int:
        start = OWNERS.index(owner) + KEYS.index(idempotency_key)
        return (start + attempt) % MOST_COLLISIONS


@dataclass(frozen=True, slots=True)
class First:
    """What the first sending under a key opened."""

    protocol: str
    body: bytes
    at: datetime


class Repetitions(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock(LATE_EVENING)
        self.requests = FakeRequests()
        keys = an_identity()
        self.intake = Intake(
            requests=self.requests,
            catalogue=FakeCatalogue(a_catalogue()),
            identity=FewNumbers(pepper=keys.pepper, normalisers=keys.normalisers),
            clock=self.clock,
            randomness=SeededRandomness(),
            paper=FakePaper(),
        )
        self.firsts: dict[tuple[str, str], First] = {}
        self.opened = 0

    @rule(minutes=st.integers(0, 45))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @rule(owner=st.sampled_from(OWNERS), key=st.sampled_from(KEYS), body=st.sampled_from([b"a", b"b"]))
    def send(self, owner: str, key: str, body: bytes) -> None:
        first = self.firsts.get((owner, key))
        if first is None or not self.is_still_known(first):
            self.take(owner, key, body, self.open(owner, key, body))
        elif first.body != body:
            with pytest.raises(IdempotencyKeyReused):
                self.open(owner, key, body)
        else:
            again = self.open(owner, key, body)
            assert (again.request.protocol, again.repeated) == (first.protocol, True)

    @rule(owner=st.sampled_from(OWNERS), key=st.sampled_from(KEYS))
    def send_and_lose_the_answer(self, owner: str, key: str) -> None:
        first = self.firsts.get((owner, key))
        if first is not None and self.is_still_known(first):
            return
        self.requests.loses_answers = 1
        with pytest.raises(Unavailable):
            self.open(owner, key, b"a")
        repeated = self.open(owner, key, b"a")
        assert repeated.repeated
        self.take(owner, key, b"a", repeated)

    @invariant()
    def there_is_one_request_for_each_that_was_opened(self) -> None:
        assert len(self.requests.items) == self.opened

    def take(self, owner: str, key: str, body: bytes, opened: Opened) -> None:
        self.opened += 1
        self.firsts[owner, key] = First(opened.request.protocol, body, self.clock.now())

    def open(self, owner: str, key: str, body: bytes) -> Opened:
        command = Command(owner=owner, key=key, body=body)
        return self.intake.open(a_draft(), Principal(name=owner, scopes=WEB), command)

    def is_still_known(self, first: First) -> bool:
        """A repeat counts for the day, and for an hour beyond midnight at least."""
        now = self.clock.now()
        return now.date() == first.at.date() or (now - AN_HOUR).date() == first.at.date()


TestRepetitions = Repetitions.TestCase
TestRepetitions.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
