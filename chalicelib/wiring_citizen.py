"""Compose what citizens and third parties do without an account: links, acts, pages.

Imports late for the same reason as `chalicelib.wiring`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib import wiring

if TYPE_CHECKING:
    from chalicelib.services.citizen import CitizenActs
    from chalicelib.services.follower_contests import FollowerContests
    from chalicelib.services.linked_answers import LinkedAnswers
    from chalicelib.services.ports.links import SignedLinks
    from chalicelib.services.ports.pages import PageRenderer

WEB = Path(__file__).parent / "web"


@cache
def links() -> SignedLinks:
    """Sign and read links; those signed with the key before are still read."""
    from chalicelib.adapters.identity.links import ItsdangerousLinks

    secrets = wiring.secrets()
    return ItsdangerousLinks(keys=(secrets["link_key"], secrets.get("link_key_previous", "")))


@cache
def citizen_acts() -> CitizenActs:
    """Let citizens act on their requests."""
    from chalicelib.adapters.dynamo.attempts import DynamoAttempts
    from chalicelib.services.access_codes import AccessCodes
    from chalicelib.services.acts import Acts
    from chalicelib.services.citizen import CitizenActs

    acts = Acts(
        requests=wiring.sdk_requests(),
        catalogue=wiring.catalogue(),
        identity=wiring.identity(),
        media=wiring.media(),
        clock=wiring.clock(),
        randomness=wiring.randomness(),
    )
    codes = AccessCodes(identity=wiring.identity(), attempts=DynamoAttempts(clock=wiring.clock()))
    return CitizenActs(acts=acts, codes=codes, links=links())


@cache
def linked_answers() -> LinkedAnswers:
    """Take answers by link."""
    from chalicelib.services.linked_answers import LinkedAnswers

    return LinkedAnswers(citizens=citizen_acts())


@cache
def follower_contests() -> FollowerContests:
    """Let followers contest."""
    from chalicelib.services.follower_contests import FollowerContests

    return FollowerContests(citizens=citizen_acts(), contacts=wiring.contact_log())


@cache
def pages() -> PageRenderer:
    """Write pages from their templates."""
    from chalicelib.adapters.pages import JinjaPages

    return JinjaPages(templates=WEB / "templates", locales=WEB / "locales")
