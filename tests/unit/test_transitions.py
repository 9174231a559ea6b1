"""The whole table of a request's life, written down a second time and compared cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from chalicelib.domain import orders
from chalicelib.domain.canonical import canonical_json
from chalicelib.domain.casework import decide
from chalicelib.domain.errors import (
    ActorNotAllowed,
    ExtensionNotAllowed,
    InvalidInput,
    TransitionNotAllowed,
)
from chalicelib.domain.orders import ORDERS
from chalicelib.domain.people import Role
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import LIVE, TRANSITIONS, Command, Status, next_status
from tests.unit.small_city import CATALOGUE, SAMPLES, a_request, act_of

STEPS = """
classify        triage                         → queued | triage     attendant reviewer direction
accept          queued                         → in_progress         secretariat
return          queued in_progress scheduled   → queued | triage     secretariat
schedule        in_progress scheduled          → scheduled           secretariat
ask             in_progress scheduled          → waiting_citizen     secretariat
wait            in_progress scheduled          → waiting_third_party secretariat
resolve         in_progress scheduled          → resolved            secretariat
reject          in_progress scheduled          → rejected            secretariat
question-delivered waiting_citizen             → same                attendant system
result-told     resolved rejected              → same                attendant
answer          waiting_citizen                → in_progress         citizen attendant
miss-visit      scheduled                      → in_progress         system
continue        waiting_citizen                → in_progress         system
archive         waiting_citizen                → archived            system
revive          archived                       → in_progress         citizen attendant
resume          waiting_third_party            → in_progress         third_party system
confirm         resolved                       → closed              citizen attendant
close           resolved rejected              → closed              system
contest         resolved                       → queued | triage     citizen attendant
contest         rejected                       → triage              citizen attendant
reopen          resolved rejected              → queued | triage     attendant reviewer ombudsman
"""
"""The statuses of the life of a request and the ways out of each."""

ANY_TIME = """
forward         sent                           → same                secretariat
comment         all                            → same                secretariat attendant reviewer
comment         all                            → same                ombudsman citizen
reiterate       live                           → same                citizen attendant
cancel          live                           → cancelled           citizen attendant
merge           live                           → duplicate           secretariat attendant
reprioritise    live                           → same                attendant reviewer direction
external-number sent resolved                  → same                secretariat
extend          live                           → same                secretariat ombudsman
justify         live                           → same                secretariat
redate          live                           → same                system
escalate        live                           → same                system
alert           triage queued                  → same                system
remind          waiting_citizen                → same                system
reassure        live                           → same                system
start-survey    resolved closed                → same                system
judge           all                            → same                reviewer
erase           all                            → same                ombudsman
"""
"""What does not move a request through its life, or ends it from wherever it is."""

BEYOND = """
classify        sent                           → queued | triage     attendant reviewer direction
schedule        waiting_third_party            → scheduled           secretariat
ask             waiting_third_party            → waiting_citizen     secretariat
resolve         waiting_third_party            → resolved            secretariat
reject          waiting_third_party triage     → rejected            secretariat attendant reviewer
return          waiting_third_party            → queued | triage     secretariat
resume          waiting_third_party            → in_progress         secretariat
reprioritise    sent                           → queued              attendant reviewer direction
"""
"""Shortcuts: an attendant corrects the service at any time, a secretariat need not resume first, and the
centre refuses what is in triage."""

Cell = tuple[Command, Status]


def _statuses(words: list[str]) -> Iterator[Status]:
    sent = [*["queued", "in_progress", "scheduled", "waiting_citizen", "waiting_third_party"]]
    groups = {"all": [*Status], "sent": sent, "live": ["triage", *sent]}
    yield from (Status(name) for word in words for name in groups.get(word, [word]))


def _read(*tables: str) -> tuple[Mapping[Cell, frozenset[Status]], Mapping[Command, frozenset[Role]]]:
    targets: dict[Cell, frozenset[Status]] = {}
    roles: dict[Command, frozenset[Role]] = {}
    for line in filter(None, "".join(tables).splitlines()):
        left, right = (part.split() for part in line.split("→"))
        command, sources = Command(left[0]), _statuses(left[1:])
        to = [word for word in right if word in {*Status, "same"}]
        for source in sources:
            reached = {source if word == "same" else Status(word) for word in to}
            targets[command, source] = targets.get((command, source), frozenset()) | reached
        by = {Role(word) for word in right if word not in {*to, "|"}}
        roles[command] = roles.get(command, frozenset()) | by
    return targets, roles


TARGETS, ROLES = _read(STEPS, ANY_TIME, BEYOND)


def test_the_table_knows_every_command() -> None:
    assert set(TRANSITIONS) == set(Command) == set(ROLES)


@pytest.mark.parametrize("command", list(Command))
def test_every_cell_of_status_role_and_target_is_as_written(command: Command) -> None:
    for status in Status:
        expected = TARGETS.get((command, status), frozenset())
        for role in Role:
            for target in Status:
                if role not in ROLES[command]:
                    with pytest.raises(ActorNotAllowed):
                        next_status(command, status, role, target)
                elif target not in expected:
                    with pytest.raises(TransitionNotAllowed):
                        next_status(command, status, role, target)
                else:
                    assert next_status(command, status, role, target) is target


@pytest.mark.parametrize("command", list(Command))
def test_a_command_without_a_chosen_target_leads_to_one_of_its_own(command: Command) -> None:
    role = min(ROLES[command])
    for status in Status:
        expected = TARGETS.get((command, status))
        if expected is None:
            with pytest.raises(TransitionNotAllowed):
                next_status(command, status, role)
        else:
            assert next_status(command, status, role) == min(expected)


@pytest.mark.parametrize("command", list(ORDERS))
def test_an_order_moves_a_request_as_the_table_says_and_else_changes_nothing(command: Command) -> None:
    order = SAMPLES[ORDERS[command]]
    for status in Status:
        request = a_request(status)
        before = canonical_json(request)
        assert request.state.status is status
        for role in Role:
            act = act_of(role, request.updated_at)
            if _may_give(command, status, role):
                decided = decide(request, order, CATALOGUE, act)
                assert decided.state.status in TARGETS[command, status]
                assert decided.version == request.version + 1
                assert decided.timeline[-1].type is TRANSITIONS[command].entry
            else:
                with pytest.raises(
                    (ActorNotAllowed, TransitionNotAllowed, ExtensionNotAllowed, InvalidInput)
                ):
                    decide(request, order, CATALOGUE, act)
            assert canonical_json(request) == before


def _may_give(command: Command, status: Status, role: Role) -> bool:
    """Read the tables; the centre refuses in triage only, elsewhere that is for whoever holds the work."""
    if command is Command.REJECT and status is not Status.TRIAGE and role is not Role.SECRETARIAT:
        return False
    if command is Command.JUDGE and status not in (Status.RESOLVED, Status.CLOSED):  # nothing to judge
        return False
    if command is Command.EXTEND and role is Role.OMBUDSMAN:  # a plain request has no term of the law
        return False
    return role in ROLES[command] and (command, status) in TARGETS


def test_every_command_that_people_give_has_exactly_one_order() -> None:
    assert len(ORDERS) == len(SAMPLES) == len({order.COMMAND for order in SAMPLES})
    assert set(ORDERS.values()) == set(SAMPLES)
    assert all(order.COMMAND is command for command, order in ORDERS.items())


def test_timers_and_workers_have_commands_that_no_person_can_give() -> None:
    only_the_system = {command for command, roles in ROLES.items() if roles == {Role.SYSTEM}}

    assert not only_the_system & set(ORDERS)


def test_only_work_in_hand_is_open() -> None:
    closed = {"resolved", "rejected", "duplicate", "closed", "cancelled", "archived"}

    assert {str(status) for status in Status if status not in LIVE} == closed
    assert all(a_request(status).state.is_open is (status in LIVE) for status in Status)


def test_only_talk_erasure_and_what_follows_a_resolution_touch_what_is_closed_for_good() -> None:
    for status in (Status.DUPLICATE, Status.CLOSED, Status.CANCELLED):
        allowed = {command for command, source in TARGETS if source is status}
        more = {Command.START_SURVEY} if status is Status.CLOSED else set()
        assert allowed == {Command.COMMENT, Command.ERASE, Command.JUDGE} | more


def test_every_command_writes_an_entry_of_its_own() -> None:
    entries = [rule.entry for rule in TRANSITIONS.values()]

    assert len(set(entries)) == len(entries)
    assert set(EntryType) - set(entries) == {EntryType.OPENED}


def test_an_order_keeps_the_texts_that_came_with_the_act() -> None:
    act = act_of(Role.ATTENDANT, texts={"identity_check": "RG conferido"})

    decided = decide(a_request(), orders.Comment(comment="Ligou de novo"), CATALOGUE, act)

    assert decided.latest_text("identity_check") == "RG conferido"
    assert decided.latest_text("comment") == "Ligou de novo"
