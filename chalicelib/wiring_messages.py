"""Compose what tells people: words, senders, links, preferences.

Imports late for the same reason as `chalicelib.wiring`; Jinja2 is imported only by the function that tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from chalicelib import wiring, wiring_citizen, wiring_timers

if TYPE_CHECKING:
    from chalicelib.domain.letters import Medium
    from chalicelib.services.citizen_notices import CitizenNotices
    from chalicelib.services.message_history import MessageHistory
    from chalicelib.services.notices import Notifying
    from chalicelib.services.ports.callbacks import CallbackQueue
    from chalicelib.services.ports.notices import Sender, SendLog
    from chalicelib.services.ports.preferences import PreferenceStore
    from chalicelib.services.preferences import CitizenPreferences
    from chalicelib.services.provider_receipts import ProviderReceipts
    from chalicelib.services.sending import Sending


@cache
def callback_queue() -> CallbackQueue:
    """Keep what people must tell citizens."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.callbacks import DynamoCallbacks

    return DynamoCallbacks()


@cache
def notifying() -> Notifying:
    """Tell people of decisions."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.deferred import DynamoDeferred
    from chalicelib.services.notices import Notifying

    return Notifying(
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        digests=wiring_timers.digests(),
        citizens=citizen_notices(),
        sending=sending(),
        deferred=DynamoDeferred(),
        queue=wiring_timers.notices(),
        clock=wiring.clock(),
        base_url=wiring.settings().public_base_url,
    )


@cache
def citizen_notices() -> CitizenNotices:
    """Tell citizens, in their words and by their medium."""
    from chalicelib.adapters.dynamo.templates import PublishedTemplates
    from chalicelib.adapters.templates import SandboxedRenderer
    from chalicelib.services.citizen_notices import CitizenNotices

    return CitizenNotices(
        sending=sending(),
        templates=PublishedTemplates(config=wiring.config(), clock=wiring.clock()),
        renderer=SandboxedRenderer(),
        links=wiring_citizen.links(),
        identity=wiring.identity(),
        preferences=preference_store(),
        contacts=wiring.contact_log(),
        callbacks=callback_queue(),
        catalogue=wiring.catalogue(),
        clock=wiring.clock(),
        base_url=wiring.settings().public_base_url,
    )


@cache
def sending() -> Sending:
    """Send each message once."""
    from chalicelib.services.sending import Sending

    return Sending(senders=senders(), sends=send_log())


@cache
def senders() -> Mapping[Medium, Sender]:
    """Give a sender per medium; an SDK that sends again by itself could tell people twice."""
    from chalicelib.adapters.senders import SesEmail, SnsSms
    from chalicelib.domain.letters import Medium

    stage = wiring.settings()
    email = SesEmail(
        client=wiring.sdk_client("ses", most_attempts=1),
        source=stage.sender_email,
        configuration_set=stage.resource_name("email") if stage.endpoint_url is None else None,
    )
    return {Medium.SMS: SnsSms(client=wiring.sdk_client("sns", most_attempts=1)), Medium.EMAIL: email}


@cache
def provider_receipts() -> ProviderReceipts:
    """Note what became of messages that providers took."""
    from chalicelib.services.provider_receipts import ProviderReceipts

    return ProviderReceipts(
        sends=send_log(),
        requests=wiring.sdk_requests(),
        callbacks=callback_queue(),
        catalogue=wiring.catalogue(),
        clock=wiring.clock(),
    )


@cache
def send_log() -> SendLog:
    """Remember what was sent."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.sends import DynamoSendLog

    return DynamoSendLog()


@cache
def preference_store() -> PreferenceStore:
    """Keep how citizens want to be told things."""
    wiring.bind_models()
    from chalicelib.adapters.dynamo.preferences import DynamoPreferences

    return DynamoPreferences()


@cache
def preferences() -> CitizenPreferences:
    """Show and change how citizens want to be told things."""
    from chalicelib.services.preferences import CitizenPreferences

    return CitizenPreferences(
        store=preference_store(),
        requests=wiring.sdk_requests(),
        contacts=wiring.contact_log(),
        links=wiring_citizen.links(),
        identity=wiring.identity(),
        clock=wiring.clock(),
    )


@cache
def message_history() -> MessageHistory:
    """Show what was sent about a request."""
    from chalicelib.services.message_history import MessageHistory

    return MessageHistory(sends=send_log())
