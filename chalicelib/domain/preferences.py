"""Say how a citizen wants to be told things, and what he would rather not be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors import Fault
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MAY_BE_OPTED_OUT, MessageKind
from chalicelib.domain.message_templates import LANGUAGES
from chalicelib.domain.people import Channel
from chalicelib.domain.reach import takes_text_messages

_WRITTEN = (Medium.EMAIL, Medium.SMS)
_BY_PHONE = (Medium.SMS, Medium.EMAIL)
_IN_A_CHAT = (Medium.WHATSAPP, Medium.SMS, Medium.EMAIL)
_MEDIA: Mapping[Channel, tuple[Medium, ...]] = {
    Channel.PHONE: _BY_PHONE,
    Channel.COUNTER: _BY_PHONE,
    Channel.SMS: _BY_PHONE,
    Channel.WHATSAPP: _IN_A_CHAT,
    Channel.CHAT: _WRITTEN,
    Channel.EMAIL: _WRITTEN,
    Channel.WEB: _WRITTEN,
    Channel.APP: _WRITTEN,
}
"""On the channel of the request first; what is missing falls to what is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a citizen chose: kinds he does without, the medium and the language he prefers."""

    opted_out: frozenset[MessageKind] = frozenset()
    medium: Medium | None = None
    language: str | None = None
    changed_at: datetime | None = None


def newest(choices: Iterable[Preferences]) -> Preferences:
    """Take the choice made last, of those made under any of a citizen's contact points."""
    made = [one for one in choices if one.changed_at is not None]
    return max(
        made, key=lambda one: one.changed_at.timestamp() if one.changed_at else 0, default=Preferences()
    )


def preference_faults(wanted: Preferences) -> Iterator[Fault]:
    """Refuse to silence what must be told, and languages that nobody writes here."""
    if binding := sorted(wanted.opted_out - MAY_BE_OPTED_OUT):
        facts = {"choices": sorted(MAY_BE_OPTED_OUT), "refused": binding}
        yield Fault(path="opted_out", reason="not_in_list", facts=facts)
    if wanted.language is not None and wanted.language not in LANGUAGES:
        yield Fault(path="language", reason="not_in_list", facts={"choices": list(LANGUAGES)})


def ways_to_reach(
    channel: Channel, points: Mapping[str, str], preferred: Medium | None, senders: Collection[Medium]
) -> tuple[tuple[Medium, str], ...]:
    """List how a citizen with these contact points can be written to, the best way first."""
    media = dict.fromkeys((preferred, *_MEDIA[channel]) if preferred else _MEDIA[channel])
    found = ((medium, _address(medium, points)) for medium in media if medium in senders)
    return tuple((medium, address) for medium, address in found if address)


def _address(medium: Medium, points: Mapping[str, str]) -> str:
    if medium is Medium.EMAIL:
        return points.get("email", "")
    phone = points.get("phone", "")
    return phone if takes_text_messages(phone) else ""
