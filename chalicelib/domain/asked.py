"""Tell whether what somebody was asked, by a link, still waits for his answer."""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.errors import LinkExpired, LinkUnknown, LinkUsed
from chalicelib.domain.people import Role
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timeline import Entry, EntryType
from chalicelib.domain.transitions import Status
from chalicelib.domain.waiting import REVIVED_WITHIN


def question_asked(request: ServiceRequest, seq: int, now: datetime) -> Entry:
    """Return the question of decision `seq` to the citizen, which he may also answer late.

    Raises:
        LinkUnknown: nothing was asked there.
        LinkUsed: it was answered.
        LinkExpired: a newer one was asked since, the work went on without an answer, or the request was
        archived more than 30 days ago.
    """
    entry = _newest(request, EntryType.ASKED, seq)
    if request.state.status is Status.WAITING_CITIZEN or may_be_revived(request, now):
        return entry
    answers = (EntryType.ANSWERED, EntryType.REVIVED)
    raise LinkUsed if any(one.type in answers for one in request.timeline[seq:]) else LinkExpired


def party_asked(request: ServiceRequest, seq: int) -> Entry:
    """Return the decision `seq` by which a third party was asked; raises as `question_asked` does."""
    entry = _newest(request, EntryType.WAITED, seq)
    if request.state.status is Status.WAITING_THIRD_PARTY:
        return entry
    answers = (one for one in request.timeline[seq:] if one.actor.role is Role.THIRD_PARTY)
    raise LinkUsed if any(answers) else LinkExpired


def may_be_revived(request: ServiceRequest, now: datetime) -> bool:
    """Tell whether the request is archived and a late answer still brings it back."""
    return request.state.status is Status.ARCHIVED and now <= archived_at(request) + REVIVED_WITHIN


def archived_at(request: ServiceRequest) -> datetime:
    """Tell when a request was archived last; it must have been."""
    return next(entry.at for entry in reversed(request.timeline) if entry.type is EntryType.ARCHIVED)


def _newest(request: ServiceRequest, entry_type: EntryType, seq: int) -> Entry:
    asked = [entry for entry in request.timeline if entry.type is entry_type]
    if seq not in {entry.seq for entry in asked}:
        raise LinkUnknown
    if asked[-1].seq != seq:
        raise LinkExpired
    return asked[-1]
