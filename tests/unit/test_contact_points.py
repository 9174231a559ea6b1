"""One citizen, one form: however a channel writes his CPF, phone or e-mail."""

from __future__ import annotations

import pytest

from chalicelib.adapters.identity.contact_points import ContactPointInvalid, normal_cpf, normal_email
from chalicelib.adapters.identity.keys import HmacIdentityKeys
from chalicelib.adapters.identity.phones import normal_phone
from chalicelib.domain.protocols import Protocol

KEYS = HmacIdentityKeys(
    pepper=b"pepper",
    normalisers={"cpf": normal_cpf, "phone": normal_phone, "email": normal_email},
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("51998765432", "+5551998765432"),
        ("(51) 99876-5432", "+5551998765432"),
        ("+55 51 99876-5432", "+5551998765432"),
        ("555198765432", "+5551998765432"),  # as WhatsApp gives area codes from 31 on
        ("(51) 9876-5432", "+5551998765432"),
        ("051 3289-0156", "+555132890156"),
        ("+351 912 345 678", "+351912345678"),
    ],
)
def test_a_phone_is_the_same_however_it_is_written(written: str, normal: str) -> None:
    assert normal_phone(written) == normal


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("3289-0156", "area_code_missing"),
        ("99876-5432", "area_code_missing"),
        ("156", "invalid_phone"),
        ("telefone", "invalid_phone"),
        ("+55 00 99876-5432", "area_code_missing"),
    ],
)
def test_a_phone_that_cannot_be_called_is_refused(written: str, reason: str) -> None:
    with pytest.raises(ContactPointInvalid) as refused:
        normal_phone(written)
    assert refused.value.reason == reason


def test_a_cpf_is_kept_as_its_digits() -> None:
    assert normal_cpf("529.982.247-25") == "52998224725"


@pytest.mark.parametrize("written", ["529.982.247-26", "111.111.111-11", "123", "não tenho"])
def test_a_cpf_whose_check_digits_do_not_hold_is_refused(written: str) -> None:
    with pytest.raises(ContactPointInvalid):
        normal_cpf(written)


def test_an_email_is_kept_in_lower_case() -> None:
    assert normal_email("  Maria.Silva+156@Example.COM ") == "maria.silva+156@example.com"


@pytest.mark.parametrize("written", ["maria", "maria@", "@example.com", "a b@example.com", "m@localhost"])
def test_what_is_not_an_email_address_is_refused(written: str) -> None:
    with pytest.raises(ContactPointInvalid):
        normal_email(written)


def test_every_wrong_contact_point_is_named_at_once() -> None:
    found = KEYS.normalise(cpf="1", phone="2", email="3", path="reporter")
    assert [(fault.path, fault.reason) for fault in found.faults] == [
        ("reporter.cpf", "invalid_cpf"),
        ("reporter.phone", "invalid_phone"),
        ("reporter.email", "invalid_email"),
    ]


def test_the_strongest_contact_point_names_the_person() -> None:
    both = KEYS.identify({"email": "maria@example.com", "cpf": "52998224725"})
    assert both.person_key == KEYS.identify({"cpf": "52998224725"}).person_key
    assert both.contact_keys[1] == KEYS.identify({"email": "maria@example.com"}).person_key


def test_keys_of_different_kinds_never_meet() -> None:
    as_phone = KEYS.identify({"phone": "52998224725"}).person_key
    assert as_phone != KEYS.identify({"cpf": "52998224725"}).person_key


def test_nobody_without_the_pepper_derives_the_same_keys() -> None:
    other = HmacIdentityKeys(pepper=b"other", normalisers={})
    points = {"cpf": "52998224725"}
    assert other.identify(points) != KEYS.identify(points)
    assert other.access_code(Protocol("2632812345674")) != KEYS.access_code(Protocol("2632812345674"))


def test_protocol_numbers_follow_from_owner_key_and_attempt() -> None:
    numbers = {KEYS.number(owner, key, n) for owner in "ab" for key in ("k1", "k2") for n in range(3)}
    assert len(numbers) == 12
    assert all(0 <= number < 10**7 for number in numbers)
    assert KEYS.number("a", "k1", 0) == KEYS.number("a", "k1", 0)


def test_an_access_code_has_six_digits() -> None:
    codes = [KEYS.access_code(Protocol(f"{number:013d}")) for number in range(200)]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
