"""Keep citizens' preferences beside what is known of their contact points."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from chalicelib.adapters.dynamo.failures import translated_failures
from chalicelib.adapters.dynamo.models import PersonModel
from chalicelib.domain.preferences import Preferences, newest

_preferences = msgspec.json.Decoder(Preferences)


class DynamoPreferences:
    """The `PreferenceStore` port; there are at most three keys: CPF, phone, e-mail."""

    def of(self, contact_keys: Sequence[str]) -> Preferences:
        """Return the newest choice made under any of the keys; nothing chosen where there is none."""
        with translated_failures():
            found = list(
                PersonModel.batch_get(dict.fromkeys(contact_keys), attributes_to_get=["person_key", "prefs"])
            )
        return newest(_preferences.decode(model.prefs) for model in found if model.prefs)

    def keep(self, contact_keys: Sequence[str], chosen: Preferences) -> None:
        """Put a choice in the place of whatever was chosen before, under each of the keys."""
        document = msgspec.json.encode(chosen).decode()
        for key in dict.fromkeys(contact_keys):
            with translated_failures():
                PersonModel(key).update(actions=[PersonModel.prefs.set(document)])
