"""Pages for people without an account: parse a form, call one service, show."""

from chalicelib.web.routes import blueprint

BLUEPRINTS = (blueprint,)
"""The blueprint of the pages."""
