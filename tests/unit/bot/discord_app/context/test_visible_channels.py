"""Whether all who can read one channel can read another, as Discord computes permissions."""

from types import SimpleNamespace
from typing import Any

from discord import Object, PermissionOverwrite
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.context.visible_channels import readers_see

EVERYONE, ROLES, MEMBERS = 0, (1, 2, 3), (11, 12)

choices = st.sampled_from([True, False, None])
overwrites = st.dictionaries(st.sampled_from([*ROLES, *MEMBERS]), choices, max_size=5)


def _channel(views) -> Any:
    return SimpleNamespace(
        overwrites={
            Object(who): PermissionOverwrite(view_channel=may) for who, may in views.items()
        }
    )


def _sees(views, roles, member):
    """Return whether a member sees a channel that @everyone sees, unless overwrites say else.

    https://discord.com/developers/docs/topics/permissions#permission-overwrites
    """
    seen = views.get(EVERYONE) is not False
    if any(views.get(role) is False for role in roles):
        seen = False
    if any(views.get(role) is True for role in roles):
        seen = True
    return seen if views.get(member) is None else views[member]


@given(
    overwrites,
    overwrites,
    choices,
    st.sets(st.sampled_from(ROLES)),
    st.sampled_from(MEMBERS),
)
@settings(max_examples=2000, derandomize=True)
def test_no_reader_of_the_room_is_kept_out_of_the_channel(room, channel, everyone, roles, member):
    """It holds for members with any roles, whoever may read the room."""
    room = {**room, EVERYONE: everyone}
    if readers_see(_channel(room), _channel(channel)) and _sees(room, roles, member):
        assert _sees(channel, roles, member)


def test_room_of_a_team_shows_open_channels():
    """A channel that keeps nobody out is open to the readers of every room."""
    team = {EVERYONE: False, 1: True}
    assert readers_see(_channel(team), _channel({}))
    assert readers_see(_channel(team), _channel({2: True}))


def test_role_that_is_kept_out_of_both_hides_nothing():
    """A role for people in quarantine sees no channel; all others do."""
    assert readers_see(_channel({3: False}), _channel({3: False}))
    assert not readers_see(_channel({}), _channel({3: False}))
    assert not readers_see(_channel({3: False, 1: True}), _channel({3: False}))
