"""Give every store contract its engines: the fake, moto, and (marked `e2e`) ministack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines import ministack_server, moto_server
from tests.faulty_proxy import FaultyProxy, faulty_proxy


@pytest.fixture(scope="session")
def moto() -> Iterator[FaultyProxy]:
    with moto_server() as url, faulty_proxy(url) as proxy:
        yield proxy


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyProxy]:
    with ministack_server(tmp_path_factory.mktemp("ministack")) as url, faulty_proxy(url) as proxy:
        yield proxy
