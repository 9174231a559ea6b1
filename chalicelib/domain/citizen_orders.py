"""Describe what only the citizen may want, one type per command; an attendant gives them for him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.errors import Fault
from chalicelib.domain.ordering import Order
from chalicelib.domain.people import Role
from chalicelib.domain.transitions import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ForTheCitizen(Order):
    """An order that is the citizen's to give.

    `identity_check` says how an attendant who gives it for him made sure who he is.
    """

    SHORT = ("identity_check",)
    identity_check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(ForTheCitizen):
    """Give the citizen's answer to the open question."""

    COMMAND = Command.ANSWER
    TEXTS = ("answer", "identity_check")
    MANDATORY = ("answer",)
    answer: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Revive(ForTheCitizen):
    """Give a late answer: it brings back what was archived without one."""

    COMMAND = Command.REVIVE
    TEXTS = ("answer", "identity_check")
    MANDATORY = ("answer",)
    answer: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(ForTheCitizen):
    """Say that it was done; that closes the request."""

    COMMAND = Command.CONFIRM
    TEXTS = ("note", "identity_check")
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest(ForTheCitizen):
    """Say that it was not done, or wrongly refused, and why; possible for ten working days."""

    COMMAND = Command.CONTEST
    TEXTS = ("reason", "identity_check")
    MANDATORY = ("reason",)
    reason: str
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(ForTheCitizen):
    """Withdraw it at the citizen's wish."""

    COMMAND = Command.CANCEL
    TEXTS = ("reason", "identity_check")
    MANDATORY = ("reason",)
    reason: str


CITIZENS_ORDERS: tuple[type[ForTheCitizen], ...] = (Answer, Revive, Confirm, Contest, Cancel)


def identity_faults(order: Order, role: Role) -> Iterator[Fault]:
    """Refuse an attendant who acts for the citizen and does not say how he made sure who that is."""
    if isinstance(order, ForTheCitizen) and role is Role.ATTENDANT and not order.identity_check.strip():
        yield Fault(path="identity_check", reason="required")
