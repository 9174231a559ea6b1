"""Keep what each sweep run found and what came of it."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import OperationModel
from chalicelib.domain.errors import NotFound
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Clock, Page
from chalicelib.services.ports.timers import Outcome, ShardPaged, SweepReport

RUNS = "sweeps"
SHARD, HANDED, OUTCOME = "shard#", "handed#", "outcome#"
KEPT_FOR = timedelta(days=30)
MOST_RUNS_BACK = 300
"""A little more than a day of runs every five minutes: one that is older was closed, or never will be."""
DIGEST_LENGTH = 16

_shards = msgspec.json.Decoder(ShardPaged)
_pages = msgspec.json.Decoder(tuple[Protocol, ...])
_reports = msgspec.json.Decoder(SweepReport)


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSweeps:
    """The `SweepLog` port: one partition lists the runs, and each run has its own.

    A run stands in the list by its name: names must sort as the runs began.
    """

    clock: Clock

    def begin(self, run: str, at: datetime) -> None:
        """Note that a run began; a second time changes nothing."""
        line = self._line(RUNS, run, document=_written(SweepReport(run=run, started_at=at)), closed=0)
        happened(lambda: line.save(condition=OperationModel.line.does_not_exist()))

    def handed_out(self, run: str, shard: int, protocols: Sequence[Protocol]) -> None:
        """Note what is about to be handed out, a line per page; a page repeated is the same line."""
        document = msgspec.json.encode(protocols).decode()
        digest = hashlib.sha256(document.encode()).hexdigest()[:DIGEST_LENGTH]
        line = self._line(_run(run), f"{HANDED}{shard:02d}#{digest}", document=document)
        with translated_failures():
            line.save()

    def shard_paged(self, run: str, paged: ShardPaged) -> None:
        """Note that a shard was paged to its end; only one that found anything replaces one before."""
        document = msgspec.json.encode(paged).decode()
        line = self._line(_run(run), f"{SHARD}{paged.shard:02d}", document=document)
        first = OperationModel.line.does_not_exist() if paged.oldest_at is None else None
        happened(lambda: line.save(condition=first))

    def record(self, run: str, protocol: Protocol, outcome: Outcome) -> None:
        """Note what came of one request: the outcome that says most stays."""
        line = self._line(_run(run), f"{OUTCOME}{protocol}", outcome=outcome.value)
        says_more = OperationModel.line.does_not_exist() | (OperationModel.outcome == Outcome.FAILED)
        if outcome is Outcome.ACTED:
            says_more |= OperationModel.outcome == Outcome.ALREADY
        happened(lambda: line.save(condition=says_more))

    def report(self, run: str) -> SweepReport:
        """Read a run with its shards and its outcomes counted, or raise `NotFound`."""
        with translated_failures():
            try:
                line = OperationModel.get(RUNS, run, consistent_read=True)
            except DoesNotExist as error:
                raise NotFound("sweep", run) from error
        return _report(line)

    def open_runs(self) -> list[str]:
        """List the runs that are not closed, the oldest first; it looks back for about a day."""
        with translated_failures():
            lines = OperationModel.query(
                RUNS, scan_index_forward=False, limit=MOST_RUNS_BACK, consistent_read=True
            )
            return [line.line for line in lines if not line.closed][::-1]

    def close(self, report: SweepReport) -> None:
        """Keep the final figures of a run."""
        line = self._line(RUNS, report.run, document=_written(report), closed=1)
        with translated_failures():
            line.save()

    def recent(self, *, limit: int, cursor: str | None = None) -> Page[SweepReport]:
        """List runs, the newest first; those that are still open with the figures so far."""
        start = None
        if cursor is not None:
            (run,) = position_of(cursor, 1)
            start = {"subject": {"S": RUNS}, "line": {"S": run}}
        with translated_failures():
            found = OperationModel.query(
                RUNS, scan_index_forward=False, limit=limit, page_size=limit, last_evaluated_key=start
            )
            lines = list(found)
        last = found.last_evaluated_key
        return Page(
            items=tuple(_report(line) for line in lines),
            next=cursor_of(last["line"]["S"]) if last else None,
        )

    def _line(self, subject: str, line: str, **attributes: Any) -> OperationModel:
        expires_at = int((self.clock.now() + KEPT_FOR).timestamp())
        return OperationModel(subject, line, expires_at=expires_at, **attributes)


def _report(line: OperationModel) -> SweepReport:
    """Read what was kept at the end of a run, or count what is there so far."""
    report = _reports.decode(line.document or "")
    if line.closed:
        return report
    with translated_failures():
        lines = list(OperationModel.query(_run(report.run), consistent_read=True))
    pages = (_pages.decode(document) for document in _documents(lines, HANDED))
    return dataclasses.replace(
        report,
        shards=tuple(_shards.decode(document) for document in _documents(lines, SHARD)),
        eligible=len(set(chain.from_iterable(pages))),
        outcomes=dict(Counter(Outcome(line.outcome) for line in lines if line.outcome)),
    )


def _documents(lines: Iterable[OperationModel], kind: str) -> Iterator[str]:
    return (line.document or "" for line in lines if line.line.startswith(kind))


def _written(report: SweepReport) -> str:
    return msgspec.json.encode(report).decode()


def _run(run: str) -> str:
    return f"sweep#{run}"
