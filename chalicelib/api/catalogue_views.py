"""Declare the answers about the catalogue: services, topics, neighbourhoods, secretariats."""

from __future__ import annotations

from chalicelib.api.views import NamedView, TermView, View


class ChoiceView(View):
    """A value of a list."""

    key: str
    name: str


class AttributeView(View):
    """A question that the service asks."""

    code: str
    name: str
    type: str
    required: bool
    choices: tuple[ChoiceView, ...] = ()


class ScreeningView(View):
    """A question about danger: a yes means `urgency`, and `call_first` says whom to call at once."""

    code: str
    question: str
    urgency: str
    numbers: tuple[str, ...] = ()
    call_first: str = ""


class ServiceView(View):
    """A service that can be requested."""

    code: str
    name: str
    category: str
    kind: str
    urgency: str
    term: TermView
    secretariat: NamedView | None = None
    description: str = ""
    keywords: tuple[str, ...] = ()
    attributes: tuple[AttributeView, ...] = ()
    screening: tuple[ScreeningView, ...] = ()
    identification: tuple[str, ...] = ()
    place: str = ""
    evidence: str = ""
    anonymous: bool = False
    confidential: bool = False
    forecast: str = ""
    sources: tuple[str, ...] = ()


class ServiceList(View):
    """Every service, in one version of the catalogue."""

    version: str
    items: tuple[ServiceView, ...]


class TopicView(View):
    """A subject of information: answered as a contact, it opens no request."""

    code: str
    name: str
    category: str
    secretariat: NamedView | None = None
    keywords: tuple[str, ...] = ()


class TopicList(View):
    """Every topic, in one version of the catalogue."""

    version: str
    items: tuple[TopicView, ...]


class NeighbourhoodView(View):
    """A neighbourhood (bairro) and its region of the participatory budget."""

    code: str
    name: str
    region: int
    region_name: str
    aliases: tuple[str, ...] = ()


class NeighbourhoodList(View):
    """Every neighbourhood, in one version of the catalogue."""

    version: str
    items: tuple[NeighbourhoodView, ...]


class SecretariatView(View):
    """An organ in force, and the services it executes."""

    code: str
    name: str
    area: str
    services: tuple[str, ...]


class SecretariatList(View):
    """Every organ in force."""

    version: str
    items: tuple[SecretariatView, ...]
