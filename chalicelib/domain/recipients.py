"""Choose the people whom a delay or an emergency concerns today: never nobody.

A post is written as text: `city/<post>`, `<SECRETARIAT>/<post>`, or `<SECRETARIAT>/<unit>/<post>` where the
post of a unit is its head or its on-call roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.catalogue import Catalogue, Secretariat, WorkUnit
from chalicelib.domain.levels import EscalationLevel
from chalicelib.domain.requests import State
from chalicelib.domain.staff import Assignment
from chalicelib.domain.transitions import Status

CITY = "city"
FOCAL_POINT, HEAD, DEPUTY, ON_CALL = "focal_point", "head", "deputy", "on_call"
SUPERVISOR, DIRECTION, OMBUDSMAN = f"{CITY}/supervisor", f"{CITY}/direction", f"{CITY}/ombudsman"
CONTROLLER, DUTY_MANAGER = f"{CITY}/controller", f"{CITY}/duty_manager"

_LEVELS: Mapping[EscalationLevel, tuple[str, ...]] = {
    EscalationLevel.NOTICE: (FOCAL_POINT,),
    EscalationLevel.ACKNOWLEDGEMENT: (HEAD,),
    EscalationLevel.LEVEL_1: (FOCAL_POINT, HEAD),
    EscalationLevel.LEVEL_2: (DEPUTY,),
    EscalationLevel.LEVEL_3: (DIRECTION,),
    EscalationLevel.LEGAL: (OMBUDSMAN,),
    EscalationLevel.LEGAL_BREACH: (CONTROLLER,),
}
"""Whom each level concerns: posts of the secretariat that has the request, or of the city."""
_NEXT_UP: Mapping[str, str] = {FOCAL_POINT: HEAD, HEAD: DEPUTY}
"""Within a secretariat; above its deputy comes the direction, above its roster the duty manager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The post that is meant, and the code of the person who fills it that day."""

    post: str
    person: str


def recipients(
    level: EscalationLevel, state: State, catalogue: Catalogue, day: date
) -> tuple[Recipient, ...]:
    """List whom `level` is told to; empty only under a catalogue that names no direction."""
    in_triage = state.status is Status.TRIAGE
    posts = posts_of(level, state.secretariat, state.unit, catalogue, day, in_triage=in_triage)
    filled = (fills(post, catalogue, day) for post in posts)
    return tuple(dict.fromkeys(one for one in filled if one is not None))


def posts_of(
    level: EscalationLevel,
    secretariat: str,
    unit_code: str | None,
    catalogue: Catalogue,
    day: date,
    *,
    in_triage: bool,
) -> tuple[str, ...]:
    """Name the posts that `level` concerns while `secretariat` has the request, or triage on its behalf."""
    if level is EscalationLevel.ACKNOWLEDGEMENT and in_triage:
        return (SUPERVISOR,)
    organ = catalogue.executor_of(secretariat, day)
    place = organ.code if organ else secretariat
    if level is EscalationLevel.ACKNOWLEDGEMENT:
        unit = _unit(organ, unit_code)
        place = f"{place}/{unit.code}" if unit is not None and unit.head is not None else place
    return tuple(post if post.startswith(f"{CITY}/") else f"{place}/{post}" for post in _LEVELS[level])


def on_call_chain(state: State, catalogue: Catalogue, day: date) -> tuple[Recipient, ...]:
    """List who is called for an emergency, in order: who is there of the roster, then the duty manager.

    The roster is that of the unit; where it has none, or all of it are away, that of the secretariat.
    """
    last = fills(DUTY_MANAGER, catalogue, day)
    organ = catalogue.executor_of(state.secretariat, day)
    there: tuple[Recipient, ...] = ()
    if organ is not None:
        unit = _unit(organ, state.unit)
        if unit is not None:
            there = _present(f"{organ.code}/{unit.code}/{ON_CALL}", unit.on_call, catalogue, day)
        there = there or _present(f"{organ.code}/{ON_CALL}", organ.on_call, catalogue, day)
    return (*there, last) if last else there


def fills(post: str, catalogue: Catalogue, day: date) -> Recipient | None:
    """Say who fills `post` on `day`: holder, else substitute, else the next post up.

    The direction's holder is told even while away; None only where the catalogue names none.
    """
    person = next(
        (code for code in _candidates(post, catalogue, day) if _is_there(code, catalogue, day)), None
    )
    if person is None:
        direction = catalogue.posts.get(DIRECTION.removeprefix(f"{CITY}/"))
        person = direction.holder if direction and direction.holder in catalogue.people else None
    return Recipient(post=post, person=person) if person is not None else None


def persons_to_tell(posts: Iterable[str], catalogue: Catalogue, day: date) -> Mapping[str, tuple[str, ...]]:
    """Group `posts` by the person who fills each on `day`, so that everybody gets one digest."""
    found: dict[str, list[str]] = {}
    for post in dict.fromkeys(posts):
        if (one := fills(post, catalogue, day)) is not None:
            found.setdefault(one.person, []).append(post)
    return {person: tuple(theirs) for person, theirs in found.items()}


def _candidates(post: str, catalogue: Catalogue, day: date) -> Iterator[str]:
    """Name everybody who may fill a post, the nearest first, up to the direction."""
    place, _, name = post.rpartition("/")
    if place == CITY:
        yield from _pair(catalogue.posts.get(name))
        if post != DIRECTION:
            yield from _candidates(DIRECTION, catalogue, day)
        return
    code, _, unit_code = place.partition("/")
    organ = catalogue.executor_of(code, day)
    unit = _unit(organ, unit_code)
    if unit is not None:
        yield from unit.on_call if name == ON_CALL else _pair(unit.head)
    if unit_code:
        yield from _candidates(f"{code}/{name}", catalogue, day)
        return
    if organ is not None:
        yield from organ.on_call if name == ON_CALL else _pair(organ.posts.get(name))
    yield from _candidates(_above(code, name), catalogue, day)


def _above(secretariat: str, post: str) -> str:
    if post in _NEXT_UP:
        return f"{secretariat}/{_NEXT_UP[post]}"
    return DUTY_MANAGER if post == ON_CALL else DIRECTION


def _pair(assignment: Assignment | None) -> Iterator[str]:
    if assignment is not None:
        yield assignment.holder
        if assignment.substitute is not None:
            yield assignment.substitute


def _present(post: str, roster: tuple[str, ...], catalogue: Catalogue, day: date) -> tuple[Recipient, ...]:
    there = (code for code in dict.fromkeys(roster) if _is_there(code, catalogue, day))
    return tuple(Recipient(post=post, person=code) for code in there)


def _is_there(code: str, catalogue: Catalogue, day: date) -> bool:
    person = catalogue.people.get(code)
    return person is not None and not person.is_away(day)


def _unit(organ: Secretariat | None, code: str | None) -> WorkUnit | None:
    return next((unit for unit in organ.units if unit.code == code), None) if organ else None
