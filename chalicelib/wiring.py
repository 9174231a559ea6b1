"""Compose the application: cached functions that return ready services.

The only place where an adapter meets a service, and the only one that imports late: what an intake
does not need (the SDK, PynamoDB, the telephone library) is imported by the first call that needs it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from chalicelib.adapters.aws_json import DYNAMODB, SECRETS_MANAGER, AwsJsonClient, AwsService
from chalicelib.adapters.dynamo.catalogue import PublishedCatalogue
from chalicelib.adapters.dynamo.lean import LeanConfig, LeanRequestTable
from chalicelib.adapters.dynamo.lean_api_keys import CachedApiKeys, LeanApiKeys
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.identity.contact_points import normal_cpf, normal_email
from chalicelib.adapters.identity.keys import HmacIdentityKeys
from chalicelib.adapters.system import SystemClock, SystemRandomness
from chalicelib.services.credentials import Credentials
from chalicelib.services.intake import Intake
from chalicelib.services.ports import ApiKeyStore, CatalogueSource, Clock, IdentityKeys, RequestStore
from chalicelib.settings import Credentials as AwsCredentials
from chalicelib.settings import Settings, dead_letter_suffix, queue_suffix

if TYPE_CHECKING:
    from chalicelib.services.casework import Casework
    from chalicelib.services.changes import Changes
    from chalicelib.services.consumption import Consumption
    from chalicelib.services.contacts import Contacts
    from chalicelib.services.dead_letters import DeadLetters
    from chalicelib.services.delivery import Relay
    from chalicelib.services.media import Uploads
    from chalicelib.services.messages import Messages
    from chalicelib.services.ports import ContactLog, DeliveryLog, MediaStore, RequestIndex, SecretariatQueues
    from chalicelib.services.reading import Reading
    from chalicelib.services.replay import Replay
    from chalicelib.services.undelivered import Undelivered

LONGEST_POLL_SECONDS = 10


@cache
def settings() -> Settings:
    """Read where this process runs."""
    return Settings.read()


@cache
def clock() -> Clock:
    """Tell the time."""
    return SystemClock()


@cache
def randomness() -> SystemRandomness:
    """Give random bytes."""
    return SystemRandomness()


@cache
def credentials() -> Credentials:
    """Check API keys, remembering each for at most a minute."""
    return Credentials(
        keys=CachedApiKeys(keys=api_keys(), clock=clock()), clock=clock(), randomness=randomness()
    )


@cache
def key_administration() -> Credentials:
    """Issue and revoke API keys; what it reads is never a minute old."""
    return Credentials(keys=api_keys(), clock=clock(), randomness=randomness())


@cache
def api_keys() -> ApiKeyStore:
    """Keep API keys."""
    return LeanApiKeys(config=_config())


@cache
def catalogue() -> CatalogueSource:
    """Give the published catalogue."""
    return PublishedCatalogue(config=_config(), clock=clock())


@cache
def requests() -> RequestStore:
    """Keep requests, without the SDK."""
    table = LeanRequestTable(client=_client(DYNAMODB), table_name=settings().resource_name("requests"))
    return StoredRequests(table=table)


@cache
def identity() -> IdentityKeys:
    """Derive keys and codes from the installation's pepper."""
    normalisers = {"cpf": normal_cpf, "phone": _normal_phone, "email": normal_email}
    return HmacIdentityKeys(pepper=_secrets()["pepper"].encode(), normalisers=normalisers)


@cache
def intake() -> Intake:
    """Open requests."""
    return Intake(
        requests=requests(),
        catalogue=catalogue(),
        identity=identity(),
        clock=clock(),
        randomness=randomness(),
    )


@cache
def casework() -> Casework:
    """Carry out orders."""
    from chalicelib.services.casework import Casework

    return Casework(
        requests=sdk_requests(),
        contacts=_contact_log(),
        catalogue=catalogue(),
        media=_media(),
        identity=identity(),
        clock=clock(),
        randomness=randomness(),
    )


@cache
def contacts() -> Contacts:
    """Record contacts and followers, and find a citizen's requests."""
    from chalicelib.adapters.dynamo.people import DynamoPeople
    from chalicelib.services.contacts import Contacts

    return Contacts(
        requests=sdk_requests(),
        index=_index(),
        log=_contact_log(),
        people=DynamoPeople(),
        catalogue=catalogue(),
        identity=identity(),
        clock=clock(),
        randomness=randomness(),
    )


@cache
def reading() -> Reading:
    """Show requests and lists of them."""
    from chalicelib.adapters.dynamo.attempts import DynamoAttempts
    from chalicelib.services.reading import Reading

    return Reading(
        requests=sdk_requests(),
        index=_index(),
        contacts=_contact_log(),
        catalogue=catalogue(),
        identity=identity(),
        attempts=DynamoAttempts(clock=clock()),
    )


