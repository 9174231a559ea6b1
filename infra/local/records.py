"""What a run leaves for its clients and for the next run."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from infra.local.files import replace_text


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
        replace_text(path, json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")

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

    `unrelayed_since` is about the state that the engine saves at the end of the run: while the run lasts it
    is the run's start, after a clean stop None, for nothing is left. `unrelayed_before` is about the state
    that the run began with, which is the one that remains when the engine ends without saving.
    """

    engine_port: int
    unrelayed_since: datetime | None
    unrelayed_before: datetime | None = None

    def unrelayed(self, *, saved: bool) -> datetime | None:
        """Tell since when changes may be unrelayed, after an engine that saved its state or did not."""
        if saved:
            return self.unrelayed_since
        moments = (self.unrelayed_before, self.unrelayed_since)  # it may have saved a part
        return min((moment for moment in moments if moment is not None), default=None)

    def write(self, path: Path) -> None:
        """Replace the record in one step."""
        content = {
            "engine_port": self.engine_port,
            "unrelayed_since": _written(self.unrelayed_since),
            "unrelayed_before": _written(self.unrelayed_before),
        }
        replace_text(path, json.dumps(content) + "\n")

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Load the record of the last run; None if there was none."""
        if not path.exists():
            return None
        data = json.loads(path.read_text())
        return cls(
            engine_port=data["engine_port"],
            unrelayed_since=_read(data["unrelayed_since"]),
            unrelayed_before=_read(data.get("unrelayed_before")),
        )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
