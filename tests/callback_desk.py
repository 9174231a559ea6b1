"""Compose what is told by people over fakes, and make call-backs about requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from chalicelib.adapters.printing import JinjaPrinter
from chalicelib.domain.access import Principal
from chalicelib.domain.callbacks import CallbackTask, callback_task
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Answers
from chalicelib.services.callback_lists import CallbackLists
from chalicelib.services.callbacks import Callbacks
from chalicelib.services.commands import Command
from chalicelib.services.printing import Printing
from chalicelib.services.spoken_orders import SpokenOrders
from tests.builders import a_catalogue
from tests.fake_access import an_identity, some_links
from tests.fake_callbacks import FakeCallbacks
from tests.fake_surveys import FakeSurveys
from tests.fakes import FakeAudit, FakeCatalogue, FakeClock, FakeRequests, SeededRandomness

BASE_URL = "https://156.example"
TEMPLATES = Path(__file__).parents[1] / "chalicelib" / "web" / "templates"
ATTENDANT = Principal(name="ana", scopes=frozenset({"attendant"}))
COLLEAGUE = Principal(name="bruno", scopes=frozenset({"attendant"}))


@dataclass(slots=True)
class FakeSurveyAnswers:
    """A `SurveyAnswers` that remembers what it was given."""

    taken: list[tuple[Protocol, int, Answers, str]] = field(default_factory=list)

    def __call__(
        self, protocol: Protocol, generation: int, answers: Answers, *, comment: str, **_: Any
    ) -> None:
        self.taken.append((protocol, generation, answers, comment))


@dataclass(slots=True)
class CallbackDesk:
    """An attendant's desk with everything that it needs."""

    clock: FakeClock = field(default_factory=FakeClock)
    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    requests: FakeRequests = field(default_factory=FakeRequests)
    queue: FakeCallbacks = field(default_factory=FakeCallbacks)
    surveys: FakeSurveyAnswers = field(default_factory=FakeSurveyAnswers)
    kept_surveys: FakeSurveys = field(default_factory=FakeSurveys)
    audit: FakeAudit = field(default_factory=FakeAudit)
    randomness: SeededRandomness = field(default_factory=SeededRandomness)

    @property
    def lists(self) -> CallbackLists:
        return CallbackLists(
            queue=self.queue,
            requests=self.requests,
            index=self.requests,
            surveys=self.kept_surveys,
            catalogue=self.catalogue,
            clock=self.clock,
        )

    @property
    def callbacks(self) -> Callbacks:
        spoken = SpokenOrders(
            requests=self.requests, catalogue=self.catalogue, clock=self.clock, randomness=self.randomness
        )
        return Callbacks(
            queue=self.queue,
            requests=self.requests,
            spoken=spoken,
            surveys=self.surveys,
            catalogue=self.catalogue,
            audit=self.audit,
            clock=self.clock,
        )

    @property
    def printing(self) -> Printing:
        return Printing(
            requests=self.requests,
            catalogue=self.catalogue,
            identity=an_identity(),
            links=some_links(),
            printer=JinjaPrinter(templates=TEMPLATES),
            audit=self.audit,
            clock=self.clock,
            base_url=BASE_URL,
        )

    def told(self, request: ServiceRequest, kind: str, **about: int) -> CallbackTask:
        """Keep a request, and let its newest decision be told by people."""
        if request.protocol not in self.requests.items:
            self.requests.add(request)
        task = a_task(request.protocol, kind, self.clock.now(), **(about or {"seq": request.version}))
        self.queue.add(task)
        return task


def a_task(protocol: Protocol, kind: str, now: datetime, **about: Any) -> CallbackTask:
    """Begin a call-back in the small city."""
    return callback_task(protocol, kind, now=now, calendar=calendar_of(a_catalogue()), **about)


def a_command(key: str = "key-1", owner: str = "ana", body: bytes = b"{}") -> Command:
    """Give what makes a call repeatable."""
    return Command(owner=owner, key=key, body=body)
