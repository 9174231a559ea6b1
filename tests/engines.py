"""Start real engines for the stores' contract: moto's server in this process, ministack beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

from chalicelib.adapters.aws_json import DYNAMODB, AwsJsonClient
from chalicelib.adapters.system import SystemClock
from infra.local.engine import Engine
from infra.local.ports import LOOPBACK, free_port

REGION = "sa-east-1"
TEMPLATE = Path(__file__).parents[1] / "infra" / "template.json"


@dataclass(frozen=True, slots=True)
class FixedCredentials:
    """Keys that every engine accepts."""

    access_key_id: str = "test"
    secret_access_key: str = "test"
    session_token: str | None = None


@contextmanager
def moto_server() -> Iterator[str]:
    """Run moto as a server and give its address."""
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def ministack_server(directory: Path) -> Iterator[str]:
    """Run the embedded engine of `make run` on a free port and give its address."""
    engine = Engine(directory=directory, port=free_port())
    engine.start()
    try:
        yield engine.url
    finally:
        engine.kill()


def table_definitions() -> list[dict[str, Any]]:
    """Read the tables that are deployed, as `CreateTable` takes them; `{stage}` stands in their names."""
    resources = json.loads(TEMPLATE.read_text())["Resources"].values()
    tables = [r["Properties"] for r in resources if r.get("Type") == "AWS::DynamoDB::Table"]
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return [
        {name: table[name] for name in wanted if name in table}
        | {"TableName": table["TableName"]["Fn::Sub"].replace("${Stage}", "{stage}")}
        for table in tables
    ]


@contextmanager
def client_of(endpoint_url: str, **changes: Any) -> Iterator[AwsJsonClient]:
    """Give a client of ours to an engine's DynamoDB."""
    client = AwsJsonClient(
        **{
            "service": DYNAMODB,
            "region": REGION,
            "credentials": FixedCredentials(),
            "clock": SystemClock(),
            "endpoint_url": endpoint_url,
            **changes,
        }
    )
    try:
        yield client
    finally:
        client.close()


def create_table_in_process(client: Any, stage: str, suffix: str) -> None:
    """Create one table of a stage through a botocore client of moto's in this process."""
    for definition in table_definitions():
        name = definition["TableName"].format(stage=stage)
        if name.rpartition("-")[2] == suffix:
            client.create_table(**definition | {"TableName": name})


def create_tables(endpoint_url: str, stage: str, *suffixes: str) -> None:
    """Create a stage's tables (all, or those named) as the template declares them."""
    with client_of(endpoint_url, read_timeout_seconds=10) as client:
        for definition in table_definitions():
            name = definition["TableName"].format(stage=stage)
            if not suffixes or name.rpartition("-")[2] in suffixes:
                client.call("CreateTable", {**definition, "TableName": name})


def drop_tables(endpoint_url: str, stage: str, *suffixes: str) -> None:
    """Delete what `create_tables` has created."""
    with client_of(endpoint_url, read_timeout_seconds=10) as client:
        for name in client.call("ListTables", {})["TableNames"]:
            if f"-{stage}-" in name and (not suffixes or name.rpartition("-")[2] in suffixes):
                client.call("DeleteTable", {"TableName": name})
