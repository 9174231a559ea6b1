"""Derive from a request what its secretariats are told: CloudEvents 1.0, the same at every derivation.

Every decision is told, by one message, to the secretariat that holds the request after it, also
internal ones (without their text): so the `seq` a holder sees have no gaps, and a gap means a loss.
Two kinds of message go elsewhere too. When the holder changes, the one before receives a
`withdrawn` in place of the decision. An erasure goes to all who ever held the request, since they
have received the texts (LGPD art. 18 § 6).

A message follows from the timeline up to its decision alone. Derived again it is the same, with
three exceptions: erased texts are null, so are the free texts of a request that has become
confidential since, and names of services and neighbourhoods are those of the catalogue in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.canonical import plain
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.event_data import ErasedData, RequestData, WithdrawnData
from chalicelib.domain.event_facts import erased_texts, happened, is_confidential, links, request_data
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType

TYPE_PREFIX = "central156.request."
WITHDRAWN = "withdrawn"
LARGEST_BYTES = 200_000
"""Far under SQS's limit, whatever it is today: a message that big is a fault of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One CloudEvent for one secretariat; group and deduplication follow from protocol and seq.

    `to_holder` is False for what former holders are told: a queue of theirs that is gone (an
    extinct secretariat's) must not keep the request from whoever works on it.
    """

    secretariat: str
    protocol: Protocol
    seq: int
    event: Mapping[str, Any]
    to_holder: bool = True
    resend: str | None = None

    @property
    def deduplication_id(self) -> str:
        """Name the message once per FIFO deduplication window; a deliberate resend gets its own name."""
        name = f"{self.protocol}#{self.seq}"
        return f"{name}#{self.resend}" if self.resend else name

    @property
    def body(self) -> str:
        """Write the event as JSON in plain ASCII: SQS refuses some characters of Unicode."""
        return json.dumps(self.event, separators=(",", ":"))

    @property
    def is_too_large(self) -> bool:
        """Tell whether no queue would take it."""
        return len(self.body) > LARGEST_BYTES


def event_type(name: str) -> str:
    """Name the CloudEvents type of a decision, or of `withdrawn`."""
    return f"{TYPE_PREFIX}{name}.v1"


DATA_BY_TYPE: Mapping[str, type] = {
    **{event_type(entry): RequestData for entry in EntryType},
    event_type(EntryType.ERASED): ErasedData,
    event_type(WITHDRAWN): WithdrawnData,
}
"""Which data each type of event carries; the JSON Schemas are made from it."""


def messages_between(
    after: int, request: ServiceRequest, catalogue: Catalogue, base_url: str
) -> list[Message]:
    """Derive what every decision above `after` (0: all of them) tells to whom, in order."""
    messages: list[Message] = []
    state: dict[str, Any] = {}
    for entry in request.timeline:
        before, state = state, {**state, **entry.data.get("changes", {})}
        if entry.seq > after:
            derivation = _Derivation(request, entry, before, state, catalogue, base_url)
            messages.extend(derivation.messages())
    return messages


def message_to(
    secretariat: str, seq: int, request: ServiceRequest, catalogue: Catalogue, base_url: str
) -> Message | None:
    """Derive again what decision `seq` told to `secretariat`; None if it told it nothing."""
    upto = messages_between(seq - 1, request, catalogue, base_url)
    return next((m for m in upto if m.seq == seq and m.secretariat == secretariat), None)


@dataclass(frozen=True, slots=True)
class _Derivation:
    """One decision of a request, with the state before and after it as plain values."""

    request: ServiceRequest
    entry: Entry
    before: Mapping[str, Any]
    state: Mapping[str, Any]
    catalogue: Catalogue
    base_url: str

    def messages(self) -> Iterator[Message]:
        holder, former = self.state["secretariat"], self.before.get("secretariat")
        if self.entry.type is EntryType.ERASED:
            yield from self._erased(holder)
            return
        if former is not None and former != holder:
            yield self._message(former, WITHDRAWN, self._withdrawn(holder))
        data = request_data(self.request, self.entry, self.state, self.catalogue, self.base_url)
        yield self._message(holder, self.entry.type, data)

    def _erased(self, holder: str) -> Iterator[Message]:
        texts = erased_texts(self.request, self.entry)
        data = ErasedData(
            protocol=self.request.protocol,
            seq=self.entry.seq,
            happened=happened(self.request, self.entry, self.base_url, hidden=True),
            erased=texts,
            links=links(self.request, self.base_url),
        )
        had_it = [holding["secretariat"] for holding in self.state["holdings"]] if texts else []
        for secretariat in dict.fromkeys([holder, *had_it]):
            yield self._message(secretariat, EntryType.ERASED, data)

    def _withdrawn(self, holder: str) -> WithdrawnData:
        hidden = is_confidential(self.request, self.state)
        return WithdrawnData(
            protocol=self.request.protocol,
            seq=self.entry.seq,
            happened=happened(self.request, self.entry, self.base_url, hidden=hidden),
            now_with=holder,
            links=links(self.request, self.base_url),
        )

    def _message(
        self, secretariat: str, name: str, data: RequestData | WithdrawnData | ErasedData
    ) -> Message:
        protocol, seq, kind = self.request.protocol, self.entry.seq, event_type(name)
        event = {
            "specversion": "1.0",
            "id": f"{protocol}#{seq}" + (f"#{WITHDRAWN}" if name == WITHDRAWN else ""),
            "source": f"{self.base_url}/v1/requests",
            "type": kind,
            "subject": protocol,
            "time": plain(self.entry.at),
            "datacontenttype": "application/json",
            "dataschema": f"{self.base_url}/v1/schemas/{kind}.json",
            "data": plain(data),
        }
        to_holder = secretariat == self.state["secretariat"]
        return Message(secretariat=secretariat, protocol=protocol, seq=seq, event=event, to_holder=to_holder)
