"""HTTP only: parse, authorise, call one service, present."""

from chalicelib.api import catalogue, contacts, deadlines, deliveries, desk, operations, requests, system

_RESOURCES = (requests, deadlines, desk, contacts, catalogue, deliveries, operations, system)
BLUEPRINTS = tuple(module.api for module in _RESOURCES)
"""The blueprint of every resource."""
