"""Reserve contact points for surveys, beside what else is known of the people behind them."""

from __future__ import annotations

from datetime import datetime, timedelta

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.conditional_writes import happened
from chalicelib.adapters.dynamo.models import PersonModel
from chalicelib.adapters.dynamo.request_items import sortable


class DynamoSurveyReservations:
    """The `SurveyReservations` port; a survey that has a contact point already gets it again."""

    def reserve(self, contact_key: str, survey: str, at: datetime, *, not_within: timedelta) -> bool:
        """Reserve a contact point for a survey; False if another one had it too short a time ago."""
        is_free = (
            PersonModel.surveyed_at.does_not_exist()
            | (PersonModel.surveyed_at <= sortable(at - not_within))
            | (PersonModel.surveyed_for == survey)
        )
        actions: list[Action] = [
            PersonModel.surveyed_at.set(sortable(at)),
            PersonModel.surveyed_for.set(survey),
        ]
        return happened(lambda: PersonModel(contact_key).update(actions=actions, condition=is_free))

    def release(self, contact_key: str, survey: str) -> None:
        """Give a reservation back; that of another survey is left alone."""
        actions: list[Action] = [PersonModel.surveyed_at.remove(), PersonModel.surveyed_for.remove()]
        is_ours = PersonModel.surveyed_for == survey
        happened(lambda: PersonModel(contact_key).update(actions=actions, condition=is_ours))
