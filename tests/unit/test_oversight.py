from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.errors import InvalidInput, NotFound, Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.services.oversight import MOST_READS, SETTLES_WITHIN, EscalationFilter
from chalicelib.services.ports.timers import Look, Stuck
from tests.delivery_desk import OPERATOR
from tests.fakes import NOW
from tests.oversight_desk import OversightDesk, a_late_line, a_protocol, an_escalation

ALL = EscalationFilter()
DUE_TODAY_EARLIER = NOW - timedelta(hours=2)
END_OF_YESTERDAY = datetime(2026, 11, 24, 2, 59, 59, tzinfo=UTC)
"""One second to midnight of the 23rd in Porto Alegre."""


@pytest.mark.parametrize(
    ("due_at", "days"),
    [(DUE_TODAY_EARLIER, 0), (END_OF_YESTERDAY, 1), (END_OF_YESTERDAY - timedelta(days=40), 41)],
)
def test_lateness_is_counted_in_the_calendar_days_of_the_city(due_at: datetime, days: int) -> None:
    desk = OversightDesk()
    desk.late.put(a_late_line(1, due_at))
    assert [one.days_late for one in desk.oversight.late().items] == [days]


def test_the_longest_late_come_first_page_by_page() -> None:
    desk = OversightDesk()
    for number in (1, 2, 3):
        desk.late.put(a_late_line(number, NOW - timedelta(days=number)))
    first = desk.oversight.late(limit=2)
    rest = desk.oversight.late(limit=2, cursor=first.next)
    assert [one.days_late for one in (*first.items, *rest.items)] == [3, 2, 1]
    assert rest.next is None


def test_a_request_whose_date_was_moved_ahead_is_not_called_late() -> None:
    desk = OversightDesk()
    desk.late.put(a_late_line(1, NOW + timedelta(days=1)))
    assert desk.oversight.late().items == ()


def test_a_service_that_has_become_confidential_disappears_from_the_public_list() -> None:
    desk = OversightDesk()
    desk.late.put(a_late_line(1, NOW - timedelta(days=9)))
    city = desk.catalogue.current()
    hidden = dataclasses.replace(city.services["dumping"], confidential=True)
    desk.catalogue.catalogue = dataclasses.replace(city, services={**city.services, "dumping": hidden})
    assert desk.oversight.late().items == ()


@pytest.mark.parametrize("limit", [0, 101])
def test_a_limit_out_of_range_is_refused(limit: int) -> None:
    oversight = OversightDesk().oversight
    for listed in (oversight.late, oversight.sweeps):
        with pytest.raises(InvalidInput):
            listed(limit=limit)
    with pytest.raises(InvalidInput):
        oversight.escalations(ALL, limit=limit)


def test_escalations_of_the_last_day_are_listed_in_order_unless_another_moment_is_asked() -> None:
    desk = OversightDesk()
    old, recent, new = (an_escalation(1, minutes_ago=minutes) for minutes in (1_441, 1_439, 1))
    desk.log.note([new, old, recent])
    assert desk.oversight.escalations(ALL).items == (recent, new)
    assert desk.oversight.escalations(ALL, since=NOW - timedelta(days=2)).items == (old, recent, new)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (EscalationFilter(levels=frozenset({EscalationLevel.LEVEL_3, EscalationLevel.LEGAL})), 1),
        (EscalationFilter(secretariats=frozenset({"SMGOV"})), 2),
        (EscalationFilter(services=frozenset({"noise"})), 3),
    ],
)
def test_each_filter_lets_only_its_own_through(wanted: EscalationFilter, number: int) -> None:
    desk = OversightDesk()
    desk.log.note([
        an_escalation(1, level=EscalationLevel.LEVEL_3),
        an_escalation(2, secretariat="SMGOV"),
        an_escalation(3, service="noise"),
    ])  # fmt: skip
    assert [line.protocol for line in desk.oversight.escalations(wanted).items] == [a_protocol(number)]


def test_no_escalation_is_missed_or_given_twice_however_few_of_them_are_wanted() -> None:
    desk = OversightDesk()
    minutes = range(300)
    desk.log.note([
        an_escalation(n, minutes_ago=n, secretariat="SMGOV" if n % 7 == 0 else "DMLU") for n in minutes
    ])  # fmt: skip
    wanted, found, cursor, pages = EscalationFilter(secretariats=frozenset({"SMGOV"})), [], None, 0
    while pages == 0 or cursor:
        page = desk.oversight.escalations(wanted, limit=5, cursor=cursor)
        assert len(page.items) <= 5
        found += [line.protocol for line in page.items]
        cursor, pages = page.next, pages + 1
    assert found == [a_protocol(n) for n in reversed(minutes) if n % 7 == 0]


def test_a_call_reads_on_only_so_far_and_says_where_to_continue() -> None:
    desk = OversightDesk()
    desk.log.note([an_escalation(n, minutes_ago=n) for n in range(MOST_READS + 1)])
    wanted = EscalationFilter(services=frozenset({"noise"}))
    page = desk.oversight.escalations(wanted, limit=1)
    assert page.items == ()
    assert page.next is not None
    assert desk.oversight.escalations(wanted, limit=1, cursor=page.next).next is None


def test_a_viewer_goes_on_before_its_reading_began_so_that_it_misses_nothing() -> None:
    desk = OversightDesk()
    desk.log.note([an_escalation(1, minutes_ago=30), an_escalation(2, minutes_ago=29)])
    first = desk.oversight.escalations(ALL, limit=1)
    desk.clock.advance(minutes=20)
    last = desk.oversight.escalations(ALL, limit=1, cursor=first.next)
    assert first.resume_since == last.resume_since == NOW - SETTLES_WITHIN


def test_a_moment_that_the_log_does_not_reach_is_refused() -> None:
    oversight = OversightDesk().oversight
    for since in (NOW - timedelta(days=91), NOW + timedelta(days=1)):
        with pytest.raises(InvalidInput):
            oversight.escalations(ALL, since=since)


def test_a_stuck_request_is_looked_at_again_at_an_operators_word() -> None:
    desk, protocol = OversightDesk(), a_protocol(1)
    desk.stuck.put(Stuck(protocol=protocol, reason="timeline_full", at=NOW))
    desk.oversight.retry(protocol, OPERATOR)
    assert desk.oversight.stuck() == []
    assert desk.looks.looks == [Look(protocol=protocol)]
    (intervention,) = desk.audit.interventions
    assert (intervention.by, intervention.action, intervention.subject) == ("ana", "stuck_retried", protocol)


def test_what_is_not_stuck_is_not_looked_at() -> None:
    desk = OversightDesk()
    with pytest.raises(NotFound):
        desk.oversight.retry(a_protocol(1), OPERATOR)
    assert (desk.looks.looks, desk.audit.interventions) == ([], [])


def test_a_request_that_could_not_be_handed_over_is_left_to_the_next_sweep() -> None:
    desk, protocol = OversightDesk(), a_protocol(1)
    desk.stuck.put(Stuck(protocol=protocol, reason="unreadable", at=NOW))
    desk.looks.is_down = True
    with pytest.raises(Unavailable):
        desk.oversight.retry(protocol, OPERATOR)
    assert desk.oversight.stuck() == []
