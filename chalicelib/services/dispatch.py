"""Send messages to the secretariats' queues, in order per protocol, and note what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import QueueMissing, Unavailable
from chalicelib.domain.protocols import Protocol
from chalicelib.services.ports.basics import Clock
from chalicelib.services.ports.delivery import Delivery, DeliveryLog, MessagesRefused, SecretariatQueues

QUEUE_MISSING, TOO_LARGE, REFUSED = "queue_missing", "too_large", "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """A protocol that stops at decision `seq` for a reason that no retry will cure."""

    protocol: Protocol
    seq: int
    reason: str


@dataclass(slots=True, kw_only=True)
class Dispatched:
    """What became of a set of messages; an `interruption` says that some must be sent again."""

    sent: int = 0
    undeliverable: list[Undeliverable] = field(default_factory=list)
    interruption: Unavailable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Sends in waves: one decision of every protocol at a time, grouped by queue.

    So a batch never holds two messages of one protocol, a protocol that stops at a decision sends
    none of its later ones, to whichever queue, and the others go on. A former holder without a
    queue stops nothing; its line stands in its feed, should it ever read it.
    """

    queues: SecretariatQueues
    log: DeliveryLog
    clock: Clock

    def send(self, messages: Iterable[Message]) -> Dispatched:
        """Send everything that can be sent and note it in the change feeds."""
        waiting = _by_decision(messages)
        outcome = Dispatched()
        while waiting:
            wave = [decisions.pop(0) for decisions in waiting.values()]
            stopped = self._send_wave(wave, outcome)
            waiting = {p: rest for p, rest in waiting.items() if rest and p not in stopped}
        return outcome

    def _send_wave(self, wave: Sequence[Sequence[Message]], outcome: Dispatched) -> set[Protocol]:
        """Send one decision of each protocol; return the protocols that stop here."""
        by_secretariat: defaultdict[str, list[Message]] = defaultdict(list)
        reasons: dict[Protocol, str | None] = {}
        for decision in wave:
            if any(message.is_too_large for message in decision):
                reasons[decision[0].protocol] = TOO_LARGE
                continue
            for message in decision:
                by_secretariat[message.secretariat].append(message)
        for secretariat, batch in by_secretariat.items():
            for protocol, reason in self._send_batch(secretariat, batch, outcome).items():
                reasons[protocol] = reasons.get(protocol) or reason
        seqs = {decision[0].protocol: decision[0].seq for decision in wave}
        outcome.undeliverable += [
            Undeliverable(protocol=protocol, seq=seqs[protocol], reason=reason)
            for protocol, reason in reasons.items()
            if reason is not None
        ]
        return set(reasons)

    def _send_batch(
        self, secretariat: str, batch: Sequence[Message], outcome: Dispatched
    ) -> dict[Protocol, str | None]:
        """Send to one queue; return which protocols stop and why (None: a retry may cure it)."""
        stopped: dict[Protocol, str | None] = {}
        try:
            self.queues.send(secretariat, batch)
        except QueueMissing:
            stopped = {message.protocol: QUEUE_MISSING for message in batch if message.to_holder}
        except MessagesRefused as refusal:
            stopped = dict.fromkeys(refusal.protocols, REFUSED)
        except Unavailable as error:
            outcome.interruption = error
            return {message.protocol: None for message in batch}
        sent = [message for message in batch if message.protocol not in stopped]
        return stopped | self._note(sent, outcome)

    def _note(self, sent: Sequence[Message], outcome: Dispatched) -> dict[Protocol, str | None]:
        """Write the change feed after sending: a line that is missing here is written by the retry."""
        now = self.clock.now()
        try:
            self.log.note(
                [Delivery(secretariat=m.secretariat, protocol=m.protocol, seq=m.seq, at=now) for m in sent]
            )
        except Unavailable as error:
            outcome.interruption = error
            return dict.fromkeys((m.protocol for m in sent), None)
        outcome.sent += len(sent)
        return {}


def _by_decision(messages: Iterable[Message]) -> dict[Protocol, list[list[Message]]]:
    """Group messages by protocol, and those of one decision (it may tell several) together."""
    grouped: defaultdict[Protocol, list[list[Message]]] = defaultdict(list)
    for message in messages:
        decisions = grouped[message.protocol]
        if decisions and decisions[-1][0].seq == message.seq:
            decisions[-1].append(message)
        else:
            decisions.append([message])
    return dict(grouped)
