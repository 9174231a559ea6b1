"""What a queue of call-backs must do, on the fake, moto and ministack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.callbacks import CALLBACKS, LETTERS, DynamoCallbacks
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.domain.callbacks import Attempt, CallbackTask, CallOutcome, Ending, Way
from chalicelib.domain.errors import InvalidInput, NotFound, Unavailable
from chalicelib.domain.protocols import Protocol, compose_protocol
from chalicelib.services.ports.basics import Page
from chalicelib.services.ports.callbacks import CallbackQueue, TaskChanged
from tests.callback_desk import a_task
from tests.contract.stores import ON_MINISTACK, empty_tables
from tests.fake_callbacks import FakeCallbacks
from tests.fakes import NOW
from tests.faulty_proxy import Fault, FaultyProxy

REAL_ENGINES = ["moto", pytest.param("ministack", marks=ON_MINISTACK)]
FIRST, SECOND, THIRD = (compose_protocol(NOW.date(), number) for number in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Kept:
    """The queue on one engine, and what breaks the calls of a real one."""

    queue: CallbackQueue
    proxy: FaultyProxy | None = None


@pytest.fixture(params=["fake", *REAL_ENGINES])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    if request.param == "fake":
        yield Kept(FakeCallbacks())
        return
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "operations", "contacts"):
        yield Kept(DynamoCallbacks(), proxy)


@pytest.fixture(params=REAL_ENGINES)
def real(request: pytest.FixtureRequest) -> Iterator[Kept]:
    proxy = request.getfixturevalue(request.param)
    with empty_tables(proxy, "operations", "contacts"):
        yield Kept(DynamoCallbacks(), proxy)


def waiting(protocol: Protocol = FIRST, minutes: int = 0) -> CallbackTask:
    task = a_task(protocol, "question", NOW, seq=3)
    return replace(task, not_before=NOW + timedelta(minutes=minutes))


def tried(task: CallbackTask, minutes: int = 150) -> CallbackTask:
    attempt = Attempt(at=NOW, outcome=CallOutcome.BUSY, by="ana", command={"key": "k", "body": "b"})
    return replace(task, attempts=(attempt,), not_before=NOW + timedelta(minutes=minutes))


def followed(page_at: Callable[[str | None], Page[CallbackTask]]) -> list[CallbackTask]:
    found: list[CallbackTask] = []
    cursor: str | None = None
    while True:
        page = page_at(cursor)
        found += page.items
        if (cursor := page.next) is None:
            return found


def lines() -> list[tuple[str, str]]:
    return [(one.subject, one.line) for name in (CALLBACKS, LETTERS) for one in OperationModel.query(name)]


def test_the_longest_waiting_is_due_first_and_what_is_to_come_not_at_all(kept: Kept) -> None:
    tasks = [waiting(FIRST, -10), waiting(SECOND, 0), waiting(THIRD, -20), waiting(FIRST, 1)]
    tasks[3] = replace(tasks[3], task_id=f"{FIRST}-late-4", kind="late")
    for task in tasks:
        kept.queue.add(task)

    read = followed(lambda cursor: kept.queue.due(NOW, limit=2, cursor=cursor))

    assert read == [tasks[2], tasks[0], tasks[1]]


def test_a_task_added_twice_is_there_once_as_it_stands(kept: Kept) -> None:
    kept.queue.add(waiting())
    kept.queue.change(tried(waiting()), seen=waiting())
    kept.queue.add(waiting())

    assert kept.queue.find(waiting().task_id) == tried(waiting())
    assert not kept.queue.due(NOW, limit=5).items


def test_a_task_that_ended_is_not_begun_again(kept: Kept) -> None:
    kept.queue.add(waiting())
    ended = waiting().ended(Ending.REACHED, NOW, "ana")
    kept.queue.change(ended, seen=waiting())
    kept.queue.add(waiting())

    assert not kept.queue.due(NOW, limit=5).items
    assert kept.queue.of(FIRST) == [ended]


def test_a_call_in_vain_moves_the_task_to_its_next_time(kept: Kept) -> None:
    kept.queue.add(waiting())
    kept.queue.change(tried(waiting()), seen=waiting())

    assert not kept.queue.due(NOW, limit=5).items
    assert kept.queue.due(NOW + timedelta(hours=3), limit=5).items == (tried(waiting()),)


@pytest.mark.parametrize("way", [Way.LETTER, Way.COUNTER])
def test_what_goes_by_letter_is_no_longer_among_the_calls(kept: Kept, way: Way) -> None:
    kept.queue.add(waiting())
    letter = replace(waiting(), way=way)
    kept.queue.change(letter, seen=waiting())

    assert not kept.queue.due(NOW, limit=5).items
    assert kept.queue.letters(limit=5).items == (letter,)
    kept.queue.change(letter.ended(Ending.POSTED, NOW, "ana"), seen=letter)
    assert not kept.queue.letters(limit=5).items


def test_letters_are_read_page_by_page(kept: Kept) -> None:
    letters = [replace(waiting(one, -n), way=Way.LETTER) for n, one in enumerate((FIRST, SECOND, THIRD))]
    for letter in letters:
        kept.queue.add(letter)

    assert followed(lambda cursor: kept.queue.letters(limit=2, cursor=cursor)) == letters[::-1]


def test_whoever_saw_an_older_state_changes_nothing(kept: Kept) -> None:
    kept.queue.add(waiting())
    kept.queue.change(tried(waiting()), seen=waiting())

    with pytest.raises(TaskChanged):
        kept.queue.change(waiting().ended(Ending.REACHED, NOW, "bruno"), seen=waiting())

    assert kept.queue.find(waiting().task_id) == tried(waiting())


def test_the_same_change_again_is_harmless(kept: Kept) -> None:
    kept.queue.add(waiting())
    kept.queue.change(tried(waiting()), seen=waiting())
    kept.queue.change(tried(waiting()), seen=waiting())

    assert kept.queue.find(waiting().task_id) == tried(waiting())


def test_a_requests_tasks_are_listed_in_order_of_their_beginning(kept: Kept) -> None:
    question, survey = waiting(), a_task(FIRST, "survey", NOW - timedelta(hours=1), generation=1)
    for task in (question, survey, waiting(SECOND)):
        kept.queue.add(task)

    assert kept.queue.of(FIRST) == [survey, question]
    assert kept.queue.of(THIRD) == []


def test_an_unknown_task_is_not_found(kept: Kept) -> None:
    with pytest.raises(NotFound):
        kept.queue.find(waiting().task_id)


@pytest.mark.parametrize("cursor", ["", "no cursor", "W10"])
def test_a_false_cursor_is_refused(kept: Kept, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        kept.queue.due(NOW, limit=5, cursor=cursor)


def test_a_change_whose_answer_is_lost_has_happened(real: Kept) -> None:
    real.queue.add(waiting())
    assert real.proxy is not None
    real.proxy.fail(Fault.LOST_ANSWER)

    real.queue.change(tried(waiting()), seen=waiting())

    assert real.queue.find(waiting().task_id) == tried(waiting())


def test_a_line_that_its_task_has_left_is_put_right_by_whoever_meets_it(real: Kept) -> None:
    real.queue.add(waiting())
    stale = OperationModel(CALLBACKS, f"{lines()[0][1]}")
    letter = replace(waiting(), way=Way.LETTER)
    real.queue.change(letter, seen=waiting())
    OperationModel(LETTERS, stale.line).delete()
    stale.save()

    assert not real.queue.due(NOW, limit=5).items
    assert real.queue.letters(limit=5).items == (letter,)
    assert lines() == [(LETTERS, stale.line)]


def test_a_line_without_a_task_is_taken_away(real: Kept) -> None:
    OperationModel(CALLBACKS, f"2026-01-01T00:00:00.000000Z#{waiting().task_id}").save()

    assert not real.queue.due(NOW, limit=5).items
    assert not lines()


def test_when_the_table_is_down_it_is_said(real: Kept) -> None:
    assert real.proxy is not None
    for act in (
        lambda: real.queue.add(waiting()),
        lambda: real.queue.due(NOW, limit=5),
        lambda: real.queue.of(FIRST),
    ):
        real.proxy.fail(*[Fault.SERVER_ERROR] * 3)
        with pytest.raises(Unavailable):
            act()
