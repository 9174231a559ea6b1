"""Keep in the config table what operators did to deliveries, and the dead letters they set aside."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ConfigModel
from chalicelib.adapters.dynamo.request_items import sortable
from chalicelib.services.ports.operations import Intervention, Quarantined

AUDIT = "audit"
QUARANTINE = "quarantine"

_quarantined = msgspec.json.Decoder(Quarantined)


class DynamoAuditTrail:
    """The `AuditTrail` port; items sort by time."""

    def record(self, intervention: Intervention) -> None:
        """Append an entry; a random end keeps two of one instant apart."""
        key = f"{sortable(intervention.at)}#{secrets.token_hex(4)}"
        document = msgspec.json.encode(intervention).decode()
        with translated_failures():
            ConfigModel(AUDIT, key, document=document, at=sortable(intervention.at)).save()


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoQuarantine:
    """The `Quarantine` port; one partition holds all, for they are few."""

    def put(self, quarantined: Quarantined) -> None:
        """Set one aside."""
        document = msgspec.json.encode(quarantined).decode()
        key = _key(quarantined.secretariat, quarantined.letter.message_id)
        with translated_failures():
            ConfigModel(QUARANTINE, key, document=document, at=sortable(quarantined.at)).save()

    def of(self, secretariat: str) -> list[Quarantined]:
        """List those of a secretariat."""
        with translated_failures():
            items = ConfigModel.query(
                QUARANTINE, ConfigModel.key.startswith(_key(secretariat, "")), consistent_read=True
            )
            return [_quarantined.decode(item.document or "") for item in items]

    def remove(self, secretariat: str, message_id: str) -> None:
        """Forget one."""
        with translated_failures():
            ConfigModel(QUARANTINE, _key(secretariat, message_id)).delete()


def _key(secretariat: str, message_id: str) -> str:
    return f"{secretariat}#{message_id}"
