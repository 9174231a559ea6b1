"""What Porto Alegre publishes is what its catalogue says, and what is ours is marked so."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chalicelib.domain.catalogue import Catalogue, EvidenceRule, Kind, Service, Topic, Urgency
from chalicelib.domain.routing import Route, route_request
from chalicelib.domain.terms import Basis, Term
from infra.catalogue_source import load_city

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A row of the city's published list; `kind` tells what its figure is."""

    name: str
    organ: str
    amount: str
    unit: str
    kind: str


def published_rows() -> list[Row]:
    with Path(__file__).with_name("porto_alegre_published.csv").open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


CATALOGUE: Catalogue = load_city("porto_alegre", TODAY)
ROWS = published_rows()
PUBLISHED = [row for row in ROWS if row.kind in {"term", "first_action"}]
AVERAGES = [row for row in ROWS if row.kind == "average"]
SERVICES = list(CATALOGUE.services.values())
ENTRIES: list[Service | Topic] = [*SERVICES, *CATALOGUE.topics.values()]
BY_NAME = {name: entry for entry in ENTRIES for name in {entry.names["pt-BR"], *entry.merges}}


def service_of(row: Row) -> Service:
    entry = BY_NAME[row.name]
    assert isinstance(entry, Service)
    return entry


def test_every_published_row_is_a_service_a_topic_or_merged_into_one() -> None:
    assert len(ROWS) == 127
    assert [row.name for row in ROWS if row.name not in BY_NAME] == []


def test_every_name_that_an_entry_merges_is_a_published_one() -> None:
    merged = {name for entry in BY_NAME.values() for name in entry.merges}

    assert merged <= {row.name for row in ROWS}


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row.name[:40])
def test_a_published_deadline_is_promised_as_published(row: Row) -> None:
    service = service_of(row)
    term: Term | None = service.term if row.kind == "term" else service.first_action

    assert term is not None
    assert (str(term.amount), term.unit.value, term.basis) == (row.amount, row.unit, Basis.PUBLISHED)
    assert term.source.startswith("http")


@pytest.mark.parametrize("row", AVERAGES, ids=lambda row: row.name[:40])
def test_a_published_average_is_a_forecast_and_no_promise(row: Row) -> None:
    service = service_of(row)

    assert service.term.basis is Basis.PROPOSAL
    assert row.amount in service.forecast


def test_a_term_is_marked_a_proposal_where_nothing_is_published() -> None:
    published = {service_of(row).code for row in PUBLISHED if row.kind == "term"}

    for service in SERVICES:
        is_proposal = service.code not in published
        assert (service.term.basis is Basis.PROPOSAL) == is_proposal == ("term" in service.proposals), (
            service.code
        )


PROPOSED = {
    "emergency": (24, "hours"),
    "water": (48, "hours"),
    "waste": (5, "working_days"),
    "paving": (15, "working_days"),
    "tree": (120, "calendar_days"),
    "inspection": (30, "calendar_days"),
}
EXAMPLES = {
    "ponto-de-alagamento": "emergency",
    "queda-de-vegetacao": "emergency",
    "risco-eletrico-na-iluminacao": "emergency",
    "vazamento-de-agua": "water",
    "falta-de-agua": "water",
    "coleta-de-lixo": "waste",
    "descarte-irregular-coleta": "waste",
    "tapa-buraco": "paving",
    "limpeza-de-bueiro": "paving",
    "poda-ou-remocao-de-arvore": "tree",
    "calcadas": "inspection",
    "foco-de-dengue": "inspection",
}


@pytest.mark.parametrize("code", EXAMPLES)
def test_our_proposals_follow_one_table(code: str) -> None:
    term = CATALOGUE.services[code].term

    assert (term.amount, term.unit.value) == PROPOSED[EXAMPLES[code]]


def test_emergencies_are_attended_in_four_hours() -> None:
    emergencies = [service for service in SERVICES if service.urgency is Urgency.EMERGENCY]

    assert {service.code for service in emergencies} >= {
        code for code, kind in EXAMPLES.items() if kind == "emergency"
    }
    for service in emergencies:
        assert service.first_action is not None
        assert (service.first_action.amount, service.first_action.unit.value) == (4, "hours")
        assert service.anonymous


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Iluminação - luminária apagada", "iluminacao-demais-vias"),
        ("Iluminação - falta de lâmpada", "iluminacao-demais-vias"),
        ("Iluminação - fio exposto", "risco-eletrico-na-iluminacao"),
        ("Denúncia de lixo", "descarte-irregular-denuncia"),
        ("Remoção de resíduos em via pública", "descarte-irregular-coleta"),
        ("Conservação de vias com asfalto", "tapa-buraco"),
        ("Vistoria de árvore", "vistoria-de-arvore"),
        ("Fiscalização - poluição sonora por obra de construção civil", "poluicao-sonora"),
        ("Calçadas", "calcadas"),
    ],
)
def test_twins_are_one_service(name: str, code: str) -> None:
    assert BY_NAME[name].code == code


