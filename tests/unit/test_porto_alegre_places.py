"""Where Porto Alegre is: its neighbourhoods, what citizens call them, and its border."""

from __future__ import annotations

import pytest

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.neighbourhoods import Inside, neighbourhood_at, neighbourhood_named, stands_to_border
from chalicelib.domain.places import Point
from infra.catalogue_source import load_city

CATALOGUE: Catalogue = load_city("porto_alegre")


def test_there_are_94_neighbourhoods_in_17_regions() -> None:
    assert len(CATALOGUE.neighbourhoods) == 94
    assert {place.region for place in CATALOGUE.neighbourhoods.values()} == set(range(1, 18))
    assert sum(place.region_verified for place in CATALOGUE.neighbourhoods.values()) == 54


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Passo d'Areia", "passo-da-areia"),
        ("MONT SERRAT", "montserrat"),
        ("Cel. Aparício Borges", "coronel-aparicio-borges"),
        ("são josé", "vila-sao-jose"),
        ("Jardim Itú", "jardim-itu"),
        ("Lajeado", "lageado"),
        ("centro", "centro-historico"),
    ],
)
def test_citizens_may_say_a_neighbourhood_their_way(said: str, code: str) -> None:
    place = neighbourhood_named(CATALOGUE, said)

    assert place is not None
    assert place.code == code


INSIDE = {
    "Usina do Gasômetro": (-30.0341, -51.2411, "centro-historico"),
    "Aeroporto Salgado Filho": (-29.9935, -51.1711, "anchieta"),
    "Redenção": (-30.0370, -51.2160, "farroupilha"),
    "PUCRS": (-30.0597, -51.1735, "partenon"),
    "Barra Shopping Sul": (-30.0846, -51.2457, "cristal"),
    "Praça de Belém Novo": (-30.2103, -51.1790, "belem-novo"),
    "Esplanada da Restinga": (-30.1500, -51.1410, "restinga"),
    "Praia do Lami": (-30.2500, -51.0880, "lami"),
    "Extrema": (-30.2100, -51.0500, "extrema"),
    "Ilha da Pintada": (-30.0265, -51.2560, None),
    "Ilha dos Marinheiros": (-29.9870, -51.2330, "arquipelago"),
    "Assis Brasil em Sarandi": (-29.9890, -51.1270, "sarandi"),
}
OUTSIDE = {
    "Canoas": (-29.9178, -51.1839),
    "Alvorada": (-29.9899, -51.0834),
    "Viamão": (-30.0811, -51.0233),
    "Guaíba": (-30.1136, -51.3250),
    "Cachoeirinha": (-29.9510, -51.0939),
    "Eldorado do Sul": (-30.0034, -51.3072),
    "São Paulo": (-23.5505, -46.6333),
}


@pytest.mark.parametrize("name", INSIDE)
def test_known_places_lie_in_the_city(name: str) -> None:
    lat, lon, code = INSIDE[name]
    point = Point(lat=lat, lon=lon)
    nearest = neighbourhood_at(CATALOGUE, point)

    assert stands_to_border(CATALOGUE, point) is Inside.INSIDE
    assert code is None or (nearest is not None and nearest.code == code)


@pytest.mark.parametrize("name", OUTSIDE)
def test_the_centres_of_neighbouring_cities_are_outside(name: str) -> None:
    lat, lon = OUTSIDE[name]

    assert stands_to_border(CATALOGUE, Point(lat=lat, lon=lon)) is Inside.OUTSIDE
