"""What a run leaves for its clients and for the next run."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where the system listens and the keys that open it; for clients, scripts and tests."""

    base_url: str
    engine_url: str
    region: str
    stage: str
    account_id: str
    stacks: tuple[str, ...]
    media_bucket: str
    keys: dict[str, str] = field(default_factory=dict)
    queues: dict[str, str] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Store them where only their owner reads: the keys are real ones of this machine."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Load those of the last run; None if there was none."""
        if not path.exists():
            return None
        data: dict[str, Any] = json.loads(path.read_text())
        return cls(**data | {"stacks": tuple(data["stacks"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """What the next run must know: the engine's port, and since when changes may be unrelayed.

    `unrelayed_since` is None after a clean stop: nothing is left. While a run lasts it is the run's start.
    """

    engine_port: int
    unrelayed_since: datetime | None

    def write(self, path: Path) -> None:
        """Replace the record in one step."""
        partial = path.with_suffix(".partial")
        since = self.unrelayed_since.isoformat() if self.unrelayed_since else None
        content = {"engine_port": self.engine_port, "unrelayed_since": since}
        partial.write_text(json.dumps(content) + "\n")
        partial.replace(path)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Load the record of the last run; None if there was none."""
        if not path.exists():
            return None
        data = json.loads(path.read_text())
        since = data["unrelayed_since"]
        return cls(
            engine_port=data["engine_port"],
            unrelayed_since=datetime.fromisoformat(since) if since else None,
        )
