"""Open the stores of a contract on whichever engine a test asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from chalicelib.adapters.aws_json import AwsJsonClient
from chalicelib.adapters.dynamo.models import MODELS_BY_SUFFIX, bind
from chalicelib.settings import resource_name
from tests.engines import REGION, client_of, create_tables, drop_tables
from tests.faulty_proxy import FaultyProxy

STAGE = "contract"
PATIENCE_SECONDS = 1.0
"""How long clients wait: engines are slow on a busy machine, and silence must still be noticed soon."""

ON_MINISTACK = (pytest.mark.e2e, pytest.mark.xdist_group("e2e"))


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine with empty tables, and a client of ours to it; `proxy` makes it misbehave."""

    proxy: FaultyProxy
    client: AwsJsonClient

    def table(self, suffix: str) -> str:
        return resource_name(STAGE, suffix)


@contextmanager
def empty_tables(proxy: FaultyProxy, *suffixes: str) -> Iterator[Engine]:
    """Create the tables anew on an engine and bind the models to them."""
    create_tables(proxy.engine_url, STAGE, *suffixes)
    if MODELS_BY_SUFFIX["requests"].Meta.host != proxy.url:
        bind(lambda suffix: resource_name(STAGE, suffix), region=REGION, endpoint_url=proxy.url)
        for model in MODELS_BY_SUFFIX.values():
            model.Meta.read_timeout_seconds = PATIENCE_SECONDS  # type: ignore[assignment] # botocore takes fractions
            model.Meta.aws_access_key_id = model.Meta.aws_secret_access_key = "test"
    proxy.forget()
    with client_of(proxy.url, read_timeout_seconds=PATIENCE_SECONDS) as client:
        yield Engine(proxy, client)
    drop_tables(proxy.engine_url, STAGE, *suffixes)
