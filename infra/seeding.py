"""Put into a deployed stage what it needs to work: queues, catalogue; locally also demo keys.

Done by a process of its own, `infra.seeding_process`: the services it uses read the environment once, and one
process may start several stages.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from infra.packaging.package import ROOT
from infra.target import Target

Say = Callable[[str], None]
CITY = os.environ.get("CITY", "porto_alegre")
"""The folder of `infra/cities` that runs and deployments publish."""


class SeedingFailed(Exception):
    """Queues, catalogue or keys could not be made; the step's own words are in the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the seeding process is asked to do."""

    stage: str
    region: str
    endpoint_url: str | None
    demo_keys: Mapping[str, str] | None
    relay_since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What a stage has now: demo keys by role, if any were wanted, and queue URLs by secretariat."""

    keys: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)


def seed(
    target: Target,
    say: Say,
    *,
    known_demo_keys: Mapping[str, str] | None = None,
    relay_since: datetime | None = None,
) -> Seeded:
    """Deploy the secretariats' queues and publish the catalogue; return what clients need.

    `known_demo_keys` are those of an earlier run (empty on the first; None: make none). With `relay_since`
    every change since then is relayed again.

    Raises:
        SeedingFailed: a step refused.
    """
    order = Order(
        stage=target.stage,
        region=target.region,
        endpoint_url=target.endpoint_url,
        demo_keys=known_demo_keys,
        relay_since=relay_since.isoformat() if relay_since else None,
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "infra.seeding_process", json.dumps(asdict(order))],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    seeded = Seeded()
    with child:
        assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018 - both are piped
        for line in child.stdout:
            report = json.loads(line)
            seeded.keys.update(report.get("keys", {}))
            seeded.queues.update(report.get("queues", {}))
            if "say" in report:
                say(report["say"])
        error = child.stderr.read()
    if child.returncode != 0:
        raise SeedingFailed((error.strip() or "seeding ended without a word").splitlines()[-1])
    return seeded
