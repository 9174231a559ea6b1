"""Receipts: what became of an e-mail is noted beside it; a question that arrived stops the clock."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import receipts
from chalicelib import wiring_messages, workers
from chalicelib.domain import orders
from chalicelib.domain.callbacks import Way
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from chalicelib.observability import logger
from chalicelib.services.ports.notices import ProviderReport, Receipt
from chalicelib.services.provider_receipts import ProviderReceipts
from tests.builders import ordered
from tests.citizen_letters import told_request
from tests.escalated import MARKED
from tests.notice_desk import Post

NOON = datetime.fromisoformat("2026-11-24T15:00:00+00:00")
EVENTS = Path(__file__).parents[2] / "events"
BY_EMAIL = {"email": MARKED["email"]}


@pytest.fixture
def post() -> Post:
    post = Post()
    post.clock.time = NOON
    return post


def receipts_of(post: Post) -> ProviderReceipts:
    return ProviderReceipts(
        sends=post.sends,
        requests=post.store,
        callbacks=post.callbacks,
        catalogue=post.city,
        clock=post.clock,
    )


def report(receipt: Receipt = Receipt.DELIVERED, **more: Any) -> ProviderReport:
    return ProviderReport(**{"provider_id": "provider-1", "receipt": receipt, "at": NOON, **more})


def test_what_became_of_an_email_stands_beside_it(post: Post) -> None:
    request = told_request(Status.RESOLVED, contact_points=BY_EMAIL)
    post.notify(request)

    receipts_of(post).take(report())

    (send,) = post.sends.of(request.protocol)
    assert (send.receipt, send.receipt_at) == (Receipt.DELIVERED, NOON)


@pytest.mark.parametrize("reports", [(0, 1), (1, 0), (1, 1, 0)])
def test_a_later_bounce_outweighs_a_delivery_whichever_comes_first(
    post: Post, reports: tuple[int, ...]
) -> None:
    request = told_request(Status.RESOLVED, contact_points=BY_EMAIL)
    post.notify(request)

    for one in reports:
        receipts_of(post).take(report((Receipt.DELIVERED, Receipt.BOUNCED)[one]))

    assert [send.receipt for send in post.sends.of(request.protocol)] == [Receipt.BOUNCED]


def test_a_question_that_has_arrived_stops_the_deadline_once(post: Post) -> None:
    request = told_request(Status.WAITING_CITIZEN, contact_points=BY_EMAIL)
    post.notify(request)

    for _ in range(2):
        receipts_of(post).take(report())

    noted = post.store.load(request.protocol)
    assert [entry.type for entry in noted.timeline[request.version :]] == [EntryType.QUESTION_DELIVERED]
    assert noted.state.paused_since == NOON
    assert noted.timeline[-1].data["means"] == "email"


def test_a_question_that_was_answered_meanwhile_stops_nothing(post: Post) -> None:
    request = told_request(Status.WAITING_CITIZEN, contact_points=BY_EMAIL)
    post.notify(request)
    answered = ordered(request, orders.Answer(answer="Nº 9"))
    post.store.save(answered, seen_version=request.version)

    receipts_of(post).take(report())

    assert post.store.load(request.protocol).version == answered.version


@pytest.mark.parametrize(
    ("status", "receipt", "is_final", "is_called"),
    [
        (Status.RESOLVED, Receipt.BOUNCED, True, True),
        (Status.WAITING_CITIZEN, Receipt.BOUNCED, True, True),
        (Status.RESOLVED, Receipt.BOUNCED, False, False),
        (Status.RESOLVED, Receipt.COMPLAINED, True, False),
        (Status.IN_PROGRESS, Receipt.BOUNCED, True, False),
    ],
)
def test_whoever_must_know_and_got_it_back_is_called(
    post: Post, status: Status, receipt: Receipt, is_final: bool, is_called: bool
) -> None:
    request = told_request(status, contact_points=BY_EMAIL)
    post.notify(request)

    receipts_of(post).take(report(receipt, is_final=is_final))

    assert len(post.callbacks.of(request.protocol)) == is_called


@pytest.mark.parametrize(
    ("more", "way"),
    [
        ({"phone": "+555132893000"}, Way.CALL),
        ({"address": "Rua Marcada, 10"}, Way.LETTER),
        ({}, Way.COUNTER),
    ],
)
def test_whoever_got_an_email_back_is_told_by_what_is_left(
    post: Post, more: dict[str, str], way: Way
) -> None:
    post.notify(told_request(Status.RESOLVED, contact_points={**BY_EMAIL, **more}))

    receipts_of(post).take(report(Receipt.BOUNCED))

    assert [task.way for task in post.callbacks.tasks.values()] == [way]


def test_an_email_that_comes_back_after_an_erasure_lets_nobody_be_called(post: Post) -> None:
    request = told_request(Status.RESOLVED, contact_points=BY_EMAIL)
    post.notify(request)
    erased = ordered(request, orders.Erase(legal_basis="LGPD"))
    post.store.save(erased, seen_version=request.version)

    receipts_of(post).take(report(Receipt.BOUNCED))

    assert post.callbacks.of(request.protocol) == []


def test_what_is_none_of_ours_is_left_alone(post: Post) -> None:
    assert receipts_of(post).take(report(provider_id="another")) is None


@dataclass
class Desk:
    taken: list[ProviderReport] = field(default_factory=list)

    def take(self, report: ProviderReport) -> None:
        self.taken.append(report)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(wiring_messages, "provider_receipts", lambda: desk)
    return desk


def records() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((EVENTS / "receipts_queue.json").read_text())["Records"]
    return found


def test_events_of_the_provider_become_reports(desk: Desk) -> None:
    answer = receipts({"Records": records()}, None)

    assert answer == {"batchItemFailures": []}
    assert desk.taken == [
        report(at=NOON + timedelta(seconds=5)),
        report(Receipt.BOUNCED, provider_id="provider-2", at=NOON + timedelta(seconds=6)),
    ]


def test_an_absence_notice_proves_no_bounce(desk: Desk) -> None:
    _, bounced = records()
    body = json.loads(bounced["body"]) | {"bounce": workers.SOFT_BOUNCE}

    workers.take_receipts([bounced | {"body": json.dumps(body)}])

    assert [one.is_final for one in desk.taken] == [False]


@pytest.mark.parametrize("body", ["", "{}", '{"event": "Sale", "id": "x", "at": "2026-11-24T15:00:05Z"}'])
def test_an_unreadable_event_fails_alone_and_is_not_quoted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    logged: list[Any] = []
    monkeypatch.setattr(logger, "exception", lambda said, extra: logged.append((said, extra)))
    first, second = records()

    answer = workers.take_receipts([first | {"body": body}, second])

    assert answer["batchItemFailures"] == [{"itemIdentifier": first["messageId"]}]
    assert logged == [("message failed", {"message_id": first["messageId"], "receives": 1})]
