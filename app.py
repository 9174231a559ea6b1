"""Name every Lambda entry point of Central 156, and nothing else.

Each function runs this file and serves one kind of event, so what serves the others is not imported: routes
import their modules with their first call, the workers come with the first record (ADR 0024).
"""

from __future__ import annotations

from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Cron, DynamoDBEvent, SQSEvent

from chalicelib.api import routes as api
from chalicelib.web import routes as web

STREAM = "arn:aws:dynamodb:us-east-1:123456789012:table/placeholder/stream/0"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:placeholder"
"""Stand where `infra/template.json` puts the real stream and the real queues."""

app = Chalice(app_name="central156", configure_logs=False)
app.register_blueprint(api.blueprint)
app.register_blueprint(web.blueprint)


@app.on_dynamodb_record(stream_arn=STREAM)
def relay(event: DynamoDBEvent) -> None:
    """Tell secretariats what was decided on their requests."""
    from chalicelib import workers

    workers.relay_changes(event.to_dict()["Records"])


@app.schedule(Cron("0/5", "*", "*", "*", "?", "*"))
def tick(event: CloudWatchEvent) -> None:
    """Begin a sweep of what is due."""
    from chalicelib import workers

    workers.tick()


@app.on_sqs_message(queue_arn=QUEUE, batch_size=1)
def page(event: SQSEvent) -> dict[str, Any]:
    """Page through what is due in a shard, or through the open requests of a secretariat."""
    from chalicelib import workers

    return workers.page_jobs(event.to_dict()["Records"])


@app.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def attend(event: SQSEvent) -> dict[str, Any]:
    """Decide on requests that somebody must look at."""
    from chalicelib import workers

    return workers.attend_requests(event.to_dict()["Records"])


@app.on_sqs_message(queue_arn=QUEUE, batch_size=5)
def notify(event: SQSEvent) -> dict[str, Any]:
    """Tell people of decisions, and send them their digests."""
    from chalicelib import workers

    return workers.tell_people(event.to_dict()["Records"])


@app.on_sqs_message(queue_arn=QUEUE, batch_size=10)
def receipts(event: SQSEvent) -> dict[str, Any]:
    """Note what became of e-mails that the provider took."""
    from chalicelib import workers

    return workers.take_receipts(event.to_dict()["Records"])
