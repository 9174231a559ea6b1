"""Keep API keys in the config table through PynamoDB: what operators use."""

from __future__ import annotations

from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamo.api_key_items import KIND, api_key_of, document_of
from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import ConfigModel
from chalicelib.services.ports.people import ApiKey


class DynamoApiKeys:
    """The `ApiKeyStore` port."""

    def find(self, key_id: str) -> ApiKey | None:
        """Return the key, or None."""
        with translated_failures():
            try:
                item = ConfigModel.get(KIND, key_id, consistent_read=True)
            except DoesNotExist:
                return None
        return api_key_of(item.attribute_values)

    def put(self, key: ApiKey) -> None:
        """Keep a new or changed key."""
        with translated_failures():
            ConfigModel(KIND, key.key_id, document=document_of(key)).save()

    def all(self) -> list[ApiKey]:
        """List every key."""
        with translated_failures():
            return [api_key_of(item.attribute_values) for item in ConfigModel.query(KIND)]