@cache
def uploads() -> Uploads:
    """Issue upload tickets."""
    from chalicelib.services.media import Uploads

    return Uploads(media=_media(), identity=identity(), clock=clock(), randomness=randomness())


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
        dispatch=Dispatch(queues=queues(), log=_deliveries(), clock=clock()),
        log=_deliveries(),
        requests=sdk_requests(),
        people=DynamoPeople(),
        clock=clock(),
    )


@cache
def consumption() -> Consumption:
    """Let secretariats receive and acknowledge over HTTP."""
    from chalicelib.services.consumption import Consumption

    return Consumption(queues=queues(), requests=sdk_requests(), catalogue=catalogue(), casework=casework())


@cache
def changes() -> Changes:
    """Read the change feed of a secretariat."""
    from chalicelib.services.changes import Changes

    return Changes(
        log=_deliveries(),
        index=_index(),
        requests=sdk_requests(),
        catalogue=catalogue(),
        messages=_messages(),
        clock=clock(),
    )


@cache
def dead_letters() -> DeadLetters:
    """Look after dead letters."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail, DynamoQuarantine
    from chalicelib.services.dead_letters import DeadLetters

    return DeadLetters(
        queues=queues(),
        quarantine_store=DynamoQuarantine(),
        requests=sdk_requests(),
        catalogue=catalogue(),
        messages=_messages(),
        audit=DynamoAuditTrail(),
        clock=clock(),
    )


@cache
def replay() -> Replay:
    """Send again what was delivered in a period."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail
    from chalicelib.services.replay import Replay

    return Replay(changes=changes(), queues=queues(), audit=DynamoAuditTrail(), clock=clock())


@cache
def undelivered() -> Undelivered:
    """Look after what could not be delivered."""
    from chalicelib.adapters.dynamo.interventions import DynamoAuditTrail
    from chalicelib.services.undelivered import Undelivered

    return Undelivered(relay=relay(), log=_deliveries(), audit=DynamoAuditTrail(), clock=clock())


@cache
def queues() -> SecretariatQueues:
    """Reach the secretariats' queues."""
    from chalicelib.adapters.queues import SqsSecretariatQueues

    stage = settings()
    return SqsSecretariatQueues(
        client=_sdk_client("sqs", read_timeout_seconds=2),
        poller=_sdk_client("sqs", read_timeout_seconds=LONGEST_POLL_SECONDS + 5),
        queue_name=lambda code: stage.resource_name(queue_suffix(code)),
        dead_letter_name=lambda code: stage.resource_name(dead_letter_suffix(code)),
    )


@cache
def sdk_requests() -> RequestStore:
    """Keep requests through PynamoDB."""
    _bind_models()
    from chalicelib.adapters.dynamo.requests import PynamoRequestTable

    return StoredRequests(table=PynamoRequestTable())


@cache
def _index() -> RequestIndex:
    _bind_models()
    from chalicelib.adapters.dynamo.requests import DynamoRequestIndex

    return DynamoRequestIndex()


@cache
def _contact_log() -> ContactLog:
    _bind_models()
    from chalicelib.adapters.dynamo.contacts import DynamoContactLog

    return DynamoContactLog()


@cache
def _deliveries() -> DeliveryLog:
    _bind_models()
    from chalicelib.adapters.dynamo.deliveries import DynamoDeliveries

    return DynamoDeliveries(clock=clock())


@cache
def _messages() -> Messages:
    from chalicelib.services.messages import Messages

    return Messages(catalogue=catalogue(), base_url=settings().public_base_url)


@cache
def _media() -> MediaStore:
    from chalicelib.adapters.media import S3Media

    return S3Media(client=_sdk_client("s3", read_timeout_seconds=2), bucket=settings().media_bucket)


@cache
def _bind_models() -> None:
    from chalicelib.adapters.dynamo.models import bind

    bind(settings().resource_name, region=settings().region, endpoint_url=settings().endpoint_url)


@cache
def _config() -> LeanConfig:
    return LeanConfig(client=_client(DYNAMODB), table_name=settings().resource_name("config"))


@cache
def _client(service: AwsService) -> AwsJsonClient:
    return AwsJsonClient(
        service=service,
        region=settings().region,
        credentials=AwsCredentials.read(),
        clock=clock(),
        endpoint_url=settings().endpoint_url,
    )


@cache
def _secrets() -> dict[str, str]:
    answer = _client(SECRETS_MANAGER).call("GetSecretValue", {"SecretId": settings().secrets_arn})
    return msgspec.json.decode(answer["SecretString"], type=dict[str, str])


@cache
def _sdk_client(service: str, *, read_timeout_seconds: int) -> Any:
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=1,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": 3, "mode": "standard"},
        signature_version="s3v4" if service == "s3" else None,
    )
    return botocore.session.get_session().create_client(
        service, region_name=settings().region, endpoint_url=settings().endpoint_url, config=config
    )


def _normal_phone(text: str) -> str:
    from chalicelib.adapters.identity.phones import normal_phone

    return normal_phone(text)
