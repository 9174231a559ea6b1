"""Describe contacts of citizens with the city, and people who follow somebody else's request."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.people import Channel
from chalicelib.domain.private import Private
from chalicelib.domain.protocols import Protocol

ID_LENGTH = 32


class Served(StrEnum):
    """Who answered the citizen."""

    BOT = "bot"
    HUMAN = "human"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact on one channel; `protocol` names the request it is about, if any.

    `command` are the digests by which a repeated recording is recognised.
    """

    contact_id: str
    at: datetime
    channel: Channel
    served_by: Served
    topic: str | None = None
    secretariat: str | None = None
    duration_seconds: int | None = None
    protocol: Protocol | None = None
    person_key: str | None = None
    command: Mapping[str, str] = field(default_factory=dict)
    private: Mapping[str, Private] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Somebody who has the same problem and wants to be told.

    `follower_id` stands in links and queues; who he is cannot be told from it.
    """

    protocol: Protocol
    follower_id: str
    at: datetime
    channel: Channel
    person_key: str | None = None
    private: Mapping[str, Private] = field(default_factory=dict)


def follower_id_of(protocol: Protocol, known_by: str) -> str:
    """Name a follower by what he is known by, so that he follows once; another request gives another name."""
    return hashlib.sha256(f"{protocol}\n{known_by}".encode()).hexdigest()[:ID_LENGTH]
