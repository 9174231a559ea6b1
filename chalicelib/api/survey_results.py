"""Serve the results of surveys and how many resolutions were false."""

from __future__ import annotations

from chalice.app import Response

from chalicelib import wiring, wiring_surveys
from chalicelib.api.http import PUBLIC, Api, Call
from chalicelib.api.queries import choices, local_day, values
from chalicelib.api.responses import json_response
from chalicelib.api.survey_result_views import ResultsView, present_results
from chalicelib.domain.errors import Fault
from chalicelib.domain.people import Channel
from chalicelib.domain.result_groups import Dimension
from chalicelib.services.survey_results import ResultsQuestion

api = Api()


@api.route(
    "/v1/surveys/results",
    access=PUBLIC,
    answers=ResultsView,
    query=("since", "until", "secretariat", "service", "channel", "group_by"),
)
def show_results(call: Call) -> Response:
    """Show how satisfied citizens are, by any of secretariat, service, channel, month; no small groups."""
    faults: list[Fault] = []
    question = ResultsQuestion(
        since=local_day(call, "since", faults),
        until=local_day(call, "until", faults),
        group_by=choices(call, "group_by", Dimension, faults),
        filters={
            Dimension.SECRETARIAT: values(call, "secretariat"),
            Dimension.SERVICE: values(call, "service"),
            Dimension.CHANNEL: choices(call, "channel", Channel, faults),
        },
    )
    report = wiring_surveys.survey_results().report(question, call.principal, faults)
    return json_response(present_results(report, wiring.catalogue().current(), call.language))
