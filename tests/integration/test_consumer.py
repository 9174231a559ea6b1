"""Run the reference consumer against the application's own HTTP routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring_delivery
from chalicelib.domain import orders
from infra.consume import Board, _accept
from infra.consumer import Consumer, Event, Memory, Refused, Unreachable, forever
from tests.delivery_desk import DeliveryDesk
from tests.fakes import NOW
from tests.http import Centre
from tests.in_process import InProcess


def _given(service: Any) -> Any:
    return service


@dataclass(slots=True)
class Workshop:
    """A secretariat's consumer, what it handled and what it cannot handle."""

    desk: DeliveryDesk
    api: InProcess
    path: Path
    handled: list[tuple[str, int]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    breaks_on: set[tuple[str, int]] = field(default_factory=set)

    def consumer(self) -> Consumer:
        """Start it anew, with what an earlier run has left on disk."""
        return Consumer(
            centre=self.api,
            secretariat="DMLU",
            memory=Memory.open(self.path, NOW),
            handle=self.handle,
            failed=lambda event, error: self.failures.append(event["id"]),
        )

    def handle(self, event: Event) -> None:
        name = (event["subject"], event["data"]["seq"])
        if name in self.breaks_on:
            raise ValueError("cannot be handled")
        self.handled.append(name)


@pytest.fixture
def workshop(centre: Centre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workshop:
    desk = DeliveryDesk(clock=centre.clock, requests=centre.requests)
    for name in ("consumption", "changes"):
        monkeypatch.setattr(wiring_delivery, name, partial(_given, getattr(desk, name)))
    api = InProcess(base_url="", key="DMLU", centre=centre)
    return Workshop(desk, api, tmp_path / "consumer-dmlu.json")


def test_each_decision_is_handled_once_whether_the_feed_or_the_queue_brings_it(workshop: Workshop) -> None:
    request = workshop.desk.delivered()
    consumer = workshop.consumer()
    consumer.step(wait_seconds=0)
    workshop.desk.relays(workshop.desk.decides(request, orders.Accept()), request)
    consumer.step(wait_seconds=0)
    assert workshop.handled == [(request.protocol, 1), (request.protocol, 2)]
    assert workshop.desk.drain("DMLU") == []


def test_a_consumer_that_was_away_for_two_days_catches_up_from_what_it_remembers(workshop: Workshop) -> None:
    desk = workshop.desk
    workshop.consumer().step(wait_seconds=0)
    opened = []
    for _ in range(48):
        desk.clock.advance(hours=1)
        opened.append((desk.delivered().protocol, 1))
    desk.drain("DMLU")
    workshop.consumer().step(wait_seconds=0)
    assert sorted(workshop.handled) == sorted(opened)


def test_a_restarted_consumer_handles_nothing_again(workshop: Workshop) -> None:
    request = workshop.desk.delivered()
    workshop.consumer().step(wait_seconds=0)
    workshop.consumer().step(wait_seconds=0)
    assert workshop.handled == [(request.protocol, 1)]


def test_what_cannot_be_handled_is_given_back_and_its_successors_wait(workshop: Workshop) -> None:
    desk = workshop.desk
    consumer = workshop.consumer()
    consumer.read_feed()
    request, other = desk.delivered(), desk.delivered()
    desk.relays(desk.decides(request, orders.Accept()), request)
    workshop.breaks_on.add((request.protocol, 1))
    consumer.read_queue(0)
    assert workshop.handled == [(other.protocol, 1)]
    workshop.breaks_on.clear()
    assert consumer.read_queue(0) == 0
    desk.clock.advance(seconds=60)
    consumer.read_queue(0)
    assert workshop.handled[1:] == [(request.protocol, 1), (request.protocol, 2)]
    assert workshop.failures == [f"{request.protocol}#1"]


def test_a_feed_with_something_that_cannot_be_handled_is_read_again(workshop: Workshop) -> None:
    request = workshop.desk.delivered()
    workshop.desk.drain("DMLU")
    workshop.breaks_on.add((request.protocol, 1))
    workshop.consumer().step(wait_seconds=0)
    workshop.breaks_on.clear()
    workshop.consumer().step(wait_seconds=0)
    assert workshop.handled == [(request.protocol, 1)]


def test_an_acknowledgement_that_comes_too_late_is_no_reason_to_stop(workshop: Workshop) -> None:
    consumer = workshop.consumer()
    consumer.read_feed()
    request = workshop.desk.delivered()

    def slowly(event: Event) -> None:
        workshop.handle(event)
        workshop.desk.clock.advance(minutes=6)

    consumer.handle = slowly
    consumer.read_queue(0)
    consumer.read_queue(0)
    assert workshop.handled == [(request.protocol, 1)]
    assert workshop.desk.drain("DMLU") == []


def test_what_was_handled_before_the_api_went_away_is_not_handled_again(workshop: Workshop) -> None:
    consumer = workshop.consumer()
    consumer.read_feed()
    request = workshop.desk.delivered()
    workshop.api.down.add("ack")
    with pytest.raises(Unreachable):
        consumer.read_queue(0)
    workshop.api.down.clear()
    workshop.desk.clock.advance(minutes=6)
    workshop.consumer().read_queue(0)
    assert workshop.handled == [(request.protocol, 1)]
    assert workshop.desk.drain("DMLU") == []


def test_a_wrong_key_stops_the_consumer_with_the_reason(workshop: Workshop, centre: Centre) -> None:
    stranger = InProcess(base_url="", key="SMGOV", centre=centre)
    workshop.api = stranger
    with pytest.raises(Refused, match="403"):
        workshop.consumer().step(wait_seconds=0)


def test_an_api_that_does_not_answer_is_tried_again_ever_later(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def step() -> None:
        if len(pauses) == 7:
            raise KeyboardInterrupt
        raise Unreachable("503")

    with pytest.raises(KeyboardInterrupt):
        forever(step, lambda error, pause: pauses.append(pause))
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_the_view_shows_what_came_and_accepts_what_is_still_queued(workshop: Workshop) -> None:
    board, request = Board("DMLU"), workshop.desk.delivered()
    consumer = workshop.consumer()

    def handle(event: Event) -> None:
        _accept(workshop.api, event, board)
        board.show(event)

    consumer.handle = handle
    consumer.step(wait_seconds=0)
    assert workshop.desk.requests.load(request.protocol).version == 2
    assert board.counts == {"accepted": 1, "messages": 1}
    assert "Descarte irregular" in board.rows[0]
    assert "Centro Histórico" in board.rows[0]
