"""A folder of YAML files becomes a catalogue, or a list of everything that is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chalicelib.domain.catalogue import Catalogue, Urgency
from chalicelib.domain.levels import EscalationLevel, LadderPolicy
from chalicelib.domain.staff import Absence, Assignment
from chalicelib.domain.terms import Term, TermUnit
from infra.catalogue_source import CatalogueInvalid, content_hash, load_city, read_catalogue

DAY = date(2026, 3, 2)
CITY = """
city: {code: vila, name: Vila, timezone: America/Sao_Paulo, centre: CENTRE}
secretariats:
  CENTRE: {name: Central}
  ROADS:
    name: Obras
    units: {north: {name: Norte, regions: [1]}}
regions: {1: {name: Norte}}
neighbourhoods:
  alto: {name: Alto, region: 1, centre: {lat: -30, lon: -51.2}, reach_m: 900}
people: {direction: {name: Direção, email: direcao@example.org}}
posts: {direction: {holder: direction}}
"""
SERVICES = """
category: Vias
services:
  hole:
    names: {pt-BR: Buraco}
    secretariat: ROADS
    term: {amount: 15, unit: working_days}
    attributes:
      deep:
        names: {pt-BR: "É fundo?"}
        type: singlevaluelist
        choices:
          no: {pt-BR: Não}
          yes: {pt-BR: Sim}
"""


def write(folder: Path, **files: str) -> Path:
    """Write files over those of a sound city."""
    for name, text in {"city": CITY, "services": SERVICES, **files}.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(CatalogueInvalid) as refusal:
        read_catalogue(folder, DAY)
    return [str(fault) for fault in refusal.value.faults]


def test_a_folder_becomes_a_catalogue_with_the_keys_as_codes(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path), DAY)

    hole = catalogue.services["hole"]
    assert (hole.code, hole.category, hole.attributes[0].code) == ("hole", "Vias", "deep")
    assert [choice.key for choice in hole.attributes[0].choices] == ["no", "yes"]
    assert catalogue.secretariats["ROADS"].units[0].regions == (1,)
    assert catalogue.regions[1].number == 1


def test_the_version_is_the_day_and_what_the_files_say(tmp_path: Path) -> None:
    first = read_catalogue(write(tmp_path), DAY)
    moved = write(tmp_path, services="", routing="", roads=SERVICES + "\n# said elsewhere\n")
    (moved / "services.yaml").unlink()
    (moved / "routing.yaml").unlink()

    again = read_catalogue(moved, date(2026, 3, 3))

    assert first.version == f"2026-03-02-{content_hash(first)}"
    assert again.version == f"2026-03-03-{content_hash(first)}"


def test_any_change_of_content_changes_the_version(tmp_path: Path) -> None:
    before = read_catalogue(write(tmp_path), DAY)

    after = read_catalogue(write(tmp_path, services=SERVICES.replace("15", "16")), DAY)

    assert before.version != after.version


def test_every_fault_of_every_file_is_listed_by_file_path_and_reason(tmp_path: Path) -> None:
    broken = SERVICES.replace("amount: 15", "amount: many, extra: 1").replace(
        "secretariat: ROADS", "priority: 9"
    )
    city = CITY.replace("region: 1,", "region: 7,").replace("reach_m: 900", "reach_m: 900.5")

    assert sorted(faults_in(write(tmp_path, services=broken, city=city))) == [
        "city.yaml: neighbourhoods.alto.reach_m: expected int, got float",
        "city.yaml: neighbourhoods.alto.region: region 7 is unknown",
        "services.yaml: services.hole.priority: 9 is not between 1 and 5",
        "services.yaml: services.hole.secretariat: is missing",
        "services.yaml: services.hole.term.amount: expected int, got str",
        "services.yaml: services.hole.term.extra: unknown field",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("services: [", "expected the node content"),
        ("services: {a: !!python/object:os.system {}}", "could not determine a constructor"),
        ("services:\n  a: {}\n  a: {}", "line 3: a appears twice in one mapping"),
        ("- services", "expected a mapping of sections"),
        ("servicos: {}", "more.yaml: servicos: unknown section"),
        ("topics: [iptu]", "more.yaml: topics: expected a mapping of entries by code"),
        ("topics: {iptu: IPTU}", "more.yaml: topics.iptu: expected a mapping, got str"),
        ("services: {hole: {}}", "services.yaml: services.hole: is described in more.yaml already"),
        ("city: {}", "city: is described in city.yaml already"),
        (
            "routing: {all: {when: {hours: [8]}, secretariat: ROADS}}",
            "routing.all.when.hours: expected array of length 2",
        ),
        (
            "routing: {all: {when: {attributes: {deep: [true]}}, secretariat: ROADS, reason: x}}",
            "when.attributes.deep.0: expected str, got bool",
        ),
        ("secretariats: {OLD: {name: Velha, valid_until: soon}}", "secretariats.OLD.valid_until: invalid"),
        ("topics: {a: {names: {pt-BR: A}, category: b, secretariat: X}}", "more.yaml: topics.a.secretariat:"),
    ],
)
def test_what_a_file_must_not_say(tmp_path: Path, text: str, fault: str) -> None:
    found = faults_in(write(tmp_path, more=text))

    assert [line for line in found if fault in line], found


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name: \x00"], ids=["another encoding", "a NUL"])
def test_a_file_that_is_not_text_is_named(tmp_path: Path, content: bytes) -> None:
    (write(tmp_path) / "topics.yaml").write_bytes(content)

    assert faults_in(tmp_path) == ["topics.yaml: is not UTF-8 text"]


def test_a_city_that_nothing_describes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "topics.yaml").write_text("topics: {}")

    assert faults_in(tmp_path) == [
        ".: city: no file describes the city",
        ".: posts.direction: is missing: every chain of posts ends there",
    ]


def test_an_unreadable_entry_is_not_reported_again_by_those_that_name_it(tmp_path: Path) -> None:
    routing = "routing: {deep: {when: {services: [hole]}, secretariat: ROADS, reason: fundo}}"

    found = faults_in(write(tmp_path, services=SERVICES.replace("amount: 15", "amount: {}"), routing=routing))

    assert found == ["services.yaml: services.hole.term.amount: expected int, got object"]


STAFF = """
people:
  watch: {name: Plantão, phone: "+5551900000101"}
  head: {name: Chefia, email: chefia@example.org, absences: [{first_day: 2026-03-02, last_day: 2026-03-06}]}
