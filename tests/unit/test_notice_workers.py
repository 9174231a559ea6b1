"""Notices in a batch: who fails holds back his own group only, and comes again when the provider says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib import wiring_messages, wiring_timers, workers
from chalicelib.domain.errors import Unavailable
from chalicelib.observability import logger
from chalicelib.services.notices import Notified
from chalicelib.services.ports.notices import DecisionNotice, Notice, NotSent

PROTOCOLS = {"one": "2632715600015", "two": "2632715600031"}


@dataclass
class Desk:
    """Tells people, but for those whose turn raises; holds what is to come later."""

    failing: dict[tuple[str, int], Exception] = field(default_factory=dict)
    told: list[tuple[str, int]] = field(default_factory=list)
    held: list[tuple[str, int]] = field(default_factory=list)
    holds: bool = True

    def notify(self, notice: Notice) -> Notified:
        assert isinstance(notice, DecisionNotice)
        turn = (notice.protocol, notice.seq)
        if turn in self.failing:
            raise self.failing[turn]
        self.told.append(turn)
        return Notified()

    def hold(self, receipt: str, seconds: int) -> None:
        if not self.holds:
            raise Unavailable
        self.held.append((receipt, seconds))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk()
    monkeypatch.setattr(wiring_messages, "notifying", lambda: desk)
    monkeypatch.setattr(wiring_timers, "notices", lambda: desk)
    return desk


def record(citizen: str, seq: int, receives: int = 1, *, group: bool = True) -> dict[str, Any]:
    body = {"protocol": PROTOCOLS[citizen], "seq": seq, "audience": "citizen"}
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {
        "messageId": f"{citizen}-{seq}",
        "receiptHandle": f"receipt-{citizen}-{seq}",
        "body": json.dumps(body),
        "attributes": attributes | ({"MessageGroupId": citizen} if group else {}),
    }


BATCH = [record("one", 1), record("two", 1), record("one", 2), record("two", 2), record("one", 3)]


def failed(answer: dict[str, Any]) -> list[str]:
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_who_comes_after_a_failure_in_the_same_group_waits_and_nobody_else(desk: Desk) -> None:
    desk.failing = {(PROTOCOLS["one"], 2): Unavailable()}

    answer = workers.tell_people(BATCH)

    assert failed(answer) == ["one-2", "one-3"]
    assert desk.told == [(PROTOCOLS["one"], 1), (PROTOCOLS["two"], 1), (PROTOCOLS["two"], 2)]
    assert desk.held == []


def test_without_groups_each_message_fails_alone(desk: Desk) -> None:
    desk.failing = {(PROTOCOLS["one"], 1): Unavailable()}

    answer = workers.tell_people([record("one", seq, group=False) for seq in (1, 2)])

    assert failed(answer) == ["one-1"]


@pytest.mark.parametrize(
    ("wished", "receives", "seconds"),
    [
        (120, 1, 120),
        (1, 1, workers.SHORTEST_WAIT_SECONDS),
        (86_400, 1, workers.LONGEST_WAIT_SECONDS),
        (1, workers.PATIENT_FOR + 1, workers.VISIBILITY_SECONDS),
        (600, 50, 600),
    ],
)
def test_a_provider_says_when_its_messages_come_again(
    desk: Desk, wished: int, receives: int, seconds: int
) -> None:
    desk.failing = {(PROTOCOLS["one"], 1): NotSent(wished)}

    answer = workers.tell_people([record("one", 1, receives), record("one", 2, receives), record("two", 1)])

    assert failed(answer) == ["one-1", "one-2"]
    assert desk.held == [("receipt-one-1", seconds), ("receipt-one-2", seconds)]


@pytest.mark.parametrize("error", [NotSent(), Unavailable(), RuntimeError()])
def test_who_says_nothing_waits_for_the_queues_own_time(desk: Desk, error: Exception) -> None:
    desk.failing = {(PROTOCOLS["one"], 1): error}

    assert failed(workers.tell_people(BATCH)) == ["one-1", "one-2", "one-3"]
    assert desk.held == []


def test_what_cannot_be_held_comes_again_all_the_same(desk: Desk) -> None:
    desk.failing, desk.holds = {(PROTOCOLS["one"], 1): NotSent(60)}, False

    assert failed(workers.tell_people(BATCH)) == ["one-1", "one-2", "one-3"]


def test_the_log_names_a_failure_once_and_quotes_no_message(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged: list[Any] = []
    monkeypatch.setattr(logger, "exception", lambda said, extra: logged.append((said, extra)))
    desk.failing = {(PROTOCOLS["one"], 1): Unavailable()}

    workers.tell_people(BATCH)

    assert logged == [("message failed", {"message_id": "one-1", "receives": 1})]
