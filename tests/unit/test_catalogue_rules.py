"""What keeps a catalogue from being published, one rule a line."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from chalicelib.domain.catalogue import (
    Attribute,
    AttributeType,
    Choice,
    IdentityField,
    Region,
    WorkUnit,
)
from chalicelib.domain.places import Point
from chalicelib.domain.terms import Basis
from tests.unit.broken_city import (
    PT,
    TRIANGLE,
    Change,
    attribute,
    city,
    faults_of,
    hours,
    organ,
    place,
    service,
    topic,
    valid,
    working_days,
)

CASES: dict[str, tuple[Change, str, str]] = {
    "centre unknown": (city(centre="X"), "city.centre", "secretariat X is unknown"),
    "centre extinct": (city(centre="FASC"), "city.centre", "FASC ends on 2025-01-01"),
    "no such time zone": (city(timezone="Brazil/Nowhere"), "city.timezone", "not a time zone"),
    "first language missing": (city(languages=("en",)), "city.languages", "pt-BR is missing"),
    "negative tolerance": (city(border_tolerance_m=-1), "city.border_tolerance_m", "negative"),
    "code no queue can have": (organ("SM SURB"), "secretariats.SM SURB", "letters and digits"),
    "codes that share a queue": (organ("dmlu"), "secretariats.dmlu", "differs from DMLU only in"),
    "organ without name": (organ(name=" "), "secretariats.DMLU.name", "is empty"),
    "queue open to the world": (organ(consumer_principal="*"), "secretariats.DMLU.consumer_principal", "ARN"),
    "extinct without successor": (
        organ(valid_until=date(2025, 1, 1)),
        "secretariats.DMLU.successor",
        "names no successor",
    ),
    "successor without end": (organ(successor="SMGOV"), "secretariats.DMLU.valid_until", "but no end"),
    "successor unknown": (organ("FASC", successor="X"), "secretariats.FASC.successor", "X is unknown"),
    "ends before it begins": (
        organ("FASC", valid_from=date(2025, 6, 1)),
        "secretariats.FASC.valid_until",
        "is not after its first day",
    ),
    "successor begins too late": (
        lambda c: organ("FASC", successor="NEW")(organ("NEW", valid_from=date(2025, 2, 1))(c)),
        "secretariats.FASC.successor",
        "after the end on 2025-01-01",
    ),
    "succession in a circle": (
        lambda c: organ("FASC", successor="DMLU")(
            organ(valid_until=date(2024, 1, 1), successor="FASC")(c),
        ),
        "secretariats.DMLU.successor",
        "DMLU → FASC → DMLU",
    ),
    "unit twice": (
        organ(units=(WorkUnit(code="a", name="A"), WorkUnit(code="a", name="B"))),
        "secretariats.DMLU.units.a",
        "more than once",
    ),
    "unit of an unknown region": (
        organ(units=(WorkUnit(code="a", name="A", regions=(99,)),)),
        "secretariats.DMLU.units.a",
        "region 99 is unknown",
    ),
    "two units of one region": (
        organ(units=(WorkUnit(code="a", name="A", regions=(1,)), WorkUnit(code="b", name="B", regions=(1,)))),
        "secretariats.DMLU.units",
        "more than one unit",
    ),
    "service code unfit for an address": (service(code="Lixo na Rua"), "services.Lixo na Rua", "not a code"),
    "service without Portuguese": (service(names={"en": "x"}), "services.dumping.names", "no pt-BR text"),
    "empty translation": (
        service(names={**PT, "en": ""}),
        "services.dumping.names.en",
        "is empty",
    ),
    "keyword twice": (
        service(keywords=("Lixão", "lixao")),
        "services.dumping.keywords",
        "'lixao' appears 2 times",
    ),
    "empty keyword": (service(keywords=("!",)), "services.dumping.keywords", "empty keyword"),
    "executor unknown": (service(secretariat="X"), "services.dumping.secretariat", "X is unknown"),
    "alternative unknown": (service(alternatives=("X",)), "services.dumping.alternatives", "X is unknown"),
    "alternative is the executor": (
        service(alternatives=("DMLU",)),
        "services.dumping.alternatives",
        "already",
    ),
    "no days": (service(term=working_days(0)), "services.dumping.term.amount", "not between 1 and 225"),
    "too many days": (service(term=working_days(226)), "services.dumping.term.amount", "226 is not between"),
    "too many hours": (service(term=hours(73)), "services.dumping.term.amount", "between 1 and 72 hours"),
    "published nowhere": (
        service(term=working_days(5, basis=Basis.PUBLISHED)),
        "services.dumping.term.source",
        "names where",
    ),
    "first action too late": (
        service(first_action=working_days(6)),
        "services.dumping.first_action",
        "longer than the term",
    ),
    "question twice": (
        service(attributes=(Attribute(code="a", names=PT, type=AttributeType.STRING),) * 2),
        "services.dumping.attributes.a",
        "more than once",
    ),
    "question without Portuguese": (
        attribute(names={}),
        "services.dumping.attributes.material.names",
        "no pt-BR text",
    ),
    "list without choices": (
        attribute(choices=()),
        "services.dumping.attributes.material.choices",
        "a list needs choices",
    ),
    "choices of no list": (
        attribute(type=AttributeType.NUMBER),
        "services.dumping.attributes.material.choices",
        "a number has no choices",
    ),
    "choice twice": (
        attribute(choices=(Choice(key="rubble", names=PT),) * 2 + (Choice(key="asbestos", names=PT),)),
        "services.dumping.attributes.material.choices.rubble",
        "more than once",
    ),
    "choice no rule can name": (
        attribute(choices=(Choice(key="Entulho", names=PT), Choice(key="asbestos", names=PT))),
        "services.dumping.attributes.material.choices.Entulho",
        "not a code",
    ),
    "no category": (service(category=""), "services.dumping.category", "is empty"),
    "priority out of range": (service(priority=6), "services.dumping.priority", "not between 1 and 5"),
    "share of surveys": (service(survey_percent=101), "services.dumping.survey_percent", "0 and 100"),
    "radius out of range": (
        service(nearby_radius_m=5_000),
        "services.dumping.nearby_radius_m",
        "not between 10 and 1000",
    ),
    "anonymous but identified": (
        service(identification=(IdentityField.CPF,)),
        "services.dumping.anonymous",
        "identification is demanded",
    ),
    "proposal of no field": (service(proposals=("prazo",)), "services.dumping.proposals", "no field 'prazo'"),
    "topic of an unknown organ": (topic(secretariat="X"), "topics.iptu.secretariat", "X is unknown"),
    "topic that is a service": (topic(code="dumping"), "topics.dumping", "a service has the same code"),
    "one published name, two meanings": (
        topic(merges=("Poluição sonora",)),
        "topics.iptu",
        "stands for services.noise already",
    ),
    "region without name": (
        lambda c: dataclasses.replace(c, regions={**c.regions, 3: Region(number=3, name="")}),
        "regions.3.name",
        "is empty",
    ),
    "neighbourhood without region": (place(region=99), "neighbourhoods.centro.region", "99 is unknown"),
    "neighbourhood without name": (place(name=""), "neighbourhoods.centro.name", "is empty"),
    "neighbourhood nowhere": (
        place(centre=Point(lat=-300.0, lon=0)),
        "neighbourhoods.centro.centre",
        "position in degrees",
    ),
    "neighbourhood of no size": (place(reach_m=0), "neighbourhoods.centro.reach_m", "not above zero"),
    "line as outline": (place(outline=(TRIANGLE[:2],)), "neighbourhoods.centro.outline.0", "three points"),
    "outline nowhere": (
        place(outline=((*TRIANGLE, Point(lat=0, lon=181)),)),
        "neighbourhoods.centro.outline.0",
        "positions in degrees",
    ),
    "two neighbourhoods of one name": (
        place(aliases=("RESTINGA",)),
        "neighbourhoods.restinga",
        "that of centro too",
    ),
}


def test_a_sound_catalogue_has_no_faults() -> None:
    assert faults_of(valid()) == []


@pytest.mark.parametrize("case", CASES)
def test_each_rule_names_where_it_is_broken_and_why(case: str) -> None:
    change, path, reason = CASES[case]

    found = faults_of(change(valid()))

    assert [where for where, why in found if where == path and reason in why], found


def test_all_faults_are_named_at_once() -> None:
    broken = service(priority=9)(place(region=99)(city(centre="X")(valid())))

    assert {path for path, _ in faults_of(broken)} == {
        "city.centre",
        "services.dumping.priority",
        "neighbourhoods.centro.region",
    }
