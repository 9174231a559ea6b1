"""Compose what is told by people: call-backs, letters, receipts.

Imports late for the same reason as `chalicelib.wiring`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring, wiring_citizen, wiring_messages, wiring_surveys

if TYPE_CHECKING:
    from chalicelib.services.callback_lists import CallbackLists
    from chalicelib.services.callbacks import Callbacks
    from chalicelib.services.ports.operations import AuditTrail
    from chalicelib.services.printing import Printing


@cache
def callback_lists() -> CallbackLists:
    """List call-backs."""
    from chalicelib.services.callback_lists import CallbackLists

    return CallbackLists(
        queue=wiring_messages.callback_queue(),
        requests=wiring.sdk_requests(),
        index=wiring.index(),
        surveys=wiring_surveys.survey_store(),
        catalogue=wiring.catalogue(),
        clock=wiring.clock(),
    )


@cache
def callbacks() -> Callbacks:
    """Take down what came of calls and letters."""
    from chalicelib.services.callbacks import Callbacks
    from chalicelib.services.spoken_orders import SpokenOrders

    spoken = SpokenOrders(
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        clock=wiring.clock(),
        randomness=wiring.randomness(),
    )
    return Callbacks(
        queue=wiring_messages.callback_queue(),
        requests=wiring.sdk_requests(),
        spoken=spoken,
        surveys=wiring_surveys.survey_answers().by_call,
        catalogue=wiring.catalogue(),
        audit=_audit(),
        clock=wiring.clock(),
    )


@cache
def printing() -> Printing:
    """Print receipts and letters."""
    from chalicelib.adapters.printing import JinjaPrinter
    from chalicelib.services.printing import Printing

    return Printing(
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        identity=wiring.identity(),
        links=wiring_citizen.links(),
        printer=JinjaPrinter(templates=wiring_citizen.WEB / "templates"),
        audit=_audit(),
        clock=wiring.clock(),
        base_url=wiring.settings().public_base_url,
    )


@cache
def _audit() -> AuditTrail:
    wiring.bind_models()
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail

    return DynamoAuditTrail()
