"""A running centre that asks citizens how satisfied they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring_citizen, wiring_surveys
from chalicelib.domain.citizen_links import LinkPurpose
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.resolutions import resolution_of
from chalicelib.domain.surveys import NotSentReason, SurveyRecord, SurveyStatus, SurveyWay
from chalicelib.services.audits import Audits
from chalicelib.services.survey_answers import SurveyAnswers
from chalicelib.services.survey_consequences import SurveyConsequences
from tests.builders import PHOTO
from tests.citizens import a_link
from tests.fake_surveys import FakeAuditList, FakeSurveys
from tests.fakes import FakeDeferred, an_identity
from tests.http import Answer, Centre


@dataclass(slots=True)
class Surveyed:
    """A centre that asks; its stores are there to look at."""

    centre: Centre
    store: FakeSurveys = field(default_factory=FakeSurveys)
    audits: FakeAuditList = field(default_factory=FakeAuditList)

    def asked(self, status: SurveyStatus = SurveyStatus.SENT, **changes: Any) -> str:
        """Open, resolve and ask about a request; return its protocol."""
        protocol = self.centre.opened()
        self.centre.media.uploaded.add(PHOTO)
        self.centre.order(protocol, "accept", key="DMLU")
        resolve = {"answer": "Feito", "team_record": self.team_record()}
        answer = self.centre.order(protocol, "resolve", resolve, key="DMLU")
        assert answer.status == 200, answer.text
        record = self.record_of(self.request(protocol))
        now = self.centre.clock.now()
        if status is SurveyStatus.SENT:
            record = record.sent(SurveyWay.SMS, now)
        else:
            record = record.not_sent(NotSentReason.FATIGUE)
        self.store.open(record)
        return protocol

    def team_record(self) -> dict[str, Any]:
        at = self.centre.clock.now().isoformat()
        return {"team": "Equipe 7", "at": at, "lat": -30.031, "lon": -51.228}

    def record_of(self, request: ServiceRequest) -> SurveyRecord:
        given = resolution_of(request, 1)
        assert given is not None
        return SurveyRecord(
            protocol=request.protocol,
            generation=1,
            channel=request.state.channel,
            service=given.service,
            secretariat=given.secretariat,
            resolved_at=given.at,
            day=given.at.date(),
            at=given.at,
            status=SurveyStatus.DUE,
        )

    def request(self, protocol: str) -> ServiceRequest:
        return self.centre.requests.load(protocol)  # type: ignore[arg-type]

    def token(self, protocol: str) -> str:
        return a_link(LinkPurpose.SURVEY, protocol, 1)

    def answer(self, protocol: str, body: Any = None, *, key: str = "web", **headers: Any) -> Answer:
        given = body if body is not None else {"overall": 5, "done": "yes"}
        return self.centre.post(f"/v1/surveys/{protocol}/answers", given, key=key, **headers)

    def by_code(self, protocol: str, body: Any = None, **headers: Any) -> Answer:
        code = an_identity().access_code(protocol)  # type: ignore[arg-type]
        return self.answer(protocol, body, x_access_code=code, **headers)

    def surveys(self, protocol: str, key: str = "attendant") -> Answer:
        return self.centre.get(f"/v1/requests/{protocol}/surveys", key=key)


def surveyed_centre(centre: Centre, patch: pytest.MonkeyPatch) -> Surveyed:
    """Let a running centre ask how satisfied citizens are."""
    surveyed = Surveyed(centre)
    citizens = wiring_citizen.citizen_acts()
    answers = SurveyAnswers(
        store=surveyed.store,
        citizens=citizens,
        consequences=SurveyConsequences(store=surveyed.store, acts=citizens.acts),
        deferred=FakeDeferred(),
    )
    patch.setattr(wiring_surveys, "survey_answers", partial(_given, answers))
    patch.setattr(wiring_surveys, "audits", partial(_given, Audits(audits=surveyed.audits)))
    return surveyed


def _given(service: Any) -> Any:
    return service
