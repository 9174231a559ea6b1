"""Keep the survey of each resolution beside the contacts of its request, and list them by day."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.cursors import cursor_of, position_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ContactModel, OperationModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.adapters.dynamo.sends import new_claim
from chalicelib.domain.private import Private
from chalicelib.domain.protocols import Protocol
from chalicelib.domain.surveys import SurveyRecord
from chalicelib.services.ports.basics import Page

SURVEY, SURVEYS = "survey", "surveys"
_records = msgspec.json.Decoder(SurveyRecord)
_privates = msgspec.json.Decoder(dict[str, Private])


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoSurveys:
    """The `SurveyStore` port.

    A record's line in the list of its day is written first, so that no record is missing there. Each write
    has a random name: a condition that fails on the traces of the very write, whose answer was lost, is told
    apart from one that somebody else's write made fail.
    """

    write_id: Callable[[], str] = new_claim

    def open(self, record: SurveyRecord) -> SurveyRecord:
        """Keep a record unless there is one of its request and generation; return what is kept."""
        with translated_failures():
            OperationModel(_day(record.day), _place(record)).save()
        item = _item(record, self.write_id())
        if happened(lambda: item.save(condition=ContactModel.at_id.does_not_exist())):
            return record
        return _record(_stored(item))

    def save(self, record: SurveyRecord, *, seen: SurveyRecord) -> bool:
        """Put `record` in the place of `seen`; False if somebody else was faster."""
        item = _item(record, self.write_id())
        unchanged = ContactModel.document == _document(seen)
        return happened(lambda: item.save(condition=unchanged)) or _stored(item).claim == item.claim

    def find(self, protocol: Protocol, generation: int) -> SurveyRecord | None:
        """Return the record of a generation as it is now, or None."""
        with translated_failures():
            try:
                return _record(ContactModel.get(protocol, _at_id(generation), consistent_read=True))
            except DoesNotExist:
                return None

    def of(self, protocol: Protocol) -> list[SurveyRecord]:
        """List the records of a request, in order of generations."""
        with translated_failures():
            found = ContactModel.query(
                protocol, ContactModel.at_id.startswith(f"{SURVEY}#"), consistent_read=True
            )
            return [_record(model) for model in found]

    def of_day(self, day: date, *, limit: int, cursor: str | None = None) -> Page[SurveyRecord]:
        """List the records of the resolutions of a local day; one that is just being opened is left out."""
        start = None
        if cursor is not None:
            (place,) = position_of(cursor, 1)
            start = {"subject": {"S": _day(day)}, "line": {"S": place}}
        with translated_failures():
            lines = OperationModel.query(_day(day), limit=limit, page_size=limit, last_evaluated_key=start)
            keys = [_key(line.line) for line in lines]
            stored = {_place(one): one for one in map(_record, ContactModel.batch_get(keys))}
        last = lines.last_evaluated_key
        return Page(
            items=tuple(stored[place] for place in sorted(stored)),
            next=cursor_of(last["line"]["S"]) if last else None,
        )


def _item(record: SurveyRecord, write_id: str) -> ContactModel:
    return ContactModel(
        record.protocol,
        _at_id(record.generation),
        kind=SURVEY,
        at=sortable(record.at),
        document=_document(record),
        private=msgspec.json.encode(record.private).decode(),
        claim=write_id,
    )


def _document(record: SurveyRecord) -> str:
    return msgspec.json.encode(dataclasses.replace(record, private={})).decode()


def _stored(item: ContactModel) -> ContactModel:
    with translated_failures():
        return ContactModel.get(item.subject, item.at_id, consistent_read=True)


def _record(model: ContactModel) -> SurveyRecord:
    return dataclasses.replace(_records.decode(model.document), private=_privates.decode(model.private))


def _at_id(generation: int) -> str:
    return f"{SURVEY}#{generation:03d}"


def _day(day: date) -> str:
    return f"{SURVEYS}#{day.isoformat()}"


def _place(record: SurveyRecord) -> str:
    return f"{record.protocol}#{record.generation:03d}"


def _key(place: str) -> tuple[str, str]:
    protocol, _, generation = place.partition("#")
    return protocol, f"{SURVEY}#{generation}"
