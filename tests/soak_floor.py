"""A floor in memory for the line from resolutions to results, with the people of the long run."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.soak.cast import a_city
from bench.soak.providers import Providers
from bench.soak.stage import marked_templates
from chalicelib.domain.errors import LinkUsed
from chalicelib.domain.letters import Letter, Medium
from chalicelib.domain.surveys import Done
from chalicelib.services.access_codes import AccessCodes
from chalicelib.services.acts import Acts
from chalicelib.services.answer_drafts import AnswerDraft
from chalicelib.services.citizen import CitizenActs
from chalicelib.services.ports.delivery import ChangeFollower
from chalicelib.services.ports.notices import NotSent, Queued, SurveyNotice, Undeliverable
from chalicelib.services.survey_answers import SurveyAnswers
from chalicelib.services.survey_consequences import SurveyConsequences
from chalicelib.services.survey_counting import CountedSurveys, SurveyCounting, SurveyProjection
from chalicelib.services.survey_sending import SurveySending
from chalicelib.services.survey_steps import SurveySteps
from chalicelib.services.surveys import Surveys
from tests.fake_access import some_links
from tests.fake_messages import FakeTemplates
from tests.fake_survey_results import FakeSurveyResults
from tests.fake_surveys import FakeReservations, FakeSurveys
from tests.fakes import (
    FakeAttempts,
    FakeCatalogue,
    FakeMedia,
    SeededRandomness,
    an_identity,
)
from tests.sweep_floor import LOOKS_HIDDEN_FOR, Inbox, SweepFloor

OK = 200


class Killed(BaseException):
    """The process is gone: nothing that handles errors runs any more."""


@dataclass(slots=True)
class ToProviders:
    """The `Sender` of a medium, to the simulated providers without a network."""

    medium: Medium
    providers: Providers

    def send(self, address: str, letter: Letter) -> str:
        action = "Publish" if self.medium is Medium.SMS else "SendEmail"
        status, body, headers = self.providers.answer(action, address, letter.text)
        if status == OK:
            return body
        if "OptedOut" in body:
            raise Undeliverable("opted_out")
        raise NotSent(int(headers["Retry-After"]) if headers else None)


@dataclass(slots=True)
class Fuse:
    """Kills the process after so many calls of any port, once for each number."""

    at: list[int]
    calls: int = 0

    def wrap(self, name: str, port: Any) -> Any:
        return _Fused(self, port)

    def burn(self) -> None:
        self.calls += 1
        if self.at and self.calls >= self.at[0]:
            self.at.pop(0)
            raise Killed


@dataclass(slots=True)
class _Fused:
    fuse: Fuse
    port: Any

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            answer = getattr(self.port, method)(*given, **named)
            self.fuse.burn()
            return answer

        return call


class SoakFloor(SweepFloor):
    """A sweep's floor on which citizens are asked as well, and surveys are counted."""

    def __init__(self, fuse: Fuse) -> None:
        super().__init__(catalogue=FakeCatalogue(a_city()), wrap=fuse.wrap)
        self.providers = Providers()
        self.surveys, self.results = FakeSurveys(), FakeSurveyResults()
        self.reservations, self.randomness = FakeReservations(), SeededRandomness()
        self.told_of: Inbox[Queued] = Inbox(self.clock, LOOKS_HIDDEN_FOR)
        self.post.templates = FakeTemplates(marked_templates())
        senders: dict[Medium, Any] = {one: ToProviders(one, self.providers) for one in Medium}
        self.post.sms, self.post.email = senders[Medium.SMS], senders[Medium.EMAIL]
        self.sends = self.post.sends
        self.post.sends = fuse.wrap("sends", self.sends)

    @property
    def followers(self) -> tuple[ChangeFollower, ...]:  # type: ignore[override]
        projection = SurveyProjection(
            results=self.wrap("results", self.results), catalogue=self.catalogue, clock=self.clock
        )
        return (*super().followers, projection)

    @property
    def store(self) -> CountedSurveys:
        return CountedSurveys(
            store=self.wrap("surveys", self.surveys),
            results=self.wrap("results", self.results),
            clock=self.clock,
        )

    @property
    def acts(self) -> Acts:
        return Acts(
            requests=self.requests,
            catalogue=self.catalogue,
            identity=an_identity(),
            media=FakeMedia(),
            clock=self.clock,
            randomness=self.randomness,
        )

    @property
    def steps(self) -> SurveySteps:
        surveys = Surveys(
            requests=self.requests,
            store=self.store,
            reservations=self.wrap("reservations", self.reservations),
            preferences=self.post.preferences,
            sending=SurveySending(notices=self.post.citizens),
            deferred=self.wrap("deferred", self.post.deferred),
            catalogue=self.catalogue,
            clock=self.clock,
        )
        return SurveySteps(surveys=surveys, consequences=SurveyConsequences(store=self.store, acts=self.acts))

    @property
    def counting(self) -> SurveyCounting:
        return SurveyCounting(results=self.wrap("results", self.results), surveys=self.store)

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits or is in hand."""
        return any(one.waiting for one in (self.jobs, self.looks, self.told_of)) or bool(self.requests.stream)

    def tick(self) -> str:
        """Do what the schedule does, count what is marked too, and name the run."""
        run = super().tick()
        self.counting.count_marked(self.clock.now())
        return run

    def work(self) -> bool:
        """Do all that can be done now, each once; False if there was nothing to do."""
        worked = super().work()
        return self.told_of.work(lambda notice, _: self._take(notice)) | self.collect() | worked

    def collect(self) -> bool:
        """Take the notices of every kind, and what else was sent."""
        found = list(self.post.queue.notices)
        self.post.queue.notices.clear()
        for notice in found:
            self.told_of.put(notice)
        return super().collect() or bool(found)

    def _take(self, notice: Queued) -> None:
        if isinstance(notice, SurveyNotice):
            self.steps.take(notice)
        else:
            self.post.notifying.notify(notice)

    def answer(self, token: str, done: Done) -> None:
        codes = AccessCodes(identity=an_identity(), attempts=FakeAttempts(self.clock))
        answers = SurveyAnswers(
            store=self.store,
            citizens=CitizenActs(acts=self.acts, codes=codes, links=some_links()),
            consequences=self.steps.consequences,
            deferred=self.post.deferred,
        )
        with suppress(LinkUsed):  # he had answered before a kill
            answers.by_link(token, AnswerDraft(overall=4, done=done))
