"""Serve the published catalogue: services, topics, neighbourhoods, secretariats."""

from __future__ import annotations

from datetime import date

from chalice.app import Response

from chalicelib import wiring
from chalicelib.api.catalogue_views import (
    AttributeView,
    ChoiceView,
    NeighbourhoodList,
    NeighbourhoodView,
    ScreeningView,
    SecretariatList,
    SecretariatView,
    ServiceList,
    ServiceView,
    TopicList,
    TopicView,
)
from chalicelib.api.http import PUBLIC, Api, Call
from chalicelib.api.presenters import named, present_term, secretariat_named
from chalicelib.api.responses import json_response
from chalicelib.api.texts import CALL_FIRST, EMERGENCY_NUMBERS
from chalicelib.api.views import NamedView
from chalicelib.domain.catalogue import Attribute, Catalogue, ScreeningQuestion, Service
from chalicelib.domain.errors import NotFound
from chalicelib.domain.opening import calendar_of

api = Api()


@api.route("/v1/services", access=PUBLIC, answers=ServiceList)
def list_services(call: Call) -> Response:
    """List the services that can be requested."""
    catalogue = wiring.catalogue().current()
    today = _today(catalogue)
    items = tuple(_service(one, catalogue, today, call.language) for one in catalogue.services.values())
    return json_response(ServiceList(version=catalogue.version, items=items))


@api.route("/v1/services/{code}", access=PUBLIC, answers=ServiceView)
def show_service(call: Call, code: str) -> Response:
    """Show a service: its questions, its promised term and where that was published."""
    catalogue = wiring.catalogue().current()
    if code not in catalogue.services:
        raise NotFound("service", code)
    return json_response(_service(catalogue.services[code], catalogue, _today(catalogue), call.language))


@api.route("/v1/topics", access=PUBLIC, answers=TopicList)
def list_topics(call: Call) -> Response:
    """List the subjects of information, for contacts that open no request."""
    catalogue = wiring.catalogue().current()
    today = _today(catalogue)
    items = tuple(
        TopicView(
            code=topic.code,
            name=named(topic.names, call.language),
            category=topic.category,
            secretariat=_executor(topic.secretariat, catalogue, today),
            keywords=topic.keywords,
        )
        for topic in catalogue.topics.values()
    )
    return json_response(TopicList(version=catalogue.version, items=items))


@api.route("/v1/neighbourhoods", access=PUBLIC, answers=NeighbourhoodList)
def list_neighbourhoods(call: Call) -> Response:
    """List the neighbourhoods that a place may name, with their regions."""
    catalogue = wiring.catalogue().current()
    items = tuple(
        NeighbourhoodView(
            code=one.code,
            name=one.name,
            region=one.region,
            region_name=catalogue.regions[one.region].name,
            aliases=one.aliases,
        )
        for one in catalogue.neighbourhoods.values()
    )
    return json_response(NeighbourhoodList(version=catalogue.version, items=items))


@api.route("/v1/secretariats", access=PUBLIC, answers=SecretariatList)
def list_secretariats(call: Call) -> Response:
    """List the organs in force and the services that each executes."""
    catalogue = wiring.catalogue().current()
    today = _today(catalogue)
    executed: dict[str, list[str]] = {}
    for service in catalogue.services.values():
        executor = catalogue.executor_of(service.secretariat, today)
        executed.setdefault(executor.code if executor else catalogue.city.centre, []).append(service.code)
    items = tuple(
        SecretariatView(code=s.code, name=s.name, area=s.area, services=tuple(executed.get(s.code, ())))
        for s in catalogue.secretariats.values()
        if s.in_force(today)
    )
    return json_response(SecretariatList(version=catalogue.version, items=items))


def _service(service: Service, catalogue: Catalogue, today: date, language: str) -> ServiceView:
    return ServiceView(
        code=service.code,
        name=named(service.names, language),
        category=service.category,
        kind=service.kind.value,
        urgency=service.urgency.value,
        term=present_term(service.term),
        secretariat=_executor(service.secretariat, catalogue, today),
        description=named(service.description, language) if service.description else "",
        keywords=service.keywords,
        attributes=tuple(_attribute(one, language) for one in service.attributes),
        screening=tuple(_screening(one, language) for one in service.screening),
        identification=tuple(one.value for one in service.identification),
        place=service.place.value,
        evidence=service.evidence.value,
        anonymous=service.anonymous and not service.identification,
        confidential=service.confidential,
        forecast=service.forecast,
        sources=service.sources,
    )


def _today(catalogue: Catalogue) -> date:
    return calendar_of(catalogue).local_day(wiring.clock().now())


def _executor(code: str | None, catalogue: Catalogue, today: date) -> NamedView | None:
    executor = catalogue.executor_of(code, today)
    return secretariat_named(catalogue, executor.code) if executor else None


def _attribute(attribute: Attribute, language: str) -> AttributeView:
    return AttributeView(
        code=attribute.code,
        name=named(attribute.names, language),
        type=attribute.type.value,
        required=attribute.required,
        choices=tuple(ChoiceView(key=c.key, name=named(c.names, language)) for c in attribute.choices),
    )


def _screening(question: ScreeningQuestion, language: str) -> ScreeningView:
    return ScreeningView(
        code=question.code,
        question=named(question.names, language),
        urgency=question.urgency.value,
        numbers=question.numbers,
        call_first=_call_first(question.numbers, language),
    )


def _call_first(numbers: tuple[str, ...], language: str) -> str:
    """Say which numbers to call, and who answers there where that is known."""
    if not numbers:
        return ""
    known = {number: EMERGENCY_NUMBERS.get(number) for number in numbers}
    said = [f"{number} ({named(names, language)})" if names else number for number, names in known.items()]
    return named(CALL_FIRST, language).format(numbers=", ".join(said))
