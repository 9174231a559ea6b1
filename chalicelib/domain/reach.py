"""Say by what a citizen can be reached: what he gave us, and whether only people can tell him anything."""

from __future__ import annotations

from chalicelib.domain.requests import ServiceRequest

BRAZIL, MOBILE_LENGTH, FIRST_OF_MOBILE = "+55", len("+5551991234567"), "9"


def takes_text_messages(phone: str) -> bool:
    """Tell whether a number (E.164) can be a mobile; in Brazil those have nine digits, the first a 9."""
    if not phone.startswith(BRAZIL):
        return bool(phone)
    return len(phone) == MOBILE_LENGTH and phone[len("+5551")] == FIRST_OF_MOBILE


def reporters_points(request: ServiceRequest) -> dict[str, str]:
    """Read the contact points by which the reporter can be reached; none once they are erased."""
    if request.state.anonymous or request.person_key is None:
        return {}
    found = {kind: request.text(1, f"reporter.{kind}") for kind in ("phone", "email")}
    return {kind: value for kind, value in found.items() if isinstance(value, str)}


def is_told_by_people(request: ServiceRequest) -> bool:
    """Tell whether the reporter is known, but neither a text message nor an e-mail reaches him."""
    if request.state.anonymous or request.person_key is None:
        return False
    points = reporters_points(request)
    return "email" not in points and not takes_text_messages(points.get("phone", ""))
