"""Answer surveys over HTTP and on their page; read what became of them, and judge resolutions."""

from __future__ import annotations

import pytest

from chalicelib import wiring
from chalicelib.domain.surveys import SurveyStatus
from chalicelib.services.audits import AuditProjection
from chalicelib.services.ports.delivery import Change
from tests.builders import PHONE
from tests.http import Centre
from tests.surveyed import Surveyed, surveyed_centre

COMMENT = "Palavras marcadas do comentário"


@pytest.fixture
def surveyed(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Surveyed:
    return surveyed_centre(centre, monkeypatch)


def test_a_channel_proves_the_citizen_by_his_code(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    answer = surveyed.by_code(protocol, {"overall": 4, "done": "partly", "reasons": ["slow"]})

    assert answer.status == 201, answer.text
    assert answer.json == {
        "protocol": protocol,
        "generation": 1,
        "answered_at": "2026-11-24T14:30:00Z",
        "reopened": False,
        "may_open_linked": False,
    }
    (shown,) = surveyed.surveys(protocol).json["items"]
    assert (shown["status"], shown["via"], shown["way"]) == ("answered", "portal", "sms")
    assert shown["answers"] == {"overall": 4, "done": "partly", "reasons": ["slow"]}


def test_the_protocol_alone_answers_nothing(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    assert surveyed.answer(protocol).status == 403
    assert surveyed.answer(protocol, x_access_code="000000").status == 403
    assert surveyed.centre.post(f"/v1/surveys/{protocol}/answers", {}, key=None).status == 401


def test_an_attendant_says_how_she_made_sure_who_speaks(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    body = {"overall": 2, "done": "yes"}

    assert surveyed.answer(protocol, body, key="attendant").reasons() == {"identity_check": "required"}
    answer = surveyed.answer(protocol, body | {"identity_check": "CPF e nome da mãe"}, key="attendant")

    assert answer.status == 201
    (shown,) = surveyed.surveys(protocol).json["items"]
    assert shown["via"] == "attendant"
    assert "mãe" not in surveyed.surveys(protocol).text


def test_not_done_reopens_the_request(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    answer = surveyed.by_code(protocol, {"overall": 1, "done": "no"})

    assert answer.json["reopened"] is True
    assert surveyed.centre.get(f"/v1/requests/{protocol}").json["status"] == "queued"


def test_every_fault_is_named_and_nothing_is_kept(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()

    answer = surveyed.by_code(protocol, {"overall": 9, "done": "maybe", "quality": 0, "name": "x"})

    assert answer.status == 400
    assert answer.reasons() == {
        "name": "unknown_field",
        "done": "not_in_list",
        "overall": "out_of_range",
        "quality": "out_of_range",
    }
    assert surveyed.by_code(protocol).status == 201


def test_a_repeated_command_answers_the_first_result_and_another_finds_it_used(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    first = surveyed.by_code(protocol, idempotency_key="one")

    again = surveyed.by_code(protocol, idempotency_key="one")

    assert (again.json, again.headers["idempotent-replay"]) == (first.json, "true")
    other = surveyed.by_code(protocol, idempotency_key="two")
    assert (other.status, other.json["type"]) == (410, "urn:central156:problem:link-used")


def test_unknown_and_late_surveys_say_so_in_the_callers_language(surveyed: Surveyed) -> None:
    unsent = surveyed.asked(SurveyStatus.NOT_SENT)
    assert surveyed.by_code(unsent).status == 404
    late = surveyed.asked()
    surveyed.centre.clock.advance(days=15)

    answer = surveyed.by_code(late, accept_language="en")

    assert (answer.status, answer.json["title"]) == (410, "Link expired")


def test_a_comment_is_shown_beside_the_request_only_with_consent(surveyed: Surveyed) -> None:
    silent, open_ = surveyed.asked(), surveyed.asked()
    body = {"overall": 1, "done": "yes", "comment": COMMENT}
    surveyed.by_code(silent, body)
    surveyed.by_code(open_, body | {"allows_contact": True})

    assert COMMENT not in surveyed.surveys(silent).text
    assert COMMENT in surveyed.surveys(open_).text
    assert PHONE not in surveyed.surveys(open_).text


def test_the_centre_reads_why_somebody_was_not_asked(surveyed: Surveyed) -> None:
    protocol = surveyed.asked(SurveyStatus.NOT_SENT)

    (shown,) = surveyed.surveys(protocol).json["items"]

    assert (shown["status"], shown["reason"]) == ("not_sent", "fatigue")
    assert [surveyed.surveys(protocol, key).status for key in ("web", "DMLU", "operator")] == [403] * 3


def test_the_reviewer_judges_what_was_contested(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    surveyed.by_code(protocol, {"overall": 1, "done": "no"})
    projection = AuditProjection(audits=surveyed.audits)
    projection.follow([Change(before=0, request=surveyed.request(protocol))])

    (shown,) = surveyed.centre.get("/v1/audits", key="reviewer").json["items"]
    assert (shown["protocol"], shown["kind"], shown["secretariat"]["code"]) == (protocol, "contested", "DMLU")
    body = {"is_false": True, "note": "Foto de outro lugar"}
    answer = surveyed.centre.order(protocol, "judge", body, key="reviewer")

    assert answer.status == 200, answer.text
    (verdict,) = surveyed.request(protocol).state.verdicts
    assert (verdict.kind, verdict.generation, verdict.is_false) == ("contested", 1, True)
    again = surveyed.centre.order(protocol, "judge", body, key="reviewer")
    assert again.reasons() == {"generation": "not_to_be_judged"}
    projection.follow([Change(before=0, request=surveyed.request(protocol))])
    assert surveyed.centre.get("/v1/audits", key="direction").json == {"items": []}


def test_only_reviewers_judge_and_only_they_and_the_direction_see_the_list(surveyed: Surveyed) -> None:
    protocol = surveyed.asked()
    surveyed.by_code(protocol, {"overall": 1, "done": "no"})

    for key in ("attendant", "DMLU"):
        assert surveyed.centre.order(protocol, "judge", {"is_false": True}, key=key).status == 403
        assert surveyed.centre.get("/v1/audits", key=key).status == 403
    assert surveyed.centre.get("/v1/audits?limit=0", key="reviewer").reasons() == {"limit": "out_of_range"}
    assert wiring.clock() is surveyed.centre.clock
