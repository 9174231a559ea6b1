"""Serve surveys: answers by channels and attendants, what became of each, and what is to be judged."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring, wiring_surveys
from chalicelib.api.http import Api, Call, only
from chalicelib.api.queries import whole_number
from chalicelib.api.responses import json_response
from chalicelib.api.survey_views import (
    AnsweredView,
    AuditPage,
    SurveyList,
    present_answered,
    present_audit,
    present_survey,
)
from chalicelib.domain.access import CENTRE, Grant
from chalicelib.domain.errors import Fault
from chalicelib.domain.protocols import parse_protocol
from chalicelib.observability import logger
from chalicelib.services.answer_drafts import AnswerDraft

api = Api()
LISTED = 25


@api.route(
    "/v1/surveys/{protocol}/answers",
    methods=["POST"],
    access=only(Grant.CHANNEL, Grant.ATTENDANT),
    body=AnswerDraft,
    answers=AnsweredView,
    commands=True,
)
def answer_survey(call: Call, protocol: str) -> Response:
    """Take a citizen's answers: a channel proves him by `X-Access-Code`, an attendant says how he did."""
    reading, command = call.body(AnswerDraft), call.command()
    answered = wiring_surveys.survey_answers().by_key(
        parse_protocol(protocol),
        reading.value,
        call.caller,
        call.header("x-access-code"),
        command,
        reading.faults,
    )
    facts = {"protocol": answered.record.protocol, "consequence": answered.consequence.value}
    logger.info("survey answered", extra={**facts, "repeated": answered.repeated})
    headers = {"Idempotent-Replay": str(answered.repeated).lower()}
    return json_response(present_answered(answered), status=201, headers=headers)


@api.route("/v1/requests/{protocol}/surveys", access=only(*CENTRE), answers=SurveyList)
def list_surveys(call: Call, protocol: str) -> Response:
    """List the surveys of a request, one per resolution, with the reason where nobody was asked."""
    now = wiring.clock().now()
    found = wiring_surveys.survey_answers().of(parse_protocol(protocol))
    return json_response(SurveyList(items=tuple(present_survey(one, now) for one in found)))


@api.route(
    "/v1/audits",
    access=only(Grant.REVIEWER, Grant.DIRECTION),
    answers=AuditPage,
    query=("limit", "cursor"),
)
def list_audits(call: Call) -> Response:
    """List the resolutions to be judged, drawn or contested, the oldest first; `judge` takes one off."""
    faults: list[Fault] = []
    limit = whole_number(call, "limit", LISTED, faults)
    page = wiring_surveys.audits().waiting(limit=limit, cursor=call.query("cursor"), found=faults)
    catalogue = wiring.catalogue().current()
    items = tuple(present_audit(one, catalogue, call.language) for one in page.items)
    return json_response(AuditPage(items=items, next=page.next))
