"""Run the API's entry point in a process of its own, against a stage on moto, fed with events."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import botocore.session

from chalicelib.adapters.dynamo.api_key_items import KIND as API_KEY
from chalicelib.adapters.dynamo.api_key_items import document_of
from chalicelib.adapters.dynamo.catalogue_codec import encode
from chalicelib.adapters.dynamo.lean import LeanConfig
from chalicelib.services.credentials import Credentials
from chalicelib.services.ports.people import ApiKey
from chalicelib.settings import resource_name
from tests.builders import a_catalogue
from tests.engines import REGION, client_of, create_tables, moto_server
from tests.fakes import FakeApiKeys, FakeClock
from tests.faulty_proxy import FaultyProxy, faulty_proxy

ROOT = Path(__file__).parents[1]
EVENT: dict[str, Any] = json.loads((ROOT / "events" / "api_open_request.json").read_text())
STAGE = "cost"
SCRIPT = """
import json, sys
from datetime import UTC, datetime
from app import app
from chalicelib import wiring

class Noon:
    def now(self):
        return datetime(2026, 11, 24, 15, 0, tzinfo=UTC)

wiring.clock = Noon

class Context:
    function_name = "api"; memory_limit_in_mb = 1024; aws_request_id = "1"
    invoked_function_arn = "arn:aws:lambda:sa-east-1:123456789012:function:api"

for line in sys.stdin:
    answer = app(json.loads(line), Context())
    loaded = sorted(set(sys.argv[1:]) & set(sys.modules))
    print(json.dumps({"status": answer["statusCode"], "body": answer["body"], "loaded": loaded}), flush=True)
"""


@contextmanager
def api_stage() -> Iterator[FaultyProxy]:
    """A stage with its tables, secret, catalogue and one key, behind a proxy that counts calls."""
    with moto_server() as engine:
        urllib.request.urlopen(urllib.request.Request(f"{engine}/moto-api/reset", method="POST")).close()
        create_tables(engine, STAGE)
        session = botocore.session.get_session()
        secrets = session.create_client(
            "secretsmanager",
            region_name=REGION,
            endpoint_url=engine,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        secrets.create_secret(Name="secrets", SecretString=json.dumps({"pepper": "p", "link_key": "l"}))
        publish(engine)
        with faulty_proxy(engine) as proxy:
            yield proxy


def publish(engine: str) -> None:
    """Put the small city's catalogue and the event's key where the functions read them."""
    table = resource_name(STAGE, "config")
    parts = encode(a_catalogue())
    with client_of(engine, read_timeout_seconds=10) as client:
        config = LeanConfig(client=client, table_name=table)
        config.put(API_KEY, "000000000001", {"document": document_of(the_key())})
        config.put("catalogue", "current", {"version": "v1", "parts": len(parts)})
        for number, part in enumerate(parts):
            item = {
                "kind": {"S": "catalogue"},
                "key": {"S": f"v1#{number:02d}"},
                "data": {"B": base64.b64encode(part).decode()},
            }
            client.call("PutItem", {"TableName": table, "Item": item})


def the_key() -> ApiKey:
    """Give the key whose token stands in the event."""
    keys = FakeApiKeys()
    credentials = Credentials(
        keys=keys, clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), randomness=Zeros()
    )
    key, token = credentials.issue("portal", ["channel:web"])
    assert EVENT["headers"]["Authorization"] == f"Bearer {token}"
    return key


class Zeros:
    """Randomness that is known: the first draw names the key, the others are its secret."""

    def __init__(self) -> None:
        self.drawn = 0

    def seed(self) -> bytes:
        self.drawn += 1
        return (1 if self.drawn == 1 else 0).to_bytes(16, "big")


class ApiProcess:
    """The API's entry point in a process of its own; `modules` are those whose loading it reports."""

    def __init__(self, endpoint_url: str, modules: Sequence[str] = (), under: Sequence[str] = ()) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONHASHSEED": "0",
            "STAGE": STAGE,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "PUBLIC_BASE_URL": "https://156.example",
            "SECRETS_ARN": "secrets",
            "MEDIA_BUCKET": "media",
            "SENDER_EMAIL": "",
        }
        self.process = subprocess.Popen(
            [*under, sys.executable, "-c", SCRIPT, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if under else None,
            text=True,
            env=environment,
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> str:
        """Let it end, and return what it wrote to its error output."""
        return self.process.communicate(timeout=60)[1] or ""


def ask(process: subprocess.Popen[str], event: dict[str, Any]) -> dict[str, Any]:
    """Hand an event to the process and read its answer; log lines stand between."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(event) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        answer: dict[str, Any] = json.loads(line)
        if "loaded" in answer:
            return answer
    raise AssertionError("the process ended without an answer")
