"""Row rules: which holder of which credential may see and do what; what is not listed is denied."""

from __future__ import annotations

import pytest

from chalicelib.domain.access import Grant, Principal, View, actor_for, is_scope, view_of
from chalicelib.domain.errors import ActorNotAllowed
from chalicelib.domain.people import Channel, Role
from chalicelib.domain.transitions import Command, Status
from tests.unit.small_city import a_request

NOBODY = Principal(name="nobody", scopes=frozenset())
SCOPES = {
    "nothing": "",
    "channel": "channel:web",
    "own focal point": "focal:WASTE",
    "other focal point": "focal:WATER",
    "centre's focal point": "focal:CENTRE",
    "attendant": "attendant",
    "reviewer": "reviewer",
    "direction": "direction",
    "ombudsman": "ombudsman",
    "operator": "operator",
    "attendant and reviewer": "attendant reviewer",
    "focal point and attendant": "focal:WASTE attendant",
}
WORK = "return accept forward schedule ask wait resolve external-number extend justify"
AS_SECRETARIAT = f"{WORK} resume comment reject merge"
AS_ATTENDANT = (
    "classify question-delivered result-told answer comment reiterate reject merge confirm contest reopen "
    "cancel revive reprioritise"
)
AS_REVIEWER = "classify comment reject reopen reprioritise judge"
MAY = {
    ("own focal point", Role.SECRETARIAT): AS_SECRETARIAT,
    ("attendant", Role.ATTENDANT): AS_ATTENDANT,
    ("reviewer", Role.REVIEWER): AS_REVIEWER,
    ("direction", Role.DIRECTION): "classify reprioritise",
    ("ombudsman", Role.OMBUDSMAN): "comment reopen extend erase",
    ("attendant and reviewer", Role.ATTENDANT): AS_ATTENDANT,
    ("attendant and reviewer", Role.REVIEWER): "judge",
    ("focal point and attendant", Role.SECRETARIAT): AS_SECRETARIAT,
    ("focal point and attendant", Role.ATTENDANT): " ".join(
        sorted(set(AS_ATTENDANT.split()) - set(AS_SECRETARIAT.split()))
    ),
}
"""What each credential may order on a request that WASTE holds, and in which capacity."""


def principal(name: str) -> Principal:
    return Principal(name=name, scopes=frozenset(SCOPES[name].split()))


@pytest.mark.parametrize("name", SCOPES)
def test_each_credential_commands_exactly_what_the_table_says(name: str) -> None:
    request = a_request()
    expected = {
        Command(command): role
        for (who, role), commands in MAY.items()
        if who == name
        for command in commands.split()
    }

    for command in Command:
        if command in expected:
            actor = actor_for(principal(name), command, request)
            assert (actor.role, actor.name) == (expected[command], name)
            assert actor.secretariat == ("WASTE" if actor.role is Role.SECRETARIAT else None)
        else:
            with pytest.raises(ActorNotAllowed):
                actor_for(principal(name), command, request)


def test_a_secretariat_loses_its_say_with_the_request() -> None:
    moved = a_request(Status.TRIAGE)

    with pytest.raises(ActorNotAllowed):
        actor_for(principal("own focal point"), Command.COMMENT, moved)
    assert actor_for(principal("centre's focal point"), Command.COMMENT, moved).secretariat == "CENTRE"


def test_nobody_but_the_system_gives_the_systems_commands() -> None:
    everything = Principal(name="all", scopes=frozenset({*Grant, "focal:WASTE", "channel:web"}))

    for command in (Command.ESCALATE, Command.REDATE, Command.CLOSE, Command.ARCHIVE, Command.CONTINUE):
        with pytest.raises(ActorNotAllowed):
            actor_for(everything, command, a_request())


@pytest.mark.parametrize("acts_for_citizen", [False, True])
@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("nothing", None),
        ("channel", None),
        ("other focal point", None),
        ("centre's focal point", None),
        ("operator", None),
        ("own focal point", View.SECRETARIAT),
        ("attendant", View.CENTRE),
        ("reviewer", View.CENTRE),
        ("direction", View.CENTRE),
        ("ombudsman", View.CENTRE),
        ("focal point and attendant", View.CENTRE),
    ],
)
def test_a_stranger_sees_the_public_status_unless_he_acts_for_the_citizen(
    name: str, view: View | None, acts_for_citizen: bool
) -> None:
    otherwise = View.CITIZEN if acts_for_citizen else View.PUBLIC

    assert view_of(principal(name), a_request(), acts_for_citizen=acts_for_citizen) is (view or otherwise)


def test_without_any_credential_only_the_public_status_is_seen() -> None:
    assert view_of(None, a_request()) is View.PUBLIC
    assert view_of(None, a_request(), acts_for_citizen=True) is View.CITIZEN


def test_a_secretariat_no_longer_sees_what_it_gave_away() -> None:
    assert view_of(principal("own focal point"), a_request(Status.TRIAGE)) is View.PUBLIC


@pytest.mark.parametrize(
    ("text", "well_formed"),
    [
        ("attendant", True),
        ("operator", True),
        ("channel:web", True),
        ("focal:DMLU", True),
        ("channel", False),
        ("channel:", False),
        ("channel:fax", False),
        ("focal", False),
        ("focal:", False),
        ("attendant:", False),
        ("attendant:web", False),
        ("admin", False),
        ("", False),
        (":", False),
    ],
)
def test_a_scope_is_a_grant_narrowed_where_it_must_be(text: str, well_formed: bool) -> None:
    assert is_scope(text) is well_formed


def test_a_key_opens_requests_on_its_own_channels_only() -> None:
    key = Principal(name="k", scopes=frozenset({"channel:web", "channel:app", "channels:sms", "focal:sms"}))

    assert key.channels() == [Channel.WEB, Channel.APP]
    assert NOBODY.channels() == []


def test_a_grant_is_not_found_in_a_longer_or_shorter_word() -> None:
    key = Principal(name="k", scopes=frozenset({"attendants", "focal:WAS", "operator2"}))

    assert [grant for grant in Grant if key.has(grant)] == [Grant.FOCAL]
    assert not key.is_focal_point_of("WASTE")
