"""Turn queue, stream and schedule records into service calls; what fails is raised for its retry.

The batch loop is our own: Powertools' is 401 M instructions to import, and the API imports this module too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from chalicelib import wiring, wiring_delivery, wiring_messages, wiring_surveys, wiring_timers
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.levels import EscalationLevel
from chalicelib.observability import logger
from chalicelib.services.ports.notices import (
    DecisionNotice,
    DigestNotice,
    NotSent,
    ProviderReport,
    Queued,
    Receipt,
    SurveyNotice,
)
from chalicelib.services.ports.timers import Look, RecountJob, ShardJob

Record = Mapping[str, Any]
BatchAnswer = dict[str, Any]

MOST_RECEIVES = 4
"""After so many the queues of `infra/template.json` give a message up as a dead letter."""
MOST_RECEIVES_OF_A_NOTICE = 100
"""Notices are given up later: a provider may be down for hours, and citizens are told in order."""
SHORTEST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30, 900
PATIENT_FOR = 4
"""Later tries wait for the queue's own time at least, or a provider's short waits would use all up."""
VISIBILITY_SECONDS = 360
SOFT_BOUNCE = "Transient/General"
"""What an absence notice is reported as too, so it proves nothing."""
_RECEIPTS = {"Delivery": Receipt.DELIVERED, "Bounce": Receipt.BOUNCED, "Complaint": Receipt.COMPLAINED}


class MailEvent(msgspec.Struct):
    """An event of SES as `infra/template.json` cuts it to size: ids and codes, no address."""

    event: str
    id: str
    at: datetime
    bounce: str = ""


def relay_changes(records: Sequence[Record]) -> None:
    """Deliver a batch of the requests table's stream.

    A transient failure raises: the stream repeats the batch, in halves, and hands it to the failure
    queue in the end. A permanent one is parked and logged for its alarm, and the others go on.
    """
    relayed = wiring_delivery.relay().relay(records)
    for parked in relayed.parked:
        logger.error(
            "request undelivered",
            extra={
                "protocol": parked.protocol,
                "first_seq": parked.first_seq,
                "last_seq": parked.last_seq,
                "reason": parked.reason,
            },
        )
    logger.info("changes relayed", extra={"changes": relayed.changes, "messages": relayed.messages})


def tick() -> None:
    """Do what is done every five minutes; a step that fails is raised after the others are done.

    Lambda then repeats all of it, which is harmless.
    """
    now, failures = wiring.clock().now(), list[Exception]()
    steps = (
        _begin_sweep,
        _watch_integrations,
        _release_notices,
        _start_digests,
        _close_sweeps,
        _fold_surveys,
    )
    for step in steps:
        try:
            step(now)
        except Exception as error:
            logger.exception("tick interrupted", extra={"step": step.__name__})
            failures.append(error)
    if failures:
        raise failures[0]


def page_jobs(records: Sequence[Record]) -> BatchAnswer:
    """Page through what is due in shards, or through the open requests of secretariats."""
    return _each(records, _page)


def attend_requests(records: Sequence[Record]) -> BatchAnswer:
    """Decide on requests that somebody must look at."""
    return _each(records, _attend)


def tell_people(records: Sequence[Record]) -> BatchAnswer:
    """Tell people of decisions, and send them their digests."""
    return _each(records, _notify, hold=_hold)


def take_receipts(records: Sequence[Record]) -> BatchAnswer:
    """Note what became of e-mails that the provider took."""
    return _each(records, _take_receipt)


def _each(
    records: Sequence[Record],
    work: Callable[[Record], object],
    hold: Callable[[Record, Exception], None] | None = None,
) -> BatchAnswer:
    """Work on each record and report those that failed; only these come back from the queue.

    Whatever fails with one record, even its own reading, must not cost the others their work: it is logged
    without the body, and the queue is its retry. Only those behind it in its group wait with it, in order;
    `hold` says when they come again.
    """
    failed: list[dict[str, str]] = []
    stopped: dict[str, Exception] = {}
    for record in records:
        group = record["attributes"].get("MessageGroupId")
        error = stopped.get(group)
        if error is None:
            try:
                work(record)
                continue
            except Exception as raised:
                facts = {"message_id": record["messageId"], "receives": _receives(record)}
                logger.exception("message failed", extra=facts)
                error = raised
        failed.append({"itemIdentifier": record["messageId"]})
        if group is not None:
            stopped[group] = error
        if hold is not None:
            hold(record, error)
    return {"batchItemFailures": failed}


def _begin_sweep(now: datetime) -> None:
    run = wiring_timers.sweep().begin()
    logger.info("sweep begun", extra={"run": run})


def _close_sweeps(now: datetime) -> None:
    for report in wiring_timers.sweep().close_finished():
        outcomes = {outcome.value: count for outcome, count in report.outcomes.items()}
        facts = {"run": report.run, "eligible": report.eligible, **outcomes}
        if report.adds_up:
            logger.info("sweep closed", extra=facts)
        else:
            logger.error("sweep does not add up", extra=facts)


def _watch_integrations(now: datetime) -> None:
    for polling in wiring_delivery.integrations().check(now):
        logger.error(
            "secretariat does not poll",
            extra={"secretariat": polling.secretariat, "idle_since": polling.idle_since},
        )


def _release_notices(now: datetime) -> None:
    released = wiring_timers.waiting_notices().release_deferred(now)
    logger.info("notices released", extra={"notices": released})


def _start_digests(now: datetime) -> None:
    started = wiring_timers.digests().start(now)
    logger.info("digests started", extra={"people": len(started)})


def _fold_surveys(now: datetime) -> None:
    days = wiring_surveys.survey_counting().count_marked(now)
    logger.info("surveys counted", extra={"days": [day.isoformat() for day in days]})


def _page(record: Record) -> None:
    job = _job(record)
    paged = wiring_timers.pager().page(job)
    facts = {**msgspec.to_builtins(job), "handed_out": paged.handed_out}
    if paged.is_late and paged.waited is not None:
        logger.error("due timers wait", extra={**facts, "waited_seconds": paged.waited.total_seconds()})
    else:
        logger.info("job paged", extra=facts)


def _attend(record: Record) -> None:
    look = msgspec.json.decode(record["body"], type=Look)
    is_last_try = _receives(record) >= MOST_RECEIVES
    try:
        looked = wiring_timers.attendance().look(look, is_last_try=is_last_try)
    except Exception:
        if is_last_try:
            logger.error("look failed for good", extra=asdict(look))
        raise
    if EscalationLevel.LEGAL_BREACH in looked.levels:
        logger.error("legal deadline breached", extra=asdict(look))
    logger.info(
        "request looked at", extra={**asdict(look), "outcome": looked.outcome, "levels": looked.levels}
    )


def _notify(record: Record) -> None:
    notice = _notice(record)
    facts = msgspec.json.decode(record["body"], type=dict[str, Any])
    if isinstance(notice, SurveyNotice):
        came_to = wiring_surveys.survey_steps().take(notice)
        logger.info("survey step taken", extra={**facts, "came_to": came_to})
        return
    facts.pop("follower", None)  # a pseudonym is personal too
    notified = wiring_messages.notifying().notify(notice)
    if notified.reached_nobody:
        logger.error("nobody to tell", extra=facts)
    logger.info("notice told", extra={**facts, **asdict(notified)})


def _take_receipt(record: Record) -> None:
    event = msgspec.json.decode(record["body"], type=MailEvent)
    receipt = _RECEIPTS[event.event]
    is_final = event.bounce != SOFT_BOUNCE
    report = ProviderReport(provider_id=event.id, receipt=receipt, at=event.at, is_final=is_final)
    send = wiring_messages.provider_receipts().take(report)
    told = {"subject": send.subject, "kind": send.kind, "to": send.to} if send else {}
    logger.info("receipt taken", extra={"receipt": receipt, "final": is_final, **told})


def _hold(record: Record, error: Exception) -> None:
    """Come again when the provider said; the queue's own time holds if that cannot be set."""
    wished = error.retry_after_seconds if isinstance(error, NotSent) else None
    if wished is None:
        return
    shortest = SHORTEST_WAIT_SECONDS if _receives(record) <= PATIENT_FOR else VISIBILITY_SECONDS
    seconds = min(max(wished, shortest), LONGEST_WAIT_SECONDS)
    try:
        wiring_timers.notices().hold(record["receiptHandle"], seconds)
    except Unavailable:
        logger.warning("message not held", extra={"message_id": record["messageId"]})


def _job(record: Record) -> ShardJob | RecountJob:
    job = msgspec.json.decode(record["body"], type=dict[str, Any])
    kind: type[ShardJob | RecountJob] = ShardJob if "shard" in job else RecountJob
    return msgspec.convert(job, kind)


def _notice(record: Record) -> Queued:
    notice = msgspec.json.decode(record["body"], type=dict[str, Any])
    kind: type[Queued] = DecisionNotice if "protocol" in notice else DigestNotice
    if "generation" in notice:
        kind = SurveyNotice
    return msgspec.convert(notice, kind)


def _receives(record: Record) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])
