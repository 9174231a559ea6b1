"""The protocol number: dictated, mistyped, recognised."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm

from chalicelib.domain.errors import ProtocolCheckDigitWrong, ProtocolMalformed
from chalicelib.domain.protocols import (
    DIGITS,
    Protocol,
    compose_protocol,
    day_of,
    display_protocol,
    parse_protocol,
)

days = st.dates(date(2020, 1, 1), date(2099, 12, 31))
numbers = st.integers(0, 10**7 - 1)
protocols = st.builds(compose_protocol, days, numbers)


@given(protocols)
def test_check_digit_is_that_of_an_independent_damm_implementation(protocol: Protocol) -> None:
    assert len(protocol) == DIGITS
    assert damm.is_valid(protocol)
    assert damm.calc_check_digit(protocol[:-1]) == protocol[-1]


@given(protocols, st.integers(0, DIGITS - 1))
def test_every_single_mistyped_digit_is_caught(protocol: Protocol, position: int) -> None:
    for digit in set("0123456789") - {protocol[position]}:
        with pytest.raises(ProtocolCheckDigitWrong):
            parse_protocol(protocol[:position] + digit + protocol[position + 1 :])


@given(protocols)
def test_every_swap_of_two_neighbouring_digits_is_caught(protocol: Protocol) -> None:
    for left in range(DIGITS - 1):
        first, second = protocol[left], protocol[left + 1]
        if first != second:
            with pytest.raises(ProtocolCheckDigitWrong):
                parse_protocol(protocol[:left] + second + first + protocol[left + 2 :])


@given(protocols)
def test_what_is_displayed_is_read_back(protocol: Protocol) -> None:
    assert parse_protocol(display_protocol(protocol)) == protocol


def test_a_protocol_is_shown_in_groups_that_can_be_dictated() -> None:
    protocol = compose_protocol(date(2026, 11, 24), 1234567)

    assert display_protocol(protocol) == f"26.328.1234567-{protocol[-1]}"


@pytest.mark.parametrize("separator", ["", " ", ".", "-", "/", "\u00a0"])
def test_separators_do_not_count(separator: str) -> None:
    protocol = compose_protocol(date(2026, 1, 2), 42)

    assert parse_protocol(separator.join(protocol)) == protocol


@pytest.mark.parametrize(
    "text",
    ["", "123", "26.328.1234567", "2632812345678901", "26328123456a8", "٢٦٣٢٨١٢٣٤٥٦٧٨", "²⁶32812345678"],
)
def test_what_is_not_thirteen_digits_is_malformed_and_not_mistyped(text: str) -> None:
    with pytest.raises(ProtocolMalformed):
        parse_protocol(text)


@given(days, numbers)
def test_a_protocol_tells_the_day_on_which_it_was_given(day: date, number: int) -> None:
    assert day_of(compose_protocol(day, number)) == day


def test_a_longer_number_keeps_its_last_seven_digits() -> None:
    day = date(2026, 1, 2)

    assert compose_protocol(day, 9_912_345_678) == compose_protocol(day, 2_345_678)
