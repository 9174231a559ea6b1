"""Number requests: year, day of year, seven unpredictable digits and a Damm check digit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NewType

from chalicelib.domain.errors import ProtocolCheckDigitWrong, ProtocolMalformed

Protocol = NewType("Protocol", str)
"""Thirteen digits, check digit last, without separators."""

DIGITS = 13
NUMBERS, PAPER_NUMBERS_FROM = 10**7, 9_900_000
"""A hundredth of each day's numbers is kept for paper, or a protocol on paper could be taken meanwhile."""
_QUASIGROUP = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""The totally antisymmetric quasigroup of order 10 of H. M. Damm's dissertation (2004)."""


def compose_protocol(day: date, number: int) -> Protocol:
    """Build the protocol of `day` from a number of up to seven digits."""
    body = f"{day:%y}{day.timetuple().tm_yday:03d}{number % NUMBERS:07d}"
    return Protocol(body + str(_damm(body)))


def online_number(number: int) -> int:
    """Bring a number into the range of requests that are opened as they come."""
    return number % PAPER_NUMBERS_FROM


def paper_number(number: int) -> int:
    """Bring a number into the range of protocols that are given out on paper, which no other may use."""
    return PAPER_NUMBERS_FROM + number % (NUMBERS - PAPER_NUMBERS_FROM)


def parse_protocol(text: str) -> Protocol:
    """Read a protocol as people write it; dots, dashes and spaces do not count.

    Raises:
        ProtocolMalformed: it does not have thirteen digits.
        ProtocolCheckDigitWrong: one of the digits is mistyped.
    """
    digits = "".join(c for c in text if c not in " .-/\u00a0")
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise ProtocolMalformed
    if _damm(digits) != 0:
        raise ProtocolCheckDigitWrong
    return Protocol(digits)


def display_protocol(protocol: Protocol) -> str:
    """Group the digits so that they can be dictated: `26.328.1234567-8`."""
    return f"{protocol[:2]}.{protocol[2:5]}.{protocol[5:12]}-{protocol[12]}"


def day_of(protocol: Protocol) -> date:
    """Tell the local day on which the protocol was given."""
    return date(2000 + int(protocol[:2]), 1, 1) + timedelta(days=int(protocol[2:5]) - 1)


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _QUASIGROUP[interim][int(digit)]
    return interim
