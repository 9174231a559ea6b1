"""Signed links: short, unforgeable, of one purpose, and readable after the key was rotated once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.identity.links import ItsdangerousLinks
from chalicelib.domain.citizen_links import LIVES, LinkClaim, LinkPurpose
from chalicelib.domain.errors import LinkExpired, LinkUnknown
from chalicelib.domain.protocols import Protocol, compose_protocol
from tests.fake_access import some_links

ISSUED_AT = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
PROTOCOL = compose_protocol(ISSUED_AT.date(), 1234567)
PERSON = "0123456789abcdef0123456789abcdef"


def a_claim(purpose: LinkPurpose = LinkPurpose.QUESTION, follower: str | None = None) -> LinkClaim:
    return LinkClaim(purpose=purpose, protocol=PROTOCOL, number=7, issued_at=ISSUED_AT, follower=follower)


@pytest.mark.parametrize("follower", [None, PERSON, PROTOCOL, "ação"])
@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_says_what_was_signed(purpose: LinkPurpose, follower: str | None) -> None:
    links, claim = some_links(), a_claim(purpose, follower)
    token = links.issue(claim)
    assert links.purpose_of(token) is purpose
    assert links.read(token, purpose) == claim


def test_a_link_fits_a_text_message() -> None:
    assert len(some_links().issue(a_claim())) == 42
    assert len(some_links().issue(a_claim(follower=PERSON))) == 65


def test_a_link_is_fit_for_an_address() -> None:
    token = some_links().issue(a_claim(follower="ação"))
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_a_link_of_one_purpose_opens_nothing_of_another() -> None:
    links = some_links()
    token = links.issue(a_claim(LinkPurpose.QUESTION))
    for purpose in set(LinkPurpose) - {LinkPurpose.QUESTION}:
        with pytest.raises(LinkUnknown):
            links.read(token, purpose)
        renamed = links.issue(a_claim(purpose))[0] + token[1:]
        with pytest.raises(LinkUnknown):
            links.read(renamed, purpose)


@given(position=st.integers(0, 41), character=st.sampled_from("Aa0_-.!=\n é/"), insert=st.booleans())
def test_no_edited_link_is_read(position: int, character: str, insert: bool) -> None:
    token = some_links().issue(a_claim())
    edited = token[:position] + character + token[position + (not insert) :]
    if edited != token:
        with pytest.raises(LinkUnknown):
            some_links().read(edited, LinkPurpose.QUESTION)


@pytest.mark.parametrize(
    "token", ["", "q", "q.", "qAAAA", ".", "q" * 10_000, "x" + "A" * 16 + "." + "A" * 24]
)
def test_what_is_no_link_at_all_is_unknown(token: str) -> None:
    with pytest.raises(LinkUnknown):
        some_links().read(token, LinkPurpose.QUESTION)


def test_nobody_elses_key_signs_our_links() -> None:
    foreign = ItsdangerousLinks(keys=("another key",)).issue(a_claim())
    with pytest.raises(LinkUnknown):
        some_links().read(foreign, LinkPurpose.QUESTION)


def test_links_outlive_one_rotation_of_the_key_and_no_second_one() -> None:
    token = ItsdangerousLinks(keys=("first", "")).issue(a_claim())
    assert ItsdangerousLinks(keys=("second", "first")).read(token, LinkPurpose.QUESTION) == a_claim()
    assert ItsdangerousLinks(keys=("second", "first")).issue(a_claim()) != token
    with pytest.raises(LinkUnknown):
        ItsdangerousLinks(keys=("third", "second")).read(token, LinkPurpose.QUESTION)


@pytest.mark.parametrize("purpose", list(LinkPurpose))
def test_a_link_lives_as_long_as_its_purpose_says(purpose: LinkPurpose) -> None:
    claim = a_claim(purpose)
    claim.refuse_if_expired(ISSUED_AT + LIVES[purpose])
    with pytest.raises(LinkExpired):
        claim.refuse_if_expired(ISSUED_AT + LIVES[purpose] + timedelta(seconds=1))


def test_every_protocol_fits() -> None:
    for protocol in (Protocol("0000000000000"), Protocol("9999999999999")):
        claim = LinkClaim(purpose=LinkPurpose.REQUEST, protocol=protocol, number=0, issued_at=ISSUED_AT)
        assert some_links().read(some_links().issue(claim), LinkPurpose.REQUEST) == claim
