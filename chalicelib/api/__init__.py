"""HTTP only: parse, authorise, call one service, present."""

from chalicelib.api import (
    calamities,
    catalogue,
    contacts,
    deadlines,
    deliveries,
    desk,
    operations,
    oversight,
    requests,
    system,
)

_RESOURCES = (
    requests,
    deadlines,
    desk,
    contacts,
    catalogue,
    calamities,
    deliveries,
    operations,
    oversight,
    system,
)
BLUEPRINTS = tuple(module.api for module in _RESOURCES)
"""The blueprint of every resource."""
