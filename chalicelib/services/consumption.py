"""Let a secretariat work on its queue over HTTP: receive, acknowledge, give back, hold longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain import orders
from chalicelib.domain.access import Principal
from chalicelib.domain.errors import (
    ActorNotAllowed,
    Fault,
    InvalidInput,
    NotFound,
    ReceiptExpired,
    StaleVersion,
    TimelineFull,
    TransitionNotAllowed,
    Unavailable,
)
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from chalicelib.services.casework import Casework
from chalicelib.services.commands import MOST_TRIES, Command
from chalicelib.services.integrations import Polls
from chalicelib.services.ports.basics import CatalogueSource
from chalicelib.services.ports.delivery import HoldTooLong, SecretariatQueues
from chalicelib.services.ports.requests import RequestStore
from chalicelib.services.receipts import Receipt

MOST_AT_ONCE = 10
LONGEST_WAIT_SECONDS = 10
LONGEST_HOLD_SECONDS = 43_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A message in a consumer's hands until its receipt expires."""

    receipt: str
    receive_count: int
    message: Mapping[str, Any]


class Outcome(StrEnum):
    """What became of one receipt."""

    DONE = "done"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptOutcome:
    """What became of the receipt for message `seq` of `protocol`."""

    protocol: Protocol
    seq: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """The queue of a secretariat, for whoever holds its key."""

    queues: SecretariatQueues
    requests: RequestStore
    catalogue: CatalogueSource
    casework: Casework
    polls: Polls

    def receive(
        self, secretariat: str, by: Principal, *, most: int, wait_seconds: int, found: Sequence[Fault] = ()
    ) -> list[Held]:
        """Take up to `most` messages; they come back to the queue unless acknowledged in time."""
        self._admit(secretariat, by)
        faults = [
            *found,
            *_range_fault("max", most, 1, MOST_AT_ONCE, found),
            *_range_fault("wait", wait_seconds, 0, LONGEST_WAIT_SECONDS, found),
        ]
        if faults:
            raise InvalidInput(*faults)
        self.polls.polled(secretariat)
        return [
            Held(
                receipt=Receipt(
                    secretariat=secretariat,
                    protocol=Protocol(one.message["subject"]),
                    seq=one.message["data"]["seq"],
                    handle=one.receipt,
                ).token(),
                receive_count=one.receive_count,
                message=one.message,
            )
            for one in self.queues.receive(secretariat, most=most, wait_seconds=wait_seconds)
        ]

    def acknowledge(
        self, secretariat: str, by: Principal, tokens: Sequence[str], *, found: Sequence[Fault] = ()
    ) -> list[ReceiptOutcome]:
        """Remove messages that were received for good; with the secretariat's switch on, accept them.

        Accepting comes first, so that a call that breaks off in between is repaired by repeating it.

        Raises:
            ReceiptExpired: every receipt is.
            InvalidInput: a token is not one of this queue's; nothing was done.
        """
        receipts = self._receipts(secretariat, by, tokens, found)
        accepts = self.catalogue.current().secretariats[secretariat].ack_accepts

        def acknowledge(receipt: Receipt) -> None:
            if accepts:
                self._accept(receipt, by)
            self.queues.ack(secretariat, receipt.handle)

        return _each(receipts, acknowledge)

    def give_back(
        self,
        secretariat: str,
        by: Principal,
        tokens: Sequence[str],
        *,
        delay_seconds: int,
        found: Sequence[Fault] = (),
    ) -> list[ReceiptOutcome]:
        """Return messages that could not be handled; they come again after `delay_seconds`.

        Later messages of the same protocols wait behind them. At the tenth return a message goes to
        the dead letters.
        """
        wrong = [*found, *_range_fault("delay_seconds", delay_seconds, 0, LONGEST_HOLD_SECONDS, found)]
        receipts = self._receipts(secretariat, by, tokens, wrong)
        return self._hold(receipts, "delay_seconds", delay_seconds)

    def extend(
        self,
        secretariat: str,
        by: Principal,
        tokens: Sequence[str],
        *,
        seconds: int,
        found: Sequence[Fault] = (),
    ) -> list[ReceiptOutcome]:
        """Keep messages for `seconds` from now; SQS lets nobody hold one longer than twelve hours."""
        wrong = [*found, *_range_fault("seconds", seconds, 1, LONGEST_HOLD_SECONDS, found)]
        receipts = self._receipts(secretariat, by, tokens, wrong)
        return self._hold(receipts, "seconds", seconds)

    def _hold(self, receipts: Sequence[Receipt], name: str, seconds: int) -> list[ReceiptOutcome]:
        try:
            return _each(receipts, lambda one: self.queues.hold(one.secretariat, one.handle, seconds))
        except HoldTooLong as error:
            facts = {"most": LONGEST_HOLD_SECONDS, "counted_from": "receive"}
            raise InvalidInput(Fault(path=name, reason="out_of_range", facts=facts)) from error

    def _admit(self, secretariat: str, by: Principal) -> None:
        if not by.is_focal_point_of(secretariat):
            raise ActorNotAllowed
        if secretariat not in self.catalogue.current().secretariats:
            raise NotFound("secretariat", secretariat)

    def _receipts(
        self, secretariat: str, by: Principal, tokens: Sequence[str], found: Sequence[Fault]
    ) -> list[Receipt]:
        self._admit(secretariat, by)
        faults, receipts = list(found), list[Receipt]()
        if not tokens and not any(fault.path == "receipts" for fault in found):
            faults.append(Fault(path="receipts", reason="required"))
        elif len(tokens) > MOST_AT_ONCE:
            faults.append(Fault(path="receipts", reason="too_many", facts={"most": MOST_AT_ONCE}))
        for index, token in enumerate(tokens[:MOST_AT_ONCE]):
            try:
                receipts.append(Receipt.parse(token))
            except ValueError:
                faults.append(Fault(path=f"receipts.{index}", reason="malformed"))
        if any(receipt.secretariat != secretariat for receipt in receipts):
            raise ActorNotAllowed
        if faults:
            raise InvalidInput(*faults)
        return receipts

    def _accept(self, receipt: Receipt, by: Principal) -> None:
        """Accept the request at the holder's word; one that is no longer waiting for that is fine."""
        key = f"ack {receipt.secretariat} {receipt.protocol}#{receipt.seq}"
        command = Command(owner=by.name, key=key, body=b"")
        for _ in range(MOST_TRIES):
            request = self.requests.load(receipt.protocol)
            if not _awaits_acceptance(request, receipt):
                return
            try:
                self.casework.carry_out(
                    receipt.protocol, orders.Accept(), by, command, seen_version=request.version
                )
            except StaleVersion:
                continue
            except (TransitionNotAllowed, ActorNotAllowed, TimelineFull):
                return
            return
        raise Unavailable


