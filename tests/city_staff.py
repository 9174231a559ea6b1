"""Staff the small cities: a function at every post, and a way to send somebody away."""

from __future__ import annotations

import dataclasses
from datetime import date

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.staff import Absence, Assignment, Person


def a_person(code: str) -> Person:
    """Give somebody with a made-up address and number."""
    number = sum(position * ord(letter) for position, letter in enumerate(code, start=1)) % 1_000_000
    return Person(code=code, name=code, email=f"{code}@example.org", phone=f"+555190{number:07}")


CITY_POSTS = {
    "supervisor": Assignment(holder="supervisor", substitute="supervisor-b"),
    "direction": Assignment(holder="direction", substitute="direction-b"),
    "ombudsman": Assignment(holder="ombudsman"),
    "controller": Assignment(holder="controller"),
    "duty_manager": Assignment(holder="duty-manager"),
}
ORGAN_POSTS = {
    "focal_point": Assignment(holder="focal", substitute="focal-b"),
    "head": Assignment(holder="head"),
    "deputy": Assignment(holder="deputy"),
}
ROSTER = ("watch-one", "watch-two")
UNIT_HEAD = Assignment(holder="unit-head")
UNIT_ROSTER = ("unit-watch",)
PEOPLE = {
    code: a_person(code)
    for code in (
        *(one.holder for one in (*CITY_POSTS.values(), *ORGAN_POSTS.values(), UNIT_HEAD)),
        *("supervisor-b", "direction-b", "focal-b"),
        *(*ROSTER, *UNIT_ROSTER),
    )
}


def with_people_away(catalogue: Catalogue, day: date, *codes: str) -> Catalogue:
    """Send people away on `day`."""
    absences = (Absence(first_day=day, last_day=day),)
    away = {code: dataclasses.replace(catalogue.people[code], absences=absences) for code in codes}
    return dataclasses.replace(catalogue, people={**catalogue.people, **away})
