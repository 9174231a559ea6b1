"""A desk from which citizens are asked how satisfied they are, over fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.adapters.templates import SandboxedRenderer
from chalicelib.domain import orders
from chalicelib.domain.attendance import attend
from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.message_templates import MessageTemplates, Wording
from chalicelib.domain.preferences import Preferences
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.surveys import Done, SurveyRecord
from chalicelib.services.access_codes import AccessCodes
from chalicelib.services.acts import Acts
from chalicelib.services.answer_drafts import AnswerDraft
from chalicelib.services.citizen import CitizenActs
from chalicelib.services.citizen_notices import CitizenNotices
from chalicelib.services.ports.notices import SurveyNotice, SurveyStep
from chalicelib.services.sending import Sending
from chalicelib.services.survey_answers import Answered, SurveyAnswers
from chalicelib.services.survey_consequences import SurveyConsequences
from chalicelib.services.survey_sending import SurveySending
from chalicelib.services.surveys import Surveys
from tests.builders import PHOTO, a_catalogue, a_draft, ordered
from tests.escalated import BASE, MARKED, a_told_request
from tests.fake_access import some_links
from tests.fake_callbacks import FakeCallbacks
from tests.fake_surveys import FakeReservations, FakeSurveys
from tests.fakes import (
    FakeAttempts,
    FakeCatalogue,
    FakeClock,
    FakeContacts,
    FakeDeferred,
    FakeMedia,
    FakeRequests,
    FakeSender,
    FakeSendLog,
    SeededRandomness,
    an_identity,
)

LANDLINE = {"phone": "+555133334444"}
RESOLVE = orders.Resolve(answer="Recolhido", photos=(PHOTO,))
_WORDING = Wording(text="{{ service }} {{ link }}", subject="{{ protocol }}")
_KINDS = (MessageKind.SURVEY, MessageKind.SURVEY_REMINDER)
TEMPLATES = MessageTemplates(
    version="t1",
    wordings={kind: {medium: {"pt-BR": _WORDING} for medium in Medium} for kind in _KINDS},
    approved={},
)


@dataclass(slots=True)
class FakeTemplates:
    """The `TemplateSource`."""

    templates: MessageTemplates = TEMPLATES

    def current(self) -> MessageTemplates:
        return self.templates


@dataclass(slots=True)
class FakePreferences:
    """The `PreferenceStore`: one choice for everybody."""

    chosen: Preferences = field(default_factory=Preferences)

    def of(self, contact_keys: Sequence[str]) -> Preferences:
        return self.chosen

    def keep(self, contact_keys: Sequence[str], chosen: Preferences) -> None:
        self.chosen = chosen


@dataclass(slots=True)
class SurveyDesk:
    """Everything that surveys need, to look at and to break."""

    city: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(a_catalogue()))
    requests: FakeRequests = field(default_factory=FakeRequests)
    store: FakeSurveys = field(default_factory=FakeSurveys)
    reservations: FakeReservations = field(default_factory=FakeReservations)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    callbacks: FakeCallbacks = field(default_factory=FakeCallbacks)
    sends: FakeSendLog = field(default_factory=FakeSendLog)
    deferred: FakeDeferred = field(default_factory=FakeDeferred)
    sms: FakeSender = field(default_factory=FakeSender)
    email: FakeSender = field(default_factory=FakeSender)
    clock: FakeClock = field(default_factory=FakeClock)
    randomness: SeededRandomness = field(default_factory=SeededRandomness)

    @property
    def acts(self) -> Acts:
        return Acts(
            requests=self.requests,
            catalogue=self.city,
            identity=an_identity(),
            media=FakeMedia(),
            clock=self.clock,
            randomness=self.randomness,
        )

    @property
    def surveys(self) -> Surveys:
        notices = CitizenNotices(
            sending=Sending(senders={Medium.SMS: self.sms, Medium.EMAIL: self.email}, sends=self.sends),
            templates=FakeTemplates(),
            renderer=SandboxedRenderer(),
            links=some_links(),
            identity=an_identity(),
            preferences=self.preferences,
            contacts=FakeContacts(),
            callbacks=self.callbacks,
            catalogue=self.city,
            clock=self.clock,
            base_url=BASE,
        )
        return Surveys(
            requests=self.requests,
            store=self.store,
            reservations=self.reservations,
            preferences=self.preferences,
            sending=SurveySending(notices=notices),
            deferred=self.deferred,
            catalogue=self.city,
            clock=self.clock,
        )

    @property
    def consequences(self) -> SurveyConsequences:
        return SurveyConsequences(store=self.store, acts=self.acts)

    @property
    def answers(self) -> SurveyAnswers:
        codes = AccessCodes(identity=an_identity(), attempts=FakeAttempts(self.clock))
        return SurveyAnswers(
            store=self.store,
            citizens=CitizenActs(acts=self.acts, codes=codes, links=some_links()),
            consequences=self.consequences,
            deferred=self.deferred,
        )

    def resolved(self, request: ServiceRequest | None = None) -> ServiceRequest:
        """Keep a request that is resolved, at the moment when its survey has begun."""
        return self.begin(_resolved(request or a_citizens_request()))

    def begin(self, resolved: ServiceRequest) -> ServiceRequest:
        """Put the clock to when the survey is due, begin it, and keep the request."""
        assert resolved.state.resolution is not None
        self.clock.time = max(self.clock.time, resolved.state.resolution.at + timedelta(days=1))
        begun = attend(resolved, self.city.current(), self.clock.time)
        self.requests.add(begun)
        return begun

    def start(self, request: ServiceRequest) -> SurveyRecord | None:
        return self.surveys.start(request.protocol, request.state.generation)

    def asked(self, request: ServiceRequest | None = None) -> ServiceRequest:
        """Keep a resolved request whose citizen was asked."""
        request = self.resolved(request)
        self.start(request)
        return request

    def record(self, request: ServiceRequest, generation: int = 1) -> SurveyRecord:
        found = self.store.find(request.protocol, generation)
        assert found is not None
        return found

    def stored(self, request: ServiceRequest) -> ServiceRequest:
        return self.requests.load(request.protocol)

    def token(self) -> str:
        """Read the token out of the newest message."""
        *_, (_, letter) = (*self.email.sent, *self.sms.sent)
        return letter.text.rpartition("/c/")[2]

    def answer(self, token: str | None = None, **answers: object) -> Answered:
        return self.answers.by_link(token or self.token(), an_answer(**answers))

    def waiting(self, step: SurveyStep) -> list[tuple[datetime, SurveyNotice]]:
        """List the notices of a step that wait for their time."""
        return [
            (at, one)
            for at, one in sorted(self.deferred.waiting, key=lambda waits: waits[0])
            if isinstance(one, SurveyNotice) and one.step is step
        ]

    @property
    def messages(self) -> list[str]:
        return [address for address, _ in (*self.sms.sent, *self.email.sent)]


def a_citizens_request(service: str = "dumping") -> ServiceRequest:
    """Open a request on the web of a citizen who can be reached by telephone and e-mail."""
    return a_told_request(service, MARKED, draft=a_draft(service))


def of_a_landline() -> ServiceRequest:
    """Open a request of a citizen who has nothing but a landline."""
    return a_told_request("dumping", LANDLINE)


def an_answer(**answers: object) -> AnswerDraft:
    """Give the two essential answers, and others."""
    given: dict[str, object] = {"overall": 5, "done": Done.YES, **answers}
    return AnswerDraft(**given)  # type: ignore[arg-type]


def a_survey_token(protocol: Protocol, generation: int, issued_at: datetime) -> str:
    """Sign a link to a survey that nobody has sent."""
    claim = LinkClaim(purpose=LinkPurpose.SURVEY, protocol=protocol, number=generation, issued_at=issued_at)
    return some_links().issue(claim)


def _resolved(request: ServiceRequest) -> ServiceRequest:
    return ordered(ordered(request, orders.Accept()), RESOLVE)
