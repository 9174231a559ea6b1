"""Let people tell a citizen what no message could, by the way that fits the contact points that work."""

from __future__ import annotations

from chalicelib.domain.callbacks import callback_task, way_to_tell
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import MessageKind
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.tellings import CITIZEN
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.callbacks import CallbackQueue
from chalicelib.services.ports.notices import INVALID_ADDRESS, SendLog, SendStatus


def let_people_tell(
    request: ServiceRequest,
    kind: MessageKind,
    seq: int | None,
    *,
    callbacks: CallbackQueue,
    sends: SendLog,
    catalogue: CatalogueSource,
    clock: Clock,
) -> None:
    """Begin a call, a letter or a word at a counter about a decision; asked for again, it changes nothing."""
    task = callback_task(
        request.protocol,
        kind,
        seq=seq,
        now=clock.now(),
        calendar=calendar_of(catalogue.current()),
        way=way_to_tell(request, ("phone",) if _is_number_invalid(request, sends) else ()),
    )
    callbacks.add(task)


def _is_number_invalid(request: ServiceRequest, sends: SendLog) -> bool:
    """Tell whether a text message failed for want of such a number; one that takes none can be called."""
    return any(
        send.to == CITIZEN
        and send.medium is Medium.SMS
        and send.status is SendStatus.FAILED
        and send.reason == INVALID_ADDRESS
        for send in sends.of(request.protocol)
    )
