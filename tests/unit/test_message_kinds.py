"""Kinds of messages: a table that says of each decision what it tells, and of each kind what holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.citizen_messages import MessageFacts, message_values
from chalicelib.domain.letters import Medium
from chalicelib.domain.message_kinds import COMMON, KIND_OF, RULES, Matter, MessageKind, Timing
from chalicelib.domain.message_templates import LANGUAGES
from chalicelib.domain.message_words import longest_words, reason_words, status_words
from chalicelib.domain.opening import calendar_of
from chalicelib.domain.outcomes import RejectionReason
from chalicelib.domain.people import Channel
from chalicelib.domain.preferences import ways_to_reach
from chalicelib.domain.quiet_hours import tellable_at
from chalicelib.domain.reach import takes_text_messages
from chalicelib.domain.timeline import EntryType
from chalicelib.domain.transitions import Status
from tests.builders import a_catalogue
from tests.citizen_letters import told_request

CALENDAR = calendar_of(a_catalogue())
MEDIA = frozenset(Medium)


def test_every_kind_has_its_rule_and_no_decision_tells_two_things() -> None:
    assert RULES.keys() == set(MessageKind)
    assert len(KIND_OF) == sum(len(rule.told_by) for rule in RULES.values())


@pytest.mark.parametrize("kind", MessageKind)
def test_only_courtesies_may_be_done_without(kind: MessageKind) -> None:
    rule = RULES[kind]

    assert not rule.may_be_opted_out or (rule.matter is Matter.COURTESY and not rule.must_arrive)
    assert ("preferences" in rule.placeholders) is rule.may_be_opted_out
    assert rule.placeholders >= COMMON


def test_questions_and_outcomes_are_repeated_rather_than_lost() -> None:
    legal = {kind for kind, rule in RULES.items() if rule.matter is Matter.LEGAL}

    assert legal == {
        MessageKind.CONFIRMATION,
        MessageKind.QUESTION,
        MessageKind.RESOLVED,
        MessageKind.REJECTED,
        MessageKind.ARCHIVED,
        MessageKind.THIRD_PARTY_QUESTION,
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MessageKind)
def test_every_placeholder_of_a_kind_has_a_value(kind: MessageKind, language: str) -> None:
    for status in (Status.QUEUED, Status.RESOLVED, Status.REJECTED, Status.DUPLICATE):
        request = told_request(status)
        facts = MessageFacts(
            request=request, seq=request.version, catalogue=a_catalogue(), language=language, link="l"
        )

        values = message_values(kind, facts)

        assert values.keys() == RULES[kind].placeholders
        assert all(isinstance(value, str) for value in values.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_and_reason_has_words_in_every_language(language: str) -> None:
    words = [status_words(status, language) for status in Status]
    words += [reason_words(reason, language) for reason in RejectionReason]

    assert all(words)
    assert {max(words, key=len)} & set(longest_words(language).values())


def test_a_reason_of_another_release_is_shown_as_it_is() -> None:
    assert reason_words("too_far", "en") == "too_far"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-03:00")


@pytest.mark.parametrize(
    ("timing", "moment", "told"),
    [
        (Timing.AT_ONCE, "2026-11-25T03:00", "2026-11-25T03:00"),
        (Timing.DAYTIME, "2026-11-25T03:00", "2026-11-25T08:00"),
        (Timing.DAYTIME, "2026-11-25T07:59", "2026-11-25T08:00"),
        (Timing.DAYTIME, "2026-11-25T08:00", "2026-11-25T08:00"),
        (Timing.DAYTIME, "2026-11-25T19:59", "2026-11-25T19:59"),
        (Timing.DAYTIME, "2026-11-25T20:00", "2026-11-26T08:00"),
        (Timing.DAYTIME, "2026-11-28T21:00", "2026-11-29T08:00"),
        (Timing.DAYTIME, "2026-11-29T12:00", "2026-11-29T12:00"),
        (Timing.WORKING_HOURS, "2026-11-25T08:00", "2026-11-25T08:30"),
        (Timing.WORKING_HOURS, "2026-11-27T18:00", "2026-11-30T08:30"),
    ],
)
def test_people_are_told_by_day(timing: Timing, moment: str, told: str) -> None:
    assert tellable_at(timing, CALENDAR, at(moment)) == at(told)
    assert tellable_at(timing, CALENDAR, at(told)) - at(told) == timedelta()


def test_every_channel_has_a_way_to_whoever_left_anything() -> None:
    points = {"phone": "+5551991234567", "email": "maria@example.org"}
    for channel in Channel:
        assert ways_to_reach(channel, points, None, MEDIA)
        for kind, value in points.items():
            found = ways_to_reach(channel, {kind: value}, None, MEDIA)
            assert {address for _, address in found} == {value}, channel


def test_a_medium_without_a_sender_is_no_way() -> None:
    points = {"phone": "+5551991234567"}

    assert ways_to_reach(Channel.WHATSAPP, points, Medium.WHATSAPP, {Medium.SMS}) == (
        (Medium.SMS, points["phone"]),
    )


@pytest.mark.parametrize(
    ("phone", "can"),
    [
        ("+5551991234567", True),
        ("+555132893000", False),
        ("+5551391234567", False),
        ("+598991234567", True),
        ("", False),
    ],
)
def test_landlines_of_brazil_take_no_text_messages(phone: str, can: bool) -> None:
    assert takes_text_messages(phone) is can


def test_what_only_the_administration_reads_tells_the_citizen_nothing() -> None:
    silent = {
        EntryType.COMMENTED,
        EntryType.RETURNED,
        EntryType.FORWARDED,
        EntryType.ALERTED,
        EntryType.JUDGED,
    }

    assert not silent & KIND_OF.keys()