def _awaits_acceptance(request: ServiceRequest, receipt: Receipt) -> bool:
    """Tell whether the acknowledged message is from this stay of the request in the queue.

    The receipt of an older message must not accept a request that was reopened or came back since:
    of that the consumer has not been told yet.
    """
    arrived = max(entry.seq for entry in request.timeline if "held_since" in entry.data.get("changes", {}))
    waits_here = request.state.status is Status.QUEUED and request.state.secretariat == receipt.secretariat
    return waits_here and receipt.seq >= arrived


def _each(receipts: Sequence[Receipt], act: Callable[[Receipt], None]) -> list[ReceiptOutcome]:
    outcomes = []
    for receipt in receipts:
        try:
            act(receipt)
            outcome = Outcome.DONE
        except ReceiptExpired:
            outcome = Outcome.EXPIRED
        outcomes.append(ReceiptOutcome(protocol=receipt.protocol, seq=receipt.seq, outcome=outcome))
    if all(one.outcome is Outcome.EXPIRED for one in outcomes):
        raise ReceiptExpired
    return outcomes


def _range_fault(path: str, value: int, least: int, most: int, found: Sequence[Fault]) -> list[Fault]:
    """Refuse a figure out of range, unless it could not even be read."""
    if least <= value <= most or any(fault.path == path for fault in found):
        return []
    return [Fault(path=path, reason="out_of_range", facts={"least": least, "most": most})]
