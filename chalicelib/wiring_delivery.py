"""Compose delivery: the relay, the secretariats' queues, their change feeds, and operators' tools.

Imports late for the same reason as `chalicelib.wiring`, of which it is the second half.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring, wiring_surveys, wiring_timers
from chalicelib.settings import dead_letter_suffix, queue_suffix

if TYPE_CHECKING:
    from chalicelib.adapters.queues import SqsSecretariatQueues
    from chalicelib.services.changes import Changes
    from chalicelib.services.consumption import Consumption
    from chalicelib.services.dead_letters import DeadLetters
    from chalicelib.services.delivery import Relay
    from chalicelib.services.integrations import Integrations
    from chalicelib.services.messages import Messages
    from chalicelib.services.ports.delivery import DeliveryLog, SecretariatQueues
    from chalicelib.services.ports.oversight import QueueDepths
    from chalicelib.services.replay import Replay
    from chalicelib.services.undelivered import Undelivered

LONGEST_POLL_SECONDS = 10


@cache
def relay() -> Relay:
    """Deliver what was decided."""
    from chalicelib.adapters.dynamo.people import DynamoPeople
    from chalicelib.adapters.dynamo.stream import StreamChanges
    from chalicelib.services.delivery import Relay
    from chalicelib.services.dispatch import Dispatch

    return Relay(
        reader=StreamChanges(),
        messages=_messages(),
        dispatch=Dispatch(queues=queues(), log=_deliveries(), clock=wiring.clock()),
        log=_deliveries(),
        requests=wiring.sdk_requests(),
        people=DynamoPeople(),
        media=wiring.media(),
        clock=wiring.clock(),
        followers=(
            wiring_timers.followups(),
            wiring_timers.oversight_projection(),
            wiring_surveys.audit_projection(),
            wiring_surveys.survey_projection(),
        ),
    )


@cache
def consumption() -> Consumption:
    """Let secretariats receive and acknowledge over HTTP."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.pollings import DynamoPollings
    from chalicelib.services.consumption import Consumption
    from chalicelib.services.integrations import Polls

    return Consumption(
        queues=queues(),
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        casework=wiring.casework(),
        polls=Polls(pollings=DynamoPollings(), clock=wiring.clock()),
    )


@cache
def changes() -> Changes:
    """Read the change feed of a secretariat."""
    from chalicelib.services.changes import Changes

    return Changes(
        log=_deliveries(),
        index=wiring.index(),
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        messages=_messages(),
        clock=wiring.clock(),
    )


@cache
def dead_letters() -> DeadLetters:
    """Look after dead letters."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail, DynamoQuarantine
    from chalicelib.services.dead_letters import DeadLetters

    return DeadLetters(
        queues=queues(),
        quarantine_store=DynamoQuarantine(),
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        messages=_messages(),
        audit=DynamoAuditTrail(),
        clock=wiring.clock(),
    )


@cache
def replay() -> Replay:
    """Send again what was delivered in a period."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail
    from chalicelib.services.replay import Replay

    return Replay(changes=changes(), queues=queues(), audit=DynamoAuditTrail(), clock=wiring.clock())


@cache
def undelivered() -> Undelivered:
    """Look after what could not be delivered."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail
    from chalicelib.services.undelivered import Undelivered

    return Undelivered(relay=relay(), log=_deliveries(), audit=DynamoAuditTrail(), clock=wiring.clock())


@cache
def integrations() -> Integrations:
    """Watch whether secretariats fetch their work."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.pollings import DynamoPollings
    from chalicelib.services.integrations import Integrations

    return Integrations(
        catalogue=wiring.catalogue(), pollings=DynamoPollings(), depths=depths(), clock=wiring.clock()
    )


@cache
def queues() -> SecretariatQueues:
    """Reach the secretariats' queues."""
    return _sqs_queues()


@cache
def depths() -> QueueDepths:
    """Tell what waits in the secretariats' queues."""
    return _sqs_queues()


@cache
def _sqs_queues() -> SqsSecretariatQueues:
    from chalicelib.adapters.queues import SqsSecretariatQueues

    stage = wiring.settings()
    return SqsSecretariatQueues(
        client=wiring.sdk_client("sqs"),
        poller=wiring.sdk_client("sqs", read_timeout_seconds=LONGEST_POLL_SECONDS + 5),
        queue_name=lambda code: stage.resource_name(queue_suffix(code)),
        dead_letter_name=lambda code: stage.resource_name(dead_letter_suffix(code)),
    )


@cache
def _deliveries() -> DeliveryLog:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.deliveries import DynamoDeliveries

    return DynamoDeliveries(clock=wiring.clock())


@cache
def _messages() -> Messages:
    from chalicelib.services.messages import Messages

    return Messages(catalogue=wiring.catalogue(), base_url=wiring.settings().public_base_url)
