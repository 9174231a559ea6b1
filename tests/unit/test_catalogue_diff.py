"""The difference between two catalogues is told field by field."""

from __future__ import annotations

import dataclasses

from chalicelib.domain.levels import EscalationRules
from chalicelib.domain.staff import Assignment
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue_diff import Change, diff
from tests.city import a_catalogue
from tests.unit.broken_city import attribute, organ, service

BEFORE = a_catalogue()


def test_equal_catalogues_do_not_differ_whatever_their_version() -> None:
    assert diff(BEFORE, dataclasses.replace(BEFORE, version="another")) == ()


def test_against_nothing_every_entry_is_added() -> None:
    changes = diff(None, BEFORE)

    assert {change.kind for change in changes} == {"added"}
    assert {"city", "services.dumping", "regions.8"} <= {change.path for change in changes}


def test_a_changed_field_is_shown_with_both_values() -> None:
    after = service(term=Term(amount=7, unit=TermUnit.WORKING_DAYS), keywords=("lixo",))(BEFORE)

    assert set(diff(BEFORE, after)) == {
        Change(kind="changed", path="services.dumping.term.amount", before="5", after="7"),
        Change(kind="changed", path="services.dumping.keywords", before="[]", after='["lixo"]'),
    }


def test_a_changed_question_is_found_by_its_code() -> None:
    after = attribute(required=False)(BEFORE)

    assert diff(BEFORE, after) == (
        Change(
            kind="changed", path="services.dumping.attributes.material.required", before="true", after="false"
        ),
    )


def test_questions_and_rules_in_another_order_differ() -> None:
    questions = service(attributes=BEFORE.services["dumping"].attributes[::-1])(BEFORE)
    rules = dataclasses.replace(BEFORE, routing=BEFORE.routing[::-1])

    assert [change.path for change in diff(BEFORE, questions)] == ["services.dumping.attributes (order)"]
    assert [change.path for change in diff(BEFORE, rules)] == ["routing (order)"]


def test_people_posts_and_delays_are_compared_too() -> None:
    moved = dataclasses.replace(
        BEFORE,
        people={**BEFORE.people, "head": dataclasses.replace(BEFORE.people["head"], phone="+5551900000999")},
        posts={**BEFORE.posts, "ombudsman": Assignment(holder="head")},
        escalation=EscalationRules(default=(Term(amount=3, unit=TermUnit.WORKING_DAYS),)),
    )

    assert [change.path for change in diff(BEFORE, moved)] == [
        "people.head.phone",
        "posts.ombudsman.holder",
        "escalation.default",
    ]


def test_added_and_removed_entries_are_named() -> None:
    larger = organ("DMAE")(BEFORE)

    assert diff(BEFORE, larger) == (Change(kind="added", path="secretariats.DMAE"),)
    assert diff(larger, BEFORE) == (Change(kind="removed", path="secretariats.DMAE"),)
