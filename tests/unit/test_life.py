"""Any orders in any order at any time: the laws that every request keeps throughout its life."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import orders
from chalicelib.domain.canonical import canonical_json, plain
from chalicelib.domain.casework import decide
from chalicelib.domain.catalogue import Urgency
from chalicelib.domain.errors import DomainError
from chalicelib.domain.people import Channel, Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import EntryType, fold, is_intact
from chalicelib.domain.transitions import Status
from tests.unit.small_city import (
    CATALOGUE,
    MONDAY,
    PHOTO,
    REJECT,
    RESOLVE,
    a_draft,
    act_of,
    by_the_system,
    opened,
)


def _intact(request: ServiceRequest) -> bool:
    return is_intact(request.protocol, request.timeline, request.private)


def _reloaded(request: ServiceRequest) -> ServiceRequest:
    return msgspec.json.decode(msgspec.json.encode(request), type=ServiceRequest)


texts = st.text(min_size=1, max_size=30).filter(str.strip)
services = st.none() | st.sampled_from([*CATALOGUE.services, "gone"])
secretariats = st.none() | st.sampled_from(["WASTE", "WATER", "ROADS", "CENTRE", "PARKS", "LAMPS", "NOBODY"])
answers: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "material": st.sampled_from(["rubble", "tyres"]),
        "hazards": st.lists(st.sampled_from(["glass", "asbestos"]), max_size=2),
        "volume": st.integers(0, 50) | st.floats(0, 50),
        "blocking": st.booleans(),
        "detail": texts,
    },
)


class Life(RuleBasedStateMachine):
    """Anybody orders anything at any time; what is refused changes nothing."""

    @initialize(given_answers=answers, service=st.sampled_from(["dumping", "leak", "other", "noise"]))
    def open(self, given_answers: dict[str, Any], service: str) -> None:
        attributes = {"material": "tyres", **given_answers} if service == "dumping" else {}
        self.now: datetime = MONDAY
        self.request = opened(a_draft(service, attributes=attributes))

    def order(self, order: orders.Order, role: Role) -> None:
        before = canonical_json(self.request)
        try:
            decided = decide(self.request, order, CATALOGUE, act_of(role, self.now, channel=Channel.PHONE))
        except DomainError:
            assert canonical_json(self.request) == before
        else:
            assert decided.timeline[:-1] == self.request.timeline
            self.request = decided

    @rule(minutes=st.integers(0, 4 * 24 * 60))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def accept(self) -> None:
        self.order(orders.Accept(), Role.SECRETARIAT)

    @rule(reason=texts, proposed=secretariats)
    def send_back(self, reason: str, proposed: str | None) -> None:
        self.order(orders.Return(reason=reason, proposed=proposed), Role.SECRETARIAT)

    @rule(unit=st.sampled_from(["waste-north", "waste-south", "night-shift"]))
    def forward(self, unit: str) -> None:
        self.order(orders.Forward(unit=unit), Role.SECRETARIAT)

    @rule(days=st.integers(-1, 400))
    def schedule(self, days: int) -> None:
        self.order(orders.Schedule(visit_at=self.now + timedelta(days=days)), Role.SECRETARIAT)

    @rule(question=texts, answer=texts)
    def ask_and_answer(self, question: str, answer: str) -> None:
        self.order(orders.Ask(question=question), Role.SECRETARIAT)
        self.order(orders.Answer(answer=answer, photos=(PHOTO,)), Role.CITIZEN)

    @rule(party=texts)
    def wait_and_resume(self, party: str) -> None:
        self.order(orders.Wait(party=party), Role.SECRETARIAT)
        self.order(orders.Resume(answer=party, photos=(PHOTO,)), Role.THIRD_PARTY)

    @rule(comment=texts, public=st.booleans(), role=st.sampled_from(Role))
    def comment(self, comment: str, public: bool, role: Role) -> None:
        self.order(orders.Comment(comment=comment, public=public), role)

    @rule(is_done=st.booleans())
    def conclude(self, is_done: bool) -> None:
        resolve = dataclasses.replace(RESOLVE, photos=(f"after-{self.request.version}",))
        self.order(resolve if is_done else REJECT, Role.SECRETARIAT)

    @rule(reason=texts, role=st.sampled_from([Role.CITIZEN, Role.ATTENDANT]))
    def contest(self, reason: str, role: Role) -> None:
        self.order(orders.Contest(reason=reason, identity_check="CPF", photos=(PHOTO,)), role)

    @rule(note=texts)
    def confirm(self, note: str) -> None:
        if self.request.version > 12:
            self.order(orders.Confirm(note=note), Role.CITIZEN)

    @rule(reason=texts)
    def reopen(self, reason: str) -> None:
        self.order(orders.Reopen(reason=reason), Role.REVIEWER)

    @rule(
        reason=texts,
        service=st.none() | st.sampled_from([*CATALOGUE.services, "gone"]),
        given_answers=answers,
    )
    def classify(self, reason: str, service: str | None, given_answers: dict[str, Any]) -> None:
        self.order(orders.Classify(reason=reason, service=service, attributes=given_answers), Role.ATTENDANT)

    @rule(reason=texts, urgency=st.none() | st.sampled_from(Urgency), priority=st.none() | st.integers(0, 6))
    def reprioritise(self, reason: str, urgency: Urgency | None, priority: int | None) -> None:
        role = Role.ATTENDANT if priority is None else Role.DIRECTION
        self.order(orders.Reprioritise(reason=reason, urgency=urgency, priority=priority), role)

    @rule(number=texts)
    def number(self, number: str) -> None:
        self.order(orders.SetExternalNumber(number=number), Role.SECRETARIAT)

    @rule(reason=texts, ends=st.sampled_from(["cancel", "merge"]))
    def end(self, reason: str, ends: str) -> None:
        if self.request.version < 12:
            return
        order = orders.Cancel(reason=reason) if ends == "cancel" else orders.Merge(into="2606176543212")
        self.order(order, Role.ATTENDANT)

    @rule(data=st.data())
    def erase(self, data: st.DataObject) -> None:
        names = data.draw(st.lists(st.sampled_from([*self.request.private, "1.nothing"]), max_size=2))
        self.order(orders.Erase(legal_basis="LGPD art. 18 VI", names=tuple(names)), Role.OMBUDSMAN)

    @rule(days=st.integers(1, 30))
    def redate(self, days: int) -> None:
        due_at = self.request.state.due_at + timedelta(days=days)
        self.request = by_the_system(self.request, EntryType.REDATED, due_at=due_at)
        self.now = max(self.now, self.request.updated_at)

    @invariant()
    def the_fold_is_the_state(self) -> None:
        assert fold(self.request.timeline) == plain(self.request.state)

    @invariant()
    def the_chain_holds(self) -> None:
        assert _intact(self.request)
        assert [entry.seq for entry in self.request.timeline] == [*range(1, self.request.version + 1)]

    @invariant()
    def storing_and_loading_changes_nothing(self) -> None:
        loaded = _reloaded(self.request)
        assert loaded == self.request
        assert _intact(loaded)

    @invariant()
    def time_held_adds_up_to_the_time_since_the_opening(self) -> None:
        state = self.request.state
        since = state.opened_at
        for holding in state.holdings:
            assert holding.since == since
            since = holding.until
        assert state.held_since == since

    @invariant()
    def a_visit_is_announced_only_while_scheduled(self) -> None:
        state = self.request.state
        assert (state.scheduled_for is not None) is (state.status is Status.SCHEDULED)

    @invariant()
    def no_private_text_stands_in_the_timeline(self) -> None:
        recorded = canonical_json([entry.data for entry in self.request.timeline])
        assert "Rua Um" not in recorded
        assert "Entulho" not in recorded


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
