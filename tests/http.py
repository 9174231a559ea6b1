"""Call the real application over HTTP, in process, with fakes behind its wiring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import pytest
from chalice.test import Client

from chalicelib import wiring, wiring_citizen, wiring_messages
from chalicelib.services.casework import Casework
from chalicelib.services.contacts import Contacts
from chalicelib.services.credentials import Credentials
from chalicelib.services.intake import Intake
from chalicelib.services.media import Downloads, Uploads
from chalicelib.services.message_history import MessageHistory
from chalicelib.services.preferences import CitizenPreferences
from chalicelib.services.reading import Reading
from chalicelib.settings import Settings
from tests.builders import a_catalogue
from tests.citizens import citizen_services
from tests.fake_calamities import FakePaper
from tests.fake_messages import FakePreferences
from tests.fakes import (
    FakeApiKeys,
    FakeAttempts,
    FakeCatalogue,
    FakeClock,
    FakeContacts,
    FakeMedia,
    FakePeople,
    FakeRequests,
    FakeSendLog,
    SeededRandomness,
    an_identity,
)

BASE_URL = "https://156.example"
SCOPES = {
    "web": ("channel:web",),
    "attendant": ("attendant", "channel:phone", "channel:counter"),
    "DMLU": ("focal:DMLU",),
    "SMGOV": ("focal:SMGOV",),
    "reviewer": ("reviewer",),
    "direction": ("direction",),
    "ombudsman": ("ombudsman",),
    "operator": ("operator",),
}
_numbers = count(1)


@dataclass(slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def reasons(self) -> dict[str, str]:
        """Give the reason of every offending field."""
        return {fault["field"]: fault["reason"] for fault in self.json["errors"]}


@dataclass(slots=True)
class Centre:
    """A running centre of the small city; the fakes are there to look at and to break."""

    requests: FakeRequests = field(default_factory=FakeRequests)
    contacts: FakeContacts = field(default_factory=FakeContacts)
    people: FakePeople = field(default_factory=FakePeople)
    keys: FakeApiKeys = field(default_factory=FakeApiKeys)
    media: FakeMedia = field(default_factory=FakeMedia)
    clock: FakeClock = field(default_factory=FakeClock)
    randomness: SeededRandomness = field(default_factory=SeededRandomness)
    paper: FakePaper = field(default_factory=FakePaper)
    sends: FakeSendLog = field(default_factory=FakeSendLog)
    preferences: FakePreferences = field(default_factory=FakePreferences)
    tokens: dict[str, str] = field(default_factory=dict)
    client: Any = None

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        raw: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Call a route; header names are given with underscores."""
        sent = {"content-type": "application/json"} if body is not None or raw is not None else {}
        if key is not None:
            sent["authorization"] = f"Bearer {self.tokens.get(key, key)}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self.client.http.request(method, path, headers=sent, body=content)
        answered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, answered, response.body.decode())

    def post(self, path: str, body: Any = None, *, key: str | None = "web", **headers: Any) -> Answer:
        """POST under a fresh `Idempotency-Key` unless one is given."""
        headers.setdefault("idempotency_key", f"key-{next(_numbers)}")
        return self.call("POST", path, body if body is not None else {}, key=key, **headers)

    def get(self, path: str, *, key: str | None = None, **headers: Any) -> Answer:
        return self.call("GET", path, key=key, **headers)

    def order(self, protocol: str, command: str, body: Any = None, *, key: str, **headers: Any) -> Answer:
        """Give an order on the present version."""
        headers.setdefault("if_match", f'"{self.requests.items[protocol]["version"]}"')
        return self.post(f"/v1/requests/{protocol}/{command}", body or {}, key=key, **headers)

    def opened(self, **changes: Any) -> str:
        """Open a request and return its protocol."""
        answer = self.post("/v1/requests", an_intake(**changes))
        assert answer.status == 201, answer.text
        return str(answer.json["protocol"])


def _given(service: Any) -> Any:
    return service


def an_intake(**changes: Any) -> dict[str, Any]:
    """Give a body that the small city's intake accepts on the web channel."""
    body: dict[str, Any] = {
        "service": "dumping",
        "description": "Entulho na calçada há três dias",
        "place": {"lat": -30.0310, "lon": -51.2280, "address": "Rua da Praia, 156"},
        "attributes": {"material": "rubble"},
        "reporter": {"name": "Maria da Silva", "phone": "(51) 99123-4567"},
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


def a_centre(patch: pytest.MonkeyPatch) -> Centre:
    """Compose the application over fakes and issue a key per role."""
    centre = Centre()
    catalogue, identity = FakeCatalogue(a_catalogue()), an_identity()
    common: dict[str, Any] = {
        "catalogue": catalogue,
        "identity": identity,
        "clock": centre.clock,
        "randomness": centre.randomness,
    }
    credentials = Credentials(keys=centre.keys, clock=centre.clock, randomness=centre.randomness)
    settings = Settings(
        stage="test",
        region="sa-east-1",
        endpoint_url=None,
        public_base_url=BASE_URL,
        secrets_arn="",
        media_bucket="",
        sender_email="",
    )
    services: dict[str, Any] = {
        "settings": settings,
        "clock": centre.clock,
        "catalogue": catalogue,
        "credentials": credentials,
        "requests": centre.requests,
        "intake": Intake(requests=centre.requests, paper=centre.paper, **common),
        "casework": Casework(
            requests=centre.requests, contacts=centre.contacts, media=centre.media, **common
        ),
        "contacts": Contacts(
            requests=centre.requests,
            index=centre.requests,
            log=centre.contacts,
            people=centre.people,
            **common,
        ),
        "reading": Reading(
            requests=centre.requests,
            index=centre.requests,
            contacts=centre.contacts,
            catalogue=catalogue,
            identity=identity,
            clock=centre.clock,
            attempts=FakeAttempts(clock=centre.clock),
        ),
        "downloads": Downloads(media=centre.media),
        "uploads": Uploads(
            media=centre.media, identity=identity, clock=centre.clock, randomness=centre.randomness
        ),
    }
    for name, service in services.items():
        patch.setattr(wiring, name, partial(_given, service))
    acting = citizen_services(
        requests=centre.requests, contacts=centre.contacts, media=centre.media, **common
    )
    for name, service in acting.items():
        patch.setattr(wiring_citizen, name, partial(_given, service))
    patch.setattr(wiring_messages, "message_history", lambda: MessageHistory(sends=centre.sends))
    chosen = CitizenPreferences(
        store=centre.preferences,
        requests=centre.requests,
        contacts=centre.contacts,
        links=acting["links"],
        identity=identity,
        clock=centre.clock,
    )
    patch.setattr(wiring_messages, "preferences", partial(_given, chosen))
    centre.tokens = {name: credentials.issue(name, scopes)[1] for name, scopes in SCOPES.items()}
    from app import app

    centre.client = Client(app, stage_name="local")
    return centre
