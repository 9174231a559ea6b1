"""Compose the application: cached functions that return ready services.

The only place where an adapter meets a service, and the only one that imports late: what an intake
does not need (the SDK, PynamoDB, the telephone library) is imported by the first call that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.aws_json import DYNAMODB, SECRETS_MANAGER, AwsJsonClient, AwsService
from chalicelib.adapters.dynamo.calamities import CatalogueUnderCalamities, LeanCalamities
from chalicelib.adapters.dynamo.catalogue import PublishedCatalogue
from chalicelib.adapters.dynamo.lean import LeanConfig, LeanRequestTable
from chalicelib.adapters.dynamo.lean_api_keys import CachedApiKeys, LeanApiKeys
from chalicelib.adapters.dynamo.paper import LeanPaper
from chalicelib.adapters.dynamo.request_store import StoredRequests
from chalicelib.adapters.identity.contact_points import normal_cpf, normal_email
from chalicelib.adapters.identity.keys import HmacIdentityKeys
from chalicelib.adapters.secrets import read_secrets
from chalicelib.adapters.system import SystemClock, SystemRandomness
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.timers import filed_timer
from chalicelib.services.credentials import Credentials
from chalicelib.services.intake import Intake
from chalicelib.services.ports.basics import CatalogueSource, Clock
from chalicelib.services.ports.calamities import CalamityStore
from chalicelib.services.ports.paper import PaperProtocols
from chalicelib.services.ports.people import ApiKeyStore, IdentityKeys
from chalicelib.services.ports.requests import RequestStore
from chalicelib.settings import LOCAL_STAGE, Settings
from chalicelib.settings import Credentials as AwsCredentials

if TYPE_CHECKING:
    from chalicelib.services.casework import Casework
    from chalicelib.services.contacts import Contacts
    from chalicelib.services.media import Downloads, Uploads
    from chalicelib.services.ports.people import ContactLog, MediaStore
    from chalicelib.services.ports.requests import RequestIndex
    from chalicelib.services.reading import Reading


@cache
def settings() -> Settings:
    """Read where this process runs."""
    return Settings.read()


@cache
def clock() -> Clock:
    """Tell the time; on a machine of one's own it can be put forward, in AWS it cannot."""
    if settings().endpoint_url is None or settings().stage != LOCAL_STAGE:
        return SystemClock()
    from chalicelib.adapters.local_clock import LocalClock

    return LocalClock(config=config())


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
    return LeanApiKeys(config=config())


@cache
def catalogue() -> CatalogueSource:
    """Give the published catalogue, as declared calamities change it."""
    return CatalogueUnderCalamities(
        published=published_catalogue(), calamities=calamity_store(), clock=clock()
    )


@cache
def published_catalogue() -> CatalogueSource:
    """Give the published catalogue as the city's files have it."""
    return PublishedCatalogue(config=config(), clock=clock())


@cache
def calamity_store() -> CalamityStore:
    """Keep declared calamities."""
    return LeanCalamities(config=config())


@cache
def paper_protocols() -> PaperProtocols:
    """Keep the protocols allocated for paper."""
    return LeanPaper(config=config())


@cache
def requests() -> RequestStore:
    """Keep requests, without the SDK."""
    table = LeanRequestTable(client=_client(DYNAMODB), table_name=settings().resource_name("requests"))
    return StoredRequests(table=table, timer_of=_timer_of)


@cache
def secrets() -> Mapping[str, str]:
    """Read the installation's secrets, once."""
    return read_secrets(_client(SECRETS_MANAGER), settings().secrets_arn)


@cache
def identity() -> IdentityKeys:
    """Derive keys and codes from the installation's pepper."""
    normalisers = {"cpf": normal_cpf, "phone": _normal_phone, "email": normal_email}
    return HmacIdentityKeys(
        pepper=secrets()["pepper"].encode(),
        normalisers=normalisers,
    )


@cache
def intake() -> Intake:
    """Open requests."""
    return Intake(
        requests=requests(),
        catalogue=catalogue(),
        identity=identity(),
        clock=clock(),
        randomness=randomness(),
        paper=paper_protocols(),
    )


@cache
def casework() -> Casework:
    """Carry out orders."""
    from chalicelib.services.casework import Casework

    return Casework(
        requests=sdk_requests(),
        contacts=contact_log(),
        catalogue=catalogue(),
        media=media(),
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
        index=index(),
        log=contact_log(),
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
        index=index(),
        contacts=contact_log(),
        catalogue=catalogue(),
        identity=identity(),
        attempts=DynamoAttempts(clock=clock()),
        clock=clock(),
    )


@cache
def uploads() -> Uploads:
    """Issue upload tickets."""
    from chalicelib.services.media import Uploads

    return Uploads(media=media(), identity=identity(), clock=clock(), randomness=randomness())


@cache
def downloads() -> Downloads:
    """Give short-lived addresses of photos."""
    from chalicelib.services.media import Downloads

    return Downloads(media=media())


@cache
def sdk_requests() -> RequestStore:
    """Keep requests through PynamoDB."""
    bind_models()
    from chalicelib.adapters.dynamo.requests import PynamoRequestTable

    return StoredRequests(table=PynamoRequestTable(), timer_of=_timer_of)


@cache
def index() -> RequestIndex:
    """Find requests through the table's indexes."""
    bind_models()
    from chalicelib.adapters.dynamo.requests import DynamoRequestIndex

    return DynamoRequestIndex()


@cache
def contact_log() -> ContactLog:
    """Keep contacts and followers."""
    bind_models()
    from chalicelib.adapters.dynamo.contacts import DynamoContactLog

    return DynamoContactLog()


@cache
def media() -> MediaStore:
    """Keep photos and evidence."""
    from chalicelib.adapters.media import S3Media

    return S3Media(client=sdk_client("s3"), bucket=settings().media_bucket)


@cache
def bind_models() -> None:
    """Say once which stage's tables the models mean."""
    from chalicelib.adapters.dynamo.models import bind

    bind(settings().resource_name, region=settings().region, endpoint_url=settings().endpoint_url)


def _timer_of(request: ServiceRequest) -> datetime | None:
    """Tell when a request must be looked at next, in the calendar in force."""
    return filed_timer(request, catalogue().current())


@cache
def config() -> LeanConfig:
    """Read and write the config table."""
    return LeanConfig(client=_client(DYNAMODB), table_name=settings().resource_name("config"))


@cache
def _client(service: AwsService) -> AwsJsonClient:
    return AwsJsonClient(
        service=service,
        region=settings().region,
        credentials=AwsCredentials.read(),
        clock=SystemClock(),
        endpoint_url=settings().endpoint_url,
    )


def sdk_client(service: str, **options: int) -> Any:
    """Create a botocore client of this stage."""
    from chalicelib.adapters import sdk

    stage = settings()
    return sdk.sdk_client(service, region=stage.region, endpoint_url=stage.endpoint_url, **options)


def _normal_phone(text: str) -> str:
    from chalicelib.adapters.identity.phones import normal_phone

    return normal_phone(text)
