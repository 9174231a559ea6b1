"""Requests of a citizen at every stage, and what the links in her letters open."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.citizen_links import LinkClaim
from chalicelib.domain.letters import Letter
from chalicelib.domain.requests import ServiceRequest
from chalicelib.domain.transitions import Status
from tests.builders import a_catalogue, brought_to
from tests.escalated import BASE, a_told_request
from tests.fake_access import some_links


def told_request(status: Status, **points: Any) -> ServiceRequest:
    """Bring a request of a citizen who can be told things to a status."""
    return brought_to(a_told_request(**points), status, a_catalogue())


def claim_in(letter: Letter) -> LinkClaim:
    """Read the first link of a letter."""
    links = some_links()
    token = next(word for word in letter.text.split() if word.startswith(f"{BASE}/c/")).rpartition("/")[2]
    return links.read(token, links.purpose_of(token))
