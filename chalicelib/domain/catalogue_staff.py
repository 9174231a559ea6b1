"""Check a catalogue's people, their posts and rosters, and what it sets about escalation.

A direction whose holder is known and can be reached makes every chain of posts end in somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from chalicelib.domain.catalogue import Catalogue, Secretariat, Urgency, WorkUnit
from chalicelib.domain.catalogue_faults import SLUG, CatalogueFault, code_faults, repeated
from chalicelib.domain.catalogue_services import term_faults
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.recipients import (
    CITY,
    CONTROLLER,
    DEPUTY,
    DIRECTION,
    DUTY_MANAGER,
    FOCAL_POINT,
    HEAD,
    OMBUDSMAN,
    SUPERVISOR,
)
from chalicelib.domain.staff import Assignment, Person

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PHONE = re.compile(r"\+[1-9]\d{7,14}")
"""E.164: the number as it is dialled from anywhere."""
CITY_POSTS = {
    post: post.removeprefix(f"{CITY}/")
    for post in (SUPERVISOR, DIRECTION, OMBUDSMAN, CONTROLLER, DUTY_MANAGER)
}
ORGAN_POSTS = frozenset({FOCAL_POINT, HEAD, DEPUTY})
LEVELS_TO_SET = (EscalationLevel.LEVEL_2, EscalationLevel.LEVEL_3)


def staff_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """Name every fault of people, posts, rosters and escalation rules."""
    for person in catalogue.people.values():
        yield from _person_faults(person)
    yield from _posts_faults(catalogue, "posts", catalogue.posts, set(CITY_POSTS.values()))
    if CITY_POSTS[DIRECTION] not in catalogue.posts:
        yield CatalogueFault(
            path=f"posts.{CITY_POSTS[DIRECTION]}", reason="is missing: every chain of posts ends there"
        )
    yield from _duty_faults(catalogue)
    for organ in catalogue.secretariats.values():
        yield from _organ_faults(catalogue, organ)
    yield from _escalation_faults(catalogue)


def _person_faults(person: Person) -> Iterator[CatalogueFault]:
    path = f"people.{person.code}"
    yield from code_faults(path, person.code, SLUG)
    if not person.name.strip():
        yield CatalogueFault(path=f"{path}.name", reason="is empty")
    if not person.email and not person.phone:
        yield CatalogueFault(path=path, reason="has neither e-mail nor phone")
    if person.email and not EMAIL.fullmatch(person.email):
        yield CatalogueFault(path=f"{path}.email", reason="is not an e-mail address")
    if person.phone and not PHONE.fullmatch(person.phone):
        yield CatalogueFault(path=f"{path}.phone", reason="is not a number of the form +5551…")
    for absence in person.absences:
        if absence.last_day < absence.first_day:
            reason = f"ends on {absence.last_day}, before its first day, {absence.first_day}"
            yield CatalogueFault(path=f"{path}.absences", reason=reason)


def _organ_faults(catalogue: Catalogue, organ: Secretariat) -> Iterator[CatalogueFault]:
    path = f"secretariats.{organ.code}"
    if organ.code == CITY:
        yield CatalogueFault(path=path, reason=f"{CITY} stands for the city's own posts")
    yield from _posts_faults(catalogue, f"{path}.posts", organ.posts, ORGAN_POSTS)
    yield from _roster_faults(catalogue, f"{path}.on_call", organ.on_call)
    for unit in organ.units:
        yield from _unit_faults(catalogue, f"{path}.units.{unit.code}", unit)


def _unit_faults(catalogue: Catalogue, path: str, unit: WorkUnit) -> Iterator[CatalogueFault]:
    if unit.head is not None:
        yield from _assignment_faults(catalogue, f"{path}.head", unit.head)
    yield from _roster_faults(catalogue, f"{path}.on_call", unit.on_call)


def _posts_faults(
    catalogue: Catalogue, path: str, posts: Mapping[str, Assignment], known: Set[str]
) -> Iterator[CatalogueFault]:
    for post, assignment in posts.items():
        if post not in known:
            reason = f"is no post; there is {', '.join(sorted(known))}"
            yield CatalogueFault(path=f"{path}.{post}", reason=reason)
        yield from _assignment_faults(catalogue, f"{path}.{post}", assignment)


def _assignment_faults(catalogue: Catalogue, path: str, assignment: Assignment) -> Iterator[CatalogueFault]:
    for role, code in (("holder", assignment.holder), ("substitute", assignment.substitute)):
        if code is not None and code not in catalogue.people:
            yield CatalogueFault(path=f"{path}.{role}", reason=f"person {code} is unknown")
    if assignment.substitute == assignment.holder:
        yield CatalogueFault(path=f"{path}.substitute", reason=f"{assignment.holder} holds the post already")


def _roster_faults(catalogue: Catalogue, path: str, roster: tuple[str, ...]) -> Iterator[CatalogueFault]:
    for code in repeated(roster):
        yield CatalogueFault(path=path, reason=f"{code} appears more than once")
    for code in dict.fromkeys(roster):
        yield from _phone_faults(catalogue, path, code)


def _duty_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    """Whoever is called last for an emergency exists and has a phone."""
    if not _has_emergencies(catalogue):
        return
    path = f"posts.{CITY_POSTS[DUTY_MANAGER]}"
    manager = catalogue.posts.get(CITY_POSTS[DUTY_MANAGER])
    if manager is None:
        yield CatalogueFault(path=path, reason="is missing, and there are emergencies")
        return
    for code in dict.fromkeys((manager.holder, manager.substitute or manager.holder)):
        if code in catalogue.people:
            yield from _phone_faults(catalogue, path, code)


def _phone_faults(catalogue: Catalogue, path: str, code: str) -> Iterator[CatalogueFault]:
    person = catalogue.people.get(code)
    if person is None:
        yield CatalogueFault(path=path, reason=f"person {code} is unknown")
    elif not person.phone:
        yield CatalogueFault(path=path, reason=f"{code} has no phone to be called on")


def _has_emergencies(catalogue: Catalogue) -> bool:
    return any(
        Urgency.EMERGENCY in (service.urgency, *(question.urgency for question in service.screening))
        for service in catalogue.services.values()
    )


def _escalation_faults(catalogue: Catalogue) -> Iterator[CatalogueFault]:
    rules = catalogue.escalation
    if len(rules.default) > len(LEVELS_TO_SET):
        yield CatalogueFault(path="escalation.default", reason="sets more than level_2 and level_3")
    for number, term in enumerate(rules.default):
        yield from term_faults(f"escalation.default.{number}", term)
    for code, terms in rules.services.items():
        path = f"escalation.services.{code}"
        if code not in catalogue.services:
            yield CatalogueFault(path=path, reason=f"service {code} is unknown")
        for level, term in terms.items():
            if level not in LEVELS_TO_SET:
                yield CatalogueFault(path=f"{path}.{level}", reason="only level_2 and level_3 can be set")
            yield from term_faults(f"{path}.{level}", term)
