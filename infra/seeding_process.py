"""Seed a stage: an order as argument, a JSON report a line out. Started by `infra.seeding`."""

import json
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chalicelib.settings import queue_suffix
from infra import secretariat_stack
from infra.catalogue_source import load_city
from infra.environment import enter_stage
from infra.keys import demo_keys
from infra.message_templates import load_templates
from infra.publication import in_force, publish, published, refuse_stand_ins
from infra.published_catalogues import ConfigTable
from infra.published_templates import TemplateTable
from infra.recount import recount_open_requests
from infra.relay import relay_since
from infra.secretariat_queues import SecretariatQueueNames
from infra.seeding import CITY, Order
from infra.target import Target


def carry_out(order: Order) -> None:
    """Do what is asked, queues first: publishing refuses a secretariat without its queue."""
    target = Target(stage=order.stage, region=order.region, endpoint_url=order.endpoint_url)
    now = datetime.now(UTC)
    catalogue = load_city(CITY)
    refuse_stand_ins(catalogue, order.stage)
    secretariat_stack.deploy(catalogue, target, now, lambda text: _report(say=text))
    before = published(ConfigTable.of(target))
    done = publish(catalogue, ConfigTable.of(target), SecretariatQueueNames.of(target), now)
    if done.changed:
        _report(say=f"published catalogue {done.version}")
    worded = TemplateTable.of(target).publish(load_templates(CITY, catalogue.city.name), now)
    if worded.changed:
        _report(say=f"published templates {worded.version}")
    if recount_open_requests(target, before, catalogue):
        _report(say="the calendar changed: open requests count their dates anew")
    organs = in_force(catalogue, now)
    _report(queues={code: _queue_url(target, code) for code in organs})
    enter_stage(target)
    if order.relay_since is not None:
        sent = relay_since(target, datetime.fromisoformat(order.relay_since))
        if sent:
            _report(say=f"relayed {sent} messages that the last run had left")
    if order.demo_keys is not None:
        _report(keys=demo_keys(order.demo_keys, organs))


def _queue_url(target: Target, secretariat: str) -> str:
    name = target.resource_name(queue_suffix(secretariat))
    url: str = target.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]
    if target.endpoint_url is None:
        return url
    return target.endpoint_url + urlsplit(url).path  # the engine keeps the port that it had at creation


def _report(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    carry_out(Order(**json.loads(sys.argv[1])))
