"""Shape what is shown of calamities, and what is asked to end one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.api.presenters import service_named
from chalicelib.api.views import NamedView, View
from chalicelib.domain.calamities import Calamity
from chalicelib.domain.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOrder:
    """The last day that still belongs to the calamity; today, if left out."""

    last_day: date | None = None


class RaisedView(View):
    """A service that is more urgent for as long as a calamity lasts."""

    service: NamedView
    urgency: str


class CalamityView(View):
    """A calamity: by which act, when, where and for which services deadlines stand still.

    No `services` means all but emergencies, neither `regions` nor `neighbourhoods` the whole city.
    """

    code: str
    act: str
    first_day: date
    last_day: date
    in_force: bool
    suspends: bool
    legal_clocks: bool
    services: tuple[NamedView, ...] = ()
    regions: tuple[int, ...] = ()
    neighbourhoods: tuple[NamedView, ...] = ()
    raises: tuple[RaisedView, ...] = ()
    ended_at: datetime | None = None


class CalamityList(View):
    """Every calamity that was ever declared, the newest first."""

    items: tuple[CalamityView, ...]


def present_calamity(calamity: Calamity, catalogue: Catalogue, today: date, language: str) -> CalamityView:
    """Present a calamity; who declared it is for the audit trail."""
    return CalamityView(
        code=calamity.code,
        act=calamity.act,
        first_day=calamity.first_day,
        last_day=calamity.last_day,
        in_force=calamity.is_in_force(today),
        suspends=calamity.suspends,
        legal_clocks=calamity.legal_clocks,
        services=tuple(service_named(catalogue, code, language) for code in calamity.services),
        regions=calamity.regions,
        neighbourhoods=tuple(_neighbourhood(catalogue, code) for code in calamity.neighbourhoods),
        raises=tuple(_raised(calamity.raises, catalogue, language)),
        ended_at=calamity.ended_at,
    )


def _neighbourhood(catalogue: Catalogue, code: str) -> NamedView:
    known = catalogue.neighbourhoods.get(code)
    return NamedView(code=code, name=known.name if known else code)


def _raised(raises: Mapping[str, str], catalogue: Catalogue, language: str) -> list[RaisedView]:
    return [
        RaisedView(service=service_named(catalogue, code, language), urgency=urgency)
        for code, urgency in raises.items()
    ]
