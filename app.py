"""Name every Lambda entry point of Central 156, and nothing else."""

from __future__ import annotations

from chalice.app import Chalice, DynamoDBEvent

from chalicelib import workers
from chalicelib.api import BLUEPRINTS

PLACEHOLDER = "arn:aws:dynamodb:us-east-1:123456789012:table/placeholder/stream/0"
"""Stands where `infra/template.json` puts the real stream of the requests table."""

app = Chalice(app_name="central156", configure_logs=False)
for blueprint in BLUEPRINTS:
    app.register_blueprint(blueprint)


@app.on_dynamodb_record(stream_arn=PLACEHOLDER)
def relay(event: DynamoDBEvent) -> None:
    """Tell secretariats what was decided on their requests."""
    workers.relay_changes(event.to_dict()["Records"])
