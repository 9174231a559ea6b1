"""Normalise telephone numbers; apart from the other contact points because its library is heavy."""

from __future__ import annotations

import re

import phonenumbers

from chalicelib.adapters.identity.contact_points import ContactPointInvalid

BRAZIL = 55
LENGTHS_WITHOUT_AREA_CODE = (8, 9)
MOBILE_WITHOUT_NINTH_DIGIT = re.compile(r"^\+55([1-9]\d)([6-9]\d{7})$")


def normal_phone(text: str) -> str:
    """Return the number as E.164, with the ninth digit of Brazilian mobiles where it was left out.

    Anatel, Resolução 553/2010: mobile numbers have nine digits and begin with 9; some platforms
    still give eight (those that began with 6 to 9).
    """
    try:
        parsed = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException as error:
        raise ContactPointInvalid("invalid_phone") from error
    if parsed.country_code == BRAZIL and len(str(parsed.national_number)) in LENGTHS_WITHOUT_AREA_CODE:
        raise ContactPointInvalid("area_code_missing")
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    e164 = MOBILE_WITHOUT_NINTH_DIGIT.sub(r"+55\g<1>9\g<2>", e164)
    if not phonenumbers.is_valid_number(phonenumbers.parse(e164)):
        raise ContactPointInvalid("invalid_phone")
    return e164
