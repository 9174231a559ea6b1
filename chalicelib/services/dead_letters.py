"""Deal with what secretariats failed to consume: show it, send it again, set it aside.

A dead letter's text is neither trusted nor shown: operators see what it is about, and sending it
again means deriving it anew from the table under a deduplication id of its own, then deleting it. A
crash in between repeats the message and loses nothing. Every intervention is recorded before it is
carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.access import Principal
from chalicelib.domain.envelopes import Message
from chalicelib.domain.errors import NotFound
from chalicelib.services.messages import Messages
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.delivery import DeadLetter, MessagesRefused, SecretariatQueues
from chalicelib.services.ports.operations import AuditTrail, Intervention, Quarantine, Quarantined
from chalicelib.services.ports.requests import RequestStore


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterList:
    """A secretariat's dead letters, without their texts, and those set aside."""

    letters: tuple[DeadLetter, ...]
    quarantined: tuple[Quarantined, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """The dead letters of each secretariat; calls about all of them deal with a hundred at most."""

    queues: SecretariatQueues
    quarantine_store: Quarantine
    requests: RequestStore
    catalogue: CatalogueSource
    messages: Messages
    audit: AuditTrail
    clock: Clock

    def show(self, secretariat: str) -> DeadLetterList:
        """List what lies in the dead-letter queue and in quarantine."""
        return DeadLetterList(
            letters=tuple(self._letters(secretariat)),
            quarantined=tuple(self.quarantine_store.of(secretariat)),
        )

    def redrive(self, secretariat: str, message_id: str, by: Principal) -> None:
        """Send one dead letter again, also one in quarantine.

        Raises:
            NotFound: it is neither here nor there, or its request is gone.
            QueueMissing, Unavailable: it stays where it is.
        """
        letter = self._find(secretariat, message_id)
        self._record(by, "dead_letter_redriven", secretariat, [letter])
        if not self._send_again(secretariat, [letter]):
            raise NotFound("request", letter.protocol)
        self.quarantine_store.remove(secretariat, message_id)

    def redrive_all(self, secretariat: str, by: Principal) -> int:
        """Send the dead letters again, in order per protocol; return how many. Quarantine stays."""
        letters = self._letters(secretariat)
        self._record(by, "dead_letters_redriven", secretariat, letters)
        return len(self._send_again(secretariat, letters))

    def quarantine(self, secretariat: str, message_id: str, by: Principal) -> None:
        """Set one dead letter aside, where neither alarms nor a redrive of all see it.

        Raises:
            NotFound: it is not in the dead-letter queue.
        """
        found = [one for one in self._letters(secretariat) if one.message_id == message_id]
        if not found:
            raise NotFound("dead_letter", message_id)
        self._record(by, "dead_letter_quarantined", secretariat, found)
        self._set_aside(secretariat, found, by)

    def quarantine_all(self, secretariat: str, by: Principal) -> int:
        """Set every dead letter aside; return how many."""
        letters = self._letters(secretariat)
        self._record(by, "dead_letters_quarantined", secretariat, letters)
        return self._set_aside(secretariat, letters, by)

    def _letters(self, secretariat: str) -> list[DeadLetter]:
        if secretariat not in self.catalogue.current().secretariats:
            raise NotFound("secretariat", secretariat)
        return self.queues.dead_letters(secretariat)

    def _find(self, secretariat: str, message_id: str) -> DeadLetter:
        aside = (one.letter for one in self.quarantine_store.of(secretariat))
        for letter in (*self._letters(secretariat), *aside):
            if letter.message_id == message_id:
                return letter
        raise NotFound("dead_letter", message_id)

    def _send_again(self, secretariat: str, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Derive, send, then delete; return those that were sent."""
        derived = {letter.message_id: self._derive(secretariat, letter) for letter in letters}
        messages = [message for message in derived.values() if message is not None]
        refused = frozenset[str]()
        try:
            self.queues.send(secretariat, messages)
        except MessagesRefused as refusal:
            refused = frozenset(refusal.protocols)
        sent = [one for one in letters if derived[one.message_id] and one.protocol not in refused]
        self.queues.remove_dead_letters(secretariat, [one.message_id for one in sent])
        return sent

    def _derive(self, secretariat: str, letter: DeadLetter) -> Message | None:
        try:
            request = self.requests.load(letter.protocol)
        except NotFound:
            return None
        message = self.messages.to(secretariat, request, letter.seq)
        return replace(message, resend=next_resend(letter.resend)) if message else None

    def _set_aside(self, secretariat: str, letters: Sequence[DeadLetter], by: Principal) -> int:
        now = self.clock.now()
        for letter in letters:
            self.quarantine_store.put(Quarantined(secretariat=secretariat, letter=letter, by=by.name, at=now))
        return len(self.queues.remove_dead_letters(secretariat, [one.message_id for one in letters]))

    def _record(self, by: Principal, action: str, secretariat: str, letters: Sequence[DeadLetter]) -> None:
        facts = {"messages": [f"{letter.protocol}#{letter.seq}" for letter in letters]}
        self.audit.record(
            Intervention(by=by.name, at=self.clock.now(), action=action, subject=secretariat, facts=facts)
        )


def next_resend(resend: str | None) -> str:
    """Name the next redrive of a message: the same at every repetition, another after each death."""
    number = resend[1:] if resend and resend.startswith("r") else ""
    return f"r{int(number) + 1 if number.isdecimal() else 1}"