def routed(service: str, **answers: object) -> Route:
    return route_request(CATALOGUE, service, answers, None, NOON)


def test_every_service_has_an_executor_or_waits_for_the_centre_on_purpose() -> None:
    routes = {service.code: routed(service.code) for service in SERVICES}

    assert {code for code, route in routes.items() if route.triage} == {
        "calcadas",
        "quadras-da-orla",
        "outra-solicitacao",
    }


def test_what_the_extinct_foundation_did_goes_to_its_successor() -> None:
    assert routed("atendimento-creas").secretariat == "SMAS"
    assert routed("atendimento-cras").secretariat == "SMAS"


@pytest.mark.parametrize(
    ("extinct", "successor"),
    [
        ("FASC", "SMAS"),
        ("SMDS", "SMIDH"),
        ("SMDET", "SMDETE"),
        ("SMPAE", "SMPG"),
        ("SMHARF", "DEMHAB"),
    ],
)
def test_the_reform_of_february_2025_is_followed(extinct: str, successor: str) -> None:
    before = CATALOGUE.executor_of(extinct, date(2025, 1, 15))
    after = CATALOGUE.executor_of(extinct, date(2025, 2, 2))

    assert (before and before.code, after and after.code) == (extinct, successor)


def test_acronyms_that_no_source_confirms_are_marked() -> None:
    ours = {code for code, organ in CATALOGUE.secretariats.items() if not organ.code_verified}

    assert {"SMAS", "SMIDH", "SMGG", "DC"} <= ours
    assert not ours & {"DMAE", "DMLU", "EPTC", "SMSUrb", "SMAMUS", "SMTC", "GCA"}


def test_every_organ_service_and_topic_names_its_source() -> None:
    assert [entry.code for entry in ENTRIES if not entry.sources] == []
    assert [organ.code for organ in CATALOGUE.secretariats.values() if not organ.sources] == []


@pytest.mark.parametrize(
    ("service", "answers", "secretariat", "unit"),
    [
        ("ratos-em-imovel", {"rubbish_present": True}, "DMLU", None),
        ("ratos-em-imovel", {"rubbish_present": False}, "SMS", "DVS"),
        ("ponto-de-alagamento", {"people_at_risk": True}, "DC", None),
        ("ponto-de-alagamento", {}, "DMAE", None),
        ("pichacao", {"property": "private", "in_progress": False}, "SMTC", None),
        ("pichacao", {"property": "private", "in_progress": True}, "SMSEG", "GM"),
        ("poluicao-sonora", {"source": "bar"}, "SMSEG", "FISC"),
        ("iluminacao-via-principal", {"problem": "out"}, "SMSUrb", "CIP"),
    ],
)
def test_what_the_citizen_answers_decides_the_way(
    service: str, answers: dict[str, object], secretariat: str, unit: str | None
) -> None:
    route = routed(service, **answers)

    assert (route.secretariat, route.unit) == (secretariat, unit)


def test_confidential_and_identified_services_are_as_the_city_says() -> None:
    confidential = {service.code for service in SERVICES if service.confidential}

    assert {"foco-de-dengue", "descarte-irregular-denuncia", "poluicao-sonora"} <= confidential
    assert not CATALOGUE.services["castracao"].anonymous
    assert CATALOGUE.services["foco-de-dengue"].anonymous
    assert CATALOGUE.services["elogio-de-transporte"].kind is Kind.COMPLIMENT


def test_services_of_the_street_need_evidence_of_the_street() -> None:
    for code in ("tapa-buraco", "descarte-irregular-coleta", "iluminacao-demais-vias", "destocamento"):
        assert CATALOGUE.services[code].evidence is EvidenceRule.PHOTO_OR_TEAM_RECORD


def test_everything_a_citizen_reads_is_in_both_languages() -> None:
    for entry in ENTRIES:
        assert entry.names.keys() == {"pt-BR", "en"}, entry.code
        assert len(entry.keywords) >= 4, entry.code
    for service in SERVICES:
        texts = [service.description, *(attribute.names for attribute in service.attributes)]
        texts += [choice.names for attribute in service.attributes for choice in attribute.choices]
        assert {"pt-BR", "en"} == set.intersection(*(set(names) for names in texts)), service.code
