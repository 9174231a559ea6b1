"""Check the services of a catalogue: who executes them, by when, and what they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields

from chalicelib.domain.catalogue import (
    Attribute,
    AttributeType,
    Catalogue,
    ScreeningQuestion,
    Service,
    Urgency,
)
from chalicelib.domain.catalogue_faults import (
    KEY,
    SLUG,
    CatalogueFault,
    code_faults,
    keyword_faults,
    name_faults,
    repeated,
)
from chalicelib.domain.terms import Basis, Term, TermUnit

LONGEST_DAYS = 225
"""The city's deadlines lie between 1 and 225 days (Decreto 19.849/2017, as its 156 page quotes it)."""
LONGEST_HOURS = 72
PRIORITIES = range(1, 6)
RADII_M = range(10, 1_001)
PERCENTS = range(101)
EMERGENCY_NUMBER = re.compile(r"[0-9]{3,15}")
LISTS = frozenset({AttributeType.SINGLE_VALUE_LIST, AttributeType.MULTI_VALUE_LIST})
FIELDS = frozenset(field.name for field in fields(Service))


def service_faults(catalogue: Catalogue, service: Service) -> Iterator[CatalogueFault]:
    """Name every fault of a service."""
    path = f"services.{service.code}"
    yield from code_faults(path, service.code, SLUG)
    yield from name_faults(f"{path}.names", service.names)
    if service.description:
        yield from name_faults(f"{path}.description", service.description)
    yield from keyword_faults(f"{path}.keywords", service.keywords)
    yield from _executor_faults(catalogue, service, path)
    yield from term_faults(f"{path}.term", service.term)
    if service.first_action is not None:
        yield from term_faults(f"{path}.first_action", service.first_action)
        yield from _order_faults(service, service.first_action, path)
    for code in repeated(attribute.code for attribute in service.attributes):
        yield CatalogueFault(path=f"{path}.attributes.{code}", reason="appears more than once")
    for attribute in service.attributes:
        yield from _attribute_faults(f"{path}.attributes.{attribute.code}", attribute)
    for code in repeated(question.code for question in service.screening):
        yield CatalogueFault(path=f"{path}.screening.{code}", reason="appears more than once")
    for question in service.screening:
        yield from _screening_faults(f"{path}.screening.{question.code}", question)
    yield from _figure_faults(service, path)


def _executor_faults(catalogue: Catalogue, service: Service, path: str) -> Iterator[CatalogueFault]:
    if service.secretariat is not None and service.secretariat not in catalogue.secretariats:
        yield CatalogueFault(
            path=f"{path}.secretariat", reason=f"secretariat {service.secretariat} is unknown"
        )
    for code in service.alternatives:
        if code not in catalogue.secretariats:
            yield CatalogueFault(path=f"{path}.alternatives", reason=f"secretariat {code} is unknown")
        elif code == service.secretariat:
            yield CatalogueFault(path=f"{path}.alternatives", reason=f"{code} executes the service already")


def term_faults(path: str, term: Term) -> Iterator[CatalogueFault]:
    """Refuse a term outside the city's limits, and a published one without its source."""
    longest = LONGEST_HOURS if term.unit is TermUnit.HOURS else LONGEST_DAYS
    if not 1 <= term.amount <= longest:
        unit = term.unit.value.replace("_", " ")
        yield CatalogueFault(
            path=f"{path}.amount", reason=f"{term.amount} is not between 1 and {longest} {unit}"
        )
    if term.basis is Basis.PUBLISHED and not term.source.strip():
        yield CatalogueFault(path=f"{path}.source", reason="a published term names where it is published")


def _order_faults(service: Service, first_action: Term, path: str) -> Iterator[CatalogueFault]:
    if first_action.unit is service.term.unit and first_action.amount > service.term.amount:
        yield CatalogueFault(path=f"{path}.first_action", reason="is longer than the term itself")


def _attribute_faults(path: str, attribute: Attribute) -> Iterator[CatalogueFault]:
    yield from code_faults(path, attribute.code, KEY)
    yield from name_faults(f"{path}.names", attribute.names)
    if attribute.type in LISTS and not attribute.choices:
        yield CatalogueFault(path=f"{path}.choices", reason="a list needs choices")
    if attribute.type not in LISTS and attribute.choices:
        yield CatalogueFault(path=f"{path}.choices", reason=f"a {attribute.type.value} has no choices")
    for key in repeated(choice.key for choice in attribute.choices):
        yield CatalogueFault(path=f"{path}.choices.{key}", reason="appears more than once")
    for choice in attribute.choices:
        yield from code_faults(f"{path}.choices.{choice.key}", choice.key, KEY)
        yield from name_faults(f"{path}.choices.{choice.key}", choice.names)


def _screening_faults(path: str, question: ScreeningQuestion) -> Iterator[CatalogueFault]:
    yield from code_faults(path, question.code, KEY)
    yield from name_faults(f"{path}.names", question.names)
    if question.urgency is Urgency.NORMAL:
        yield CatalogueFault(path=f"{path}.urgency", reason="a yes raises the urgency: urgent or emergency")
    for number in question.numbers:
        if not EMERGENCY_NUMBER.fullmatch(number):
            yield CatalogueFault(path=f"{path}.numbers", reason=f"{number!r} is not a number to call")


def _figure_faults(service: Service, path: str) -> Iterator[CatalogueFault]:
    if not service.category.strip():
        yield CatalogueFault(path=f"{path}.category", reason="is empty")
    if service.priority not in PRIORITIES:
        yield CatalogueFault(path=f"{path}.priority", reason=f"{service.priority} is not between 1 and 5")
    if service.nearby_radius_m not in RADII_M:
        yield CatalogueFault(
            path=f"{path}.nearby_radius_m", reason=f"{service.nearby_radius_m} is not between 10 and 1000"
        )
    if service.survey_percent not in PERCENTS:
        yield CatalogueFault(
            path=f"{path}.survey_percent", reason=f"{service.survey_percent} is not between 0 and 100"
        )
    if service.anonymous and service.identification:
        yield CatalogueFault(
            path=f"{path}.anonymous", reason="cannot be allowed while identification is demanded"
        )
    for name in service.proposals:
        if name not in FIELDS:
            yield CatalogueFault(path=f"{path}.proposals", reason=f"a service has no field {name!r}")
