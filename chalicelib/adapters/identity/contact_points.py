"""Normalise CPF and e-mail into the one form in which citizens are recognised."""

from __future__ import annotations

import re

from stdnum.br import cpf as cpf_number
from stdnum.exceptions import ValidationError

EMAIL = re.compile(r"[^@\s<>\"(),:;\[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


class ContactPointInvalid(Exception):
    """The text is not a contact point of its kind; `reason` says which rule it breaks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def normal_cpf(text: str) -> str:
    """Return the eleven digits of a CPF whose check digits hold; one digit repeated names nobody."""
    try:
        digits = str(cpf_number.validate(text))
    except ValidationError as error:
        raise ContactPointInvalid("invalid_cpf") from error
    if len(set(digits)) == 1:
        raise ContactPointInvalid("invalid_cpf")
    return digits


def normal_email(text: str) -> str:
    """Return the address in lower case; mailboxes that differ only in case are one person's."""
    address = text.strip().lower()
    if len(address) > 254 or not EMAIL.fullmatch(address):
        raise ContactPointInvalid("invalid_email")
    return address
