"""Describe a city: who executes what, where, by when, and how requests find their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chalicelib.domain.calendars import CalendarRules
from chalicelib.domain.levels import EscalationRules
from chalicelib.domain.places import Point
from chalicelib.domain.staff import Assignment, Person
from chalicelib.domain.terms import Term


class Kind(StrEnum):
    """The manifestations of Lei 13.460/2017 art. 2 V, and the plain service request."""

    SERVICE_REQUEST = "service_request"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    COMPLIMENT = "compliment"


class Urgency(StrEnum):
    """How fast a request must be met; only an attendant lowers it."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"


class AttributeType(StrEnum):
    """The data types of Open311 GeoReport v2 service definitions, plus a yes/no."""

    STRING = "string"
    TEXT = "text"
    NUMBER = "number"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    SINGLE_VALUE_LIST = "singlevaluelist"
    MULTI_VALUE_LIST = "multivaluelist"


class EvidenceRule(StrEnum):
    """What a secretariat must show when it says that the work is done."""

    PHOTO_OR_TEAM_RECORD = "photo_or_team_record"
    REASON_CODE = "reason_code"


class PlaceRule(StrEnum):
    """Whether a request of the service happens at a place."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class IdentityField(StrEnum):
    """Personal data a service may demand of its reporter."""

    NAME = "name"
    CPF = "cpf"
    PHONE = "phone"
    EMAIL = "email"
    CONTACT = "contact"


Names = Mapping[str, str]
"""A text per BCP 47 language tag; `pt-BR` is always there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a list attribute."""

    key: str
    names: Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One question of a service's form; its answer may decide the routing."""

    code: str
    names: Names
    type: AttributeType
    required: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningQuestion:
    """A question whose yes means danger: it raises the urgency, and the citizen calls `numbers` first."""

    code: str
    names: Names
    urgency: Urgency
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service of the Carta de Serviços that a citizen can request.

    `secretariat` is the acronym of who executes it (an extinct one stands for its successor);
    None means that the centre classifies every request of it by hand, on purpose.
    `alternatives` are secretariats to which a first return may send it directly.
    `survey_percent` is the share of its resolutions that bring a survey.
    `proposals` names the fields whose values are ours, not published by the city.
    """

    code: str
    names: Names
    category: str
    secretariat: str | None
    term: Term
    description: Names = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    kind: Kind = Kind.SERVICE_REQUEST
    urgency: Urgency = Urgency.NORMAL
    first_action: Term | None = None
    attributes: tuple[Attribute, ...] = ()
    screening: tuple[ScreeningQuestion, ...] = ()
    evidence: EvidenceRule = EvidenceRule.PHOTO_OR_TEAM_RECORD
    place: PlaceRule = PlaceRule.REQUIRED
    identification: tuple[IdentityField, ...] = ()
    anonymous: bool = True
    confidential: bool = False
    priority: int = 3
    nearby_radius_m: int = 250
    alternatives: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    survey_percent: int = 100
    proposals: tuple[str, ...] = ()
    forecast: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A subject of information: it is answered as a contact and opens no request.

    `merges` keeps the names under which the city publishes it, where ours differs.
    """

    code: str
    names: Names
    category: str
    secretariat: str | None
    keywords: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkUnit:
    """A team of a secretariat that serves some regions of the city; its own head and roster are optional."""

    code: str
    name: str
    regions: tuple[int, ...] = ()
    source: str = ""
    head: Assignment | None = None
    on_call: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Secretariat:
    """An organ that executes services: secretariats, departments and public companies alike.

    `valid_until` is the first day on which it no longer exists; `successor` took its duties.
    `consumer_principal` is the IAM principal allowed to read its queue directly, where one is agreed.
    `posts` are its focal_point, head and deputy; `on_call` are people in the order in which they are called.
    """

    code: str
    name: str
    area: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    successor: str | None = None
    consumer_principal: str | None = None
    ack_accepts: bool = False
    units: tuple[WorkUnit, ...] = ()
    code_verified: bool = True
    sources: tuple[str, ...] = ()
    posts: Mapping[str, Assignment] = field(default_factory=dict)
    on_call: tuple[str, ...] = ()

    def in_force(self, day: date) -> bool:
        """Tell whether the organ exists on `day`."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region of the participatory budget (Orçamento Participativo)."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """A bairro: its centre, how far it reaches from there, and its outline where the city gives one."""

    code: str
    name: str
    region: int
    centre: Point
    reach_m: int
    aliases: tuple[str, ...] = ()
    outline: tuple[tuple[Point, ...], ...] = ()
    region_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a routing rule asks of a request; an empty field asks nothing.

    `hours` is a local interval `from <= hour < until` that may cross midnight.
    """

    services: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    neighbourhoods: tuple[str, ...] = ()
    regions: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """Send what meets `when` to a secretariat (and unit); None sends it to triage on purpose."""

    code: str
    when: Condition
    secretariat: str | None
    unit: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The city's own facts; `centre` is the organ that runs the 156 and holds what is in triage."""

    code: str
    name: str
    timezone: str
    centre: str
    languages: tuple[str, ...] = ("pt-BR",)
    border_tolerance_m: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything a city says about its services; `version` names one immutable publication.

    `posts` are those of the whole city: supervisor, direction, ombudsman, controller and duty_manager.
    """

    version: str
    city: City
    secretariats: Mapping[str, Secretariat]
    services: Mapping[str, Service]
    topics: Mapping[str, Topic]
    regions: Mapping[int, Region]
    neighbourhoods: Mapping[str, Neighbourhood]
    routing: tuple[RoutingRule, ...]
    calendar: CalendarRules = field(default_factory=CalendarRules)
    people: Mapping[str, Person] = field(default_factory=dict)
    posts: Mapping[str, Assignment] = field(default_factory=dict)
    escalation: EscalationRules = field(default_factory=EscalationRules)

    def executor_of(self, code: str | None, day: date) -> Secretariat | None:
        """Follow successions from `code` to the organ in force on `day`; None if there is none.

        Where a service or rule names nobody, on purpose, nobody executes it.
        """
        seen: set[str] = set()
        current = self.secretariats.get(code) if code else None
        while current is not None and not current.in_force(day):
            if current.successor is None or current.code in seen:
                return None
            seen.add(current.code)
            current = self.secretariats.get(current.successor)
        return current