staff:
  ROADS:
    posts: {head: {holder: head, substitute: direction}}
    on_call: [watch]
    units: {north: {head: {holder: watch}, on_call: [watch]}}
escalation:
  default: [{amount: 3, unit: working_days}]
  services: {hole: {level_3: {amount: 40, unit: calendar_days}}}
"""


def test_the_staff_of_an_organ_is_written_apart_from_it(tmp_path: Path) -> None:
    catalogue = read_catalogue(write(tmp_path, staff=STAFF), DAY)

    roads, days_away = catalogue.secretariats["ROADS"], catalogue.people["head"].absences[0]
    assert (roads.posts["head"].substitute, roads.on_call) == ("direction", ("watch",))
    assert (roads.units[0].head, roads.units[0].on_call) == (Assignment(holder="watch"), ("watch",))
    assert days_away == Absence(first_day=date(2026, 3, 2), last_day=date(2026, 3, 6))


def test_delays_of_escalation_are_set_by_service_and_by_default(tmp_path: Path) -> None:
    rules = read_catalogue(write(tmp_path, staff=STAFF), DAY).escalation

    assert rules.services["hole"] == {EscalationLevel.LEVEL_3: Term(amount=40, unit=TermUnit.CALENDAR_DAYS)}
    assert rules.policy_for("hole") == LadderPolicy(
        level_2=Term(amount=3, unit=TermUnit.WORKING_DAYS),
        level_3=Term(amount=40, unit=TermUnit.CALENDAR_DAYS),
    )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ROADS:", "RIVERS:", "staff.yaml: staff.RIVERS: secretariat is unknown"),
        ("{north:", "{south:", "staff.yaml: staff.ROADS: unit south is unknown"),
        ("{holder: head,", "{holder: nobody,", "staff.yaml: staff.ROADS.posts.head.holder: person nobody is"),
        ("on_call: [watch]\n", "on_call: [head]\n", "staff.yaml: staff.ROADS.on_call: head has no phone"),
        ("{level_3:", "{level_9:", "staff.yaml: escalation.services.hole.level_9: invalid enum value"),
        ("{level_3:", "{notice:", "staff.yaml: escalation.services.hole.notice: only level_2 and level_3"),
        ("last_day: 2026-03-06", "last_day: 2026-03-01", "staff.yaml: people.head.absences: ends on 2026-"),
    ],
)
def test_what_the_staff_file_must_not_say(tmp_path: Path, old: str, new: str, fault: str) -> None:
    found = faults_in(write(tmp_path, staff=STAFF.replace(old, new)))

    assert [line for line in found if line.startswith(fault)], found


def test_an_organ_names_its_people_in_one_place(tmp_path: Path) -> None:
    city = CITY.replace("name: Obras", "name: Obras\n    on_call: [watch]")

    found = faults_in(write(tmp_path, city=city, staff=STAFF))

    assert found == ["staff.yaml: staff.ROADS: the secretariat's own entry names people already"]


def test_screening_questions_are_written_by_code(tmp_path: Path) -> None:
    asked = "screening: {danger: {names: {pt-BR: Perigo}, urgency: urgent, numbers: ['199']}}"
    services = SERVICES.replace("attributes:", f"{asked}\n    attributes:")

    (question,) = read_catalogue(write(tmp_path, services=services), DAY).services["hole"].screening

    assert (question.code, question.urgency, question.numbers) == ("danger", Urgency.URGENT, ("199",))


def test_the_same_files_give_the_same_catalogue() -> None:
    catalogue: Catalogue = load_city("porto_alegre", DAY)

    assert load_city("porto_alegre", DAY) == catalogue
