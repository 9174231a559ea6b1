"""Publish the JSON Schemas (2020-12) of the events that secretariats receive, made from their types."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from chalicelib.domain.envelopes import DATA_BY_TYPE, WITHDRAWN, event_type
from chalicelib.domain.timeline import EntryType

DIALECT = "https://json-schema.org/draft/2020-12/schema"
EVENT = "central156.event.v1"
NAMES = (EVENT, *DATA_BY_TYPE)


@cache
def schema_named(name: str, base_url: str) -> dict[str, Any] | None:
    """Return the schema of an event type's `data`, or of the envelope around all of them."""
    if name not in NAMES:
        return None
    found = _envelope() if name == EVENT else _data(name)
    return {"$schema": DIALECT, "$id": f"{base_url}/v1/schemas/{name}.json", "title": name, **found}


def _envelope() -> dict[str, Any]:
    """Describe a CloudEvents 1.0 event in JSON format as it is sent here."""
    text = {"type": "string", "minLength": 1}
    return {
        "type": "object",
        "required": [
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "time",
            "datacontenttype",
            "dataschema",
            "data",
        ],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": text,
            "source": {"type": "string", "format": "uri-reference"},
            "type": {"enum": sorted(DATA_BY_TYPE)},
            "subject": {"type": "string", "pattern": "^[0-9]{13}$"},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {"type": "string", "format": "uri"},
            "data": {"type": "object"},
        },
    }


def _data(name: str) -> dict[str, Any]:
    """Describe the data of one type; what happened is the decision that the type is named after."""
    schema = msgspec.json.schema(DATA_BY_TYPE[name])
    if name == event_type(WITHDRAWN):
        return schema
    decision = next(entry for entry in EntryType if event_type(entry) == name)
    happened = {"properties": {"type": {"const": decision.value}}}
    return {**schema, "properties": {"happened": happened}}
