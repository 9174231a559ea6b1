"""Evidence: what a secretariat must show when it says that the work is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain import orders
from chalicelib.domain.errors import (
    EvidenceRequired,
)
from chalicelib.domain.outcomes import ResolutionReason, SignedTeamRecord
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    NORTH,
    PHOTO,
    a_draft,
    a_request,
    carry_out,
    refused,
    with_services,
)


def in_progress(**opening: Any) -> ServiceRequest:
    return a_request(Status.IN_PROGRESS, **opening)


def a_record(**changes: Any) -> SignedTeamRecord:
    facts = {"team": "Equipe 12", "at": a_request().updated_at, "lat": NORTH.lat, "lon": NORTH.lon}
    return SignedTeamRecord(**{**facts, **changes})


@pytest.mark.parametrize(
    "evidence", [{"photos": (PHOTO,)}, {"team_record": a_record()}], ids=["photo", "team record"]
)
def test_work_at_a_place_is_resolved_with_a_photo_or_a_team_record(evidence: Mapping[str, Any]) -> None:
    resolved = carry_out(in_progress(), orders.Resolve(answer="Recolhido", **evidence))

    assert resolved.state.status is Status.RESOLVED
    assert resolved.state.resolution
    assert resolved.state.resolution.photos == evidence.get("photos", ())
    given, kept = evidence.get("team_record"), resolved.state.resolution.team_record
    assert (kept is None) is (given is None)
    assert resolved.latest_text("team") == (given.team if given else None)


def test_the_photo_that_the_citizen_sent_does_not_show_that_the_work_is_done() -> None:
    asked = in_progress(draft=a_draft(photos=("before.jpg",)))
    answer = orders.Resolve(answer="Recolhido", photos=("after.jpg", "before.jpg"))

    assert refused(asked, answer) == [("photos.1", "already_quoted")]


@pytest.mark.parametrize("reason", list(ResolutionReason))
def test_work_at_a_place_is_not_resolved_by_a_reason_code_alone(reason: ResolutionReason) -> None:
    with pytest.raises(EvidenceRequired):
        carry_out(in_progress(), orders.Resolve(answer="Feito", reason=reason))


def test_a_service_that_left_the_catalogue_still_needs_evidence() -> None:
    from dataclasses import replace

    request = in_progress(draft=a_draft("noise"))
    without = replace(with_services(), services={})

    with pytest.raises(EvidenceRequired):
        carry_out(request, orders.Resolve(answer="Feito"), catalogue=without)


def test_where_nothing_physical_is_done_a_reason_code_is_enough() -> None:
    reason = ResolutionReason.INSPECTED_REGULAR

    resolved = carry_out(in_progress(draft=a_draft("noise")), orders.Resolve(answer="Ok", reason=reason))

    assert resolved.state.resolution
    assert resolved.state.resolution.reason is reason


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"team": " "}, ("team_record.team", "required")),
        ({"team": "x" * 201}, ("team_record.team", "too_long")),
        ({"at": datetime(2026, 3, 2, 18)}, ("team_record.at", "time_zone_missing")),  # noqa: DTZ001
        ({"at": datetime(2026, 3, 9, tzinfo=UTC)}, ("team_record.at", "in_the_future")),
        ({"at": datetime(2026, 3, 1, tzinfo=UTC)}, ("team_record.at", "out_of_range")),
        ({"lat": 91.0}, ("team_record", "not_a_position")),
        ({"lon": float("nan")}, ("team_record", "not_a_position")),
    ],
)
def test_a_team_record_names_a_team_a_time_since_the_opening_and_a_place(
    changes: Mapping[str, Any], fault: tuple[str, str]
) -> None:
    order = orders.Resolve(answer="Feito", team_record=a_record(**changes))

    assert refused(in_progress(), order) == [fault]
