"""`make deploy` brings up a stage; here an engine stands in for AWS."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.engine import Engine
from infra.local.ports import free_port
from infra.packaging.package import ROOT
from infra.stacks import Stack
from infra.target import Target


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    engine = Engine(directory=tmp_path, port=free_port())
    engine.start()
    yield Target(stage="dev", endpoint_url=engine.url)
    engine.stop()


def deploy(target: Target, *options: str) -> str:
    result = subprocess.run(
        [
            sys.executable, "-m", "infra", "deploy", "--stage", target.stage,
            "--endpoint-url", str(target.endpoint_url), "--yes", *options,
        ],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_stage_is_deployed_and_deployed_again_without_change(target: Target) -> None:
    first = deploy(target, "--operators-email", "operacao@example.org")
    again = deploy(target)

    stack = Stack(target=target, name=target.stack_name)
    parameters = stack.parameters()
    assert "creating stack central156-dev" in first
    assert "stack central156-dev" not in again
    assert parameters["OperatorsEmail"] == "operacao@example.org"
    assert parameters["PublicBaseUrl"] == stack.outputs()["EndpointURL"].rstrip("/")


def test_a_deployment_keeps_the_secrets_it_made(target: Target) -> None:
    manager = target.client("secretsmanager")
    deploy(target)
    made = manager.get_secret_value(SecretId=target.resource_name("secrets"))["SecretString"]

    deploy(target)

    kept = manager.get_secret_value(SecretId=target.resource_name("secrets"))["SecretString"]
    assert kept == made
