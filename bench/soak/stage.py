"""Set up everything that the workers' functions need on the embedded engine, and tell them where it is."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bench.soak.cast import Case, taken_up
from bench.soak.providers import MARK
from chalicelib.adapters.dynamo.catalogue_codec import encode
from chalicelib.adapters.dynamo.request_items import Item, item_of
from chalicelib.adapters.dynamo.request_store import new_write_id
from chalicelib.adapters.dynamo.wire import to_wire
from chalicelib.adapters.local_clock import KEY, KIND
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.message_templates import MessageTemplates
from chalicelib.domain.timers import filed_timer
from chalicelib.settings import LOCAL_STAGE, queue_suffix, resource_name
from infra.message_templates import DEFAULTS, all_wordings, read_templates
from infra.published_catalogues import ConfigTable, pointer_to
from infra.published_templates import TemplateTable
from infra.target import LOCAL_ACCESS_KEY_ID, LOCAL_SECRET_ACCESS_KEY, Target
from tests.engines import client_of, create_tables, ministack_server

VISIBLE_AGAIN_SECONDS = 25
"""Much sooner than in AWS: after a kill the work in hand is to come back while somebody watches."""
STANDARD_QUEUES, FIFO_QUEUES = ("jobs", "looks", "urgent-looks"), ("notices.fifo",)
MOST_IN_BATCH_WRITE = 25
SECRETS = "soak-secrets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An engine with one stage; `environment` is what the functions read there."""

    target: Target
    environment: dict[str, str]

    def set_time(self, moment: datetime) -> None:
        """Let the functions believe that it is `moment` now; they look once a second."""
        seconds = int((moment - datetime.now(UTC)).total_seconds())
        item = {"kind": {"S": KIND}, "key": {"S": KEY}, "seconds": {"N": str(seconds)}}
        self.target.client("dynamodb").put_item(TableName=self.target.resource_name("config"), Item=item)


@contextmanager
def stage_of(cases: Sequence[Case], catalogue: Catalogue, day: date, providers_url: str) -> Iterator[Stage]:
    """Start an engine, publish the city and its words, and store the requests that are worked on."""
    with tempfile.TemporaryDirectory() as directory, ministack_server(Path(directory)) as url:
        target = Target(stage=LOCAL_STAGE, endpoint_url=url)
        create_tables(url, LOCAL_STAGE)
        _create_queues(target, catalogue)
        _publish(target, catalogue)
        secrets = {"pepper": "p" * 32, "link_key": "k" * 32, "link_key_previous": ""}
        target.client("secretsmanager").create_secret(Name=SECRETS, SecretString=json.dumps(secrets))
        _store(url, (_item(case, day, catalogue) for case in cases))
        _open_stream(target)
        yield Stage(target=target, environment=_environment(url, providers_url))


def marked_templates() -> MessageTemplates:
    """Give the templates of a city that has none of its own, each with a mark for the providers."""
    ours = read_templates((DEFAULTS,), "Porto Alegre", datetime.now(UTC).date())
    marked: dict[Any, dict[Any, dict[str, Any]]] = {}
    for kind, medium, language, wording in all_wordings(ours):
        text = MARK.format(kind=kind) + wording.text
        marked.setdefault(kind, {}).setdefault(medium, {})[language] = replace(wording, text=text)
    return replace(ours, wordings=marked)


def _environment(url: str, providers_url: str) -> dict[str, str]:
    return {
        "STAGE": LOCAL_STAGE,
        "AWS_REGION": Target.region,
        "AWS_DEFAULT_REGION": Target.region,
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": LOCAL_ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": LOCAL_SECRET_ACCESS_KEY,
        "PUBLIC_BASE_URL": "https://156.example.org",
        "SECRETS_ARN": SECRETS,
        "MEDIA_BUCKET": "soak-media",
        "SENDER_EMAIL": "156@example.org",
        "PROVIDERS_URL": providers_url,
        "POWERTOOLS_LOG_LEVEL": "ERROR",
    }


def _create_queues(target: Target, catalogue: Catalogue) -> None:
    sqs = target.client("sqs")
    for suffix in STANDARD_QUEUES:
        sqs.create_queue(
            QueueName=target.resource_name(suffix),
            Attributes={"VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS)},
        )
    ours = (*FIFO_QUEUES, *(queue_suffix(code) for code in catalogue.secretariats))
    for suffix in ours:
        sqs.create_queue(
            QueueName=target.resource_name(suffix),
            Attributes={
                "FifoQueue": "true",
                "DeduplicationScope": "messageGroup",
                "FifoThroughputLimit": "perMessageGroupId",
                "VisibilityTimeout": str(VISIBLE_AGAIN_SECONDS),
            },
        )


def _publish(target: Target, catalogue: Catalogue) -> None:
    now, table, parts = datetime.now(UTC), ConfigTable.of(target), encode(catalogue)
    table.put_parts(catalogue.version, parts)
    table.point(pointer_to(catalogue.version, parts, now), None)
    TemplateTable.of(target).publish(marked_templates(), now)


def _item(case: Case, day: date, catalogue: Catalogue) -> Item:
    request = taken_up(case, day, catalogue)
    return item_of(request, new_write_id(), filed_timer(request, catalogue))


def _store(url: str, items: Iterable[Item]) -> None:
    table, left = resource_name(LOCAL_STAGE, "requests"), iter(items)
    with client_of(url, read_timeout_seconds=10) as client:
        while batch := list(islice(left, MOST_IN_BATCH_WRITE)):
            puts = [{"PutRequest": {"Item": to_wire(item)}} for item in batch]
            client.call("BatchWriteItem", {"RequestItems": {table: puts}})


def _open_stream(target: Target) -> None:
    """Begin the stream now, so that it does not hold what was stored beforehand."""
    target.client("dynamodb").update_table(
        TableName=target.resource_name("requests"),
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
