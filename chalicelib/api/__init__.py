"""HTTP only: parse, authorise, call one service, present."""

from chalicelib.api import (
    calamities,
    callbacks,
    catalogue,
    citizen,
    contacts,
    deadlines,
    deliveries,
    desk,
    operations,
    oversight,
    preferences,
    requests,
    survey_results,
    surveys,
    system,
)

_RESOURCES = (
    requests,
    citizen,
    deadlines,
    desk,
    contacts,
    catalogue,
    calamities,
    callbacks,
    deliveries,
    operations,
    oversight,
    preferences,
    surveys,
    survey_results,
    system,
)
BLUEPRINTS = tuple(module.api for module in _RESOURCES)
"""The blueprint of every resource."""
