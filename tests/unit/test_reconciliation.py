"""What operators are told a calamity came to."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.attendance import attend
from chalicelib.domain.calamities import Calamity, under
from infra.reconciliation import Reconciliation, reconcile
from tests.builders import OPENED_AT, a_catalogue, a_draft, a_request

FLOOD = Calamity(
    code="cheia",
    act="Decreto 22.647/2024",
    first_day=date(2026, 11, 24),
    last_day=date(2026, 11, 30),
    declared_by="direction",
    declared_at=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
)
CITY = under(a_catalogue(), (FLOOD,), date(2026, 11, 25))


def test_a_reconciliation_tells_what_was_moved_from_what_is_still_to_be() -> None:
    recounted = attend(a_request(), CITY, OPENED_AT + timedelta(hours=1))
    to_come, emergency = a_request(), a_request(draft=a_draft("shelter"))
    on_paper = dataclasses.replace(
        recounted, state=dataclasses.replace(recounted.state, opened_at=OPENED_AT + timedelta(days=1))
    )

    counted = reconcile([recounted, to_come, emergency, on_paper], CITY, FLOOD)

    assert counted == Reconciliation(open=4, moved=2, to_be_moved=1, waiting=0, emergencies=1, on_paper=1)
