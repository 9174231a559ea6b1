"""Compose what citizens do without an account, and give them their links."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.citizen_links import LinkClaim, LinkPurpose
from chalicelib.domain.protocols import Protocol
from chalicelib.services.access_codes import AccessCodes
from chalicelib.services.acts import Acts
from chalicelib.services.citizen import CitizenActs
from chalicelib.services.follower_contests import FollowerContests
from chalicelib.services.linked_answers import LinkedAnswers
from tests.fake_access import FakeAttempts, some_links
from tests.fakes import NOW


def citizen_services(*, contacts: Any, clock: Any, identity: Any, **common: Any) -> dict[str, Any]:
    """Compose the services by the names of their wiring functions."""
    acts = Acts(clock=clock, identity=identity, **common)
    codes = AccessCodes(identity=identity, attempts=FakeAttempts(clock=clock))
    citizens = CitizenActs(acts=acts, codes=codes, links=some_links())
    return {
        "links": some_links(),
        "citizen_acts": citizens,
        "linked_answers": LinkedAnswers(citizens=citizens),
        "follower_contests": FollowerContests(citizens=citizens, contacts=contacts),
    }


def a_link(
    purpose: LinkPurpose, protocol: str, number: int = 1, *, follower: str | None = None, at: Any = NOW
) -> str:
    """Give the token that somebody was sent."""
    claim = LinkClaim(
        purpose=purpose, protocol=Protocol(protocol), number=number, issued_at=at, follower=follower
    )
    return some_links().issue(claim)
