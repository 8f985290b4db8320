"""How a choice changes the settings, with any id or form."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database import ChannelSettings, Confidence, Mode, ServerSettings
from bot.discord_app.admin.setup.setup_values import (
    CHANNEL_PARTS,
    MenuPart,
    SwitchPart,
    changed_channel,
    changed_server,
    channel_values,
    server_values,
)
from bot.languages import LANGUAGES

PARTS = (*get_args(MenuPart), *get_args(SwitchPart), "cooldown")
SERVER_PARTS = [part for part in PARTS if part not in CHANNEL_PARTS]

VALUES = st.lists(
    st.one_of(st.text(max_size=9), st.integers().map(str), st.sampled_from(["on", "off", "de"])),
    max_size=3,
)


def test_names_of_texts_are_kept_once_and_in_order():
    """Blank lines say nothing; without a name the category decides."""
    channel = ChannelSettings("every")
    chosen = changed_channel(channel, "texts", [" v2/ ", "", "a b", "v2/"])
    assert chosen == ChannelSettings("every", texts=("v2/", "a b"))
    assert changed_channel(chosen, "texts", ["", " "]) == channel


def test_one_part_changes_and_the_others_stay():
    """A choice replaces its own part only."""
    channel = ChannelSettings("every", threads=True, confidence="hesitant")
    assert changed_channel(channel, "mode", ["off"]) == ChannelSettings(
        "off", threads=True, confidence="hesitant"
    )
    server = ServerSettings(language="fr", ask_roles=frozenset({5}))
    assert changed_server(server, "cooldown", ["0", "1"], ()) == ServerSettings(
        language="fr", ask_roles=frozenset({5}), cooldown_questions=0, cooldown_seconds=1
    )
    assert changed_server(server, "language", ["own"], ()).language is None
    assert not changed_server(server, "shared", ["off"], ()).shared_texts


def test_roles_that_may_not_be_chosen_are_left_out():
    """Only roles of the server are kept."""
    for part, name in (("ask", "ask"), ("teach", "trusted"), ("admin", "admin")):
        changed = changed_server(ServerSettings(), part, ["1", "2"], {2, 3})
        assert getattr(changed, f"{name}_roles") == {2}


def test_digest_has_one_channel_of_the_server_or_none():
    """A channel that may not be chosen turns it off, as no channel does."""
    for values, channel in ((["4"], 4), ([], None), (["9"], None)):
        changed = changed_server(ServerSettings(digest_channel=3), "digest", values, {3, 4})
        assert changed == ServerSettings(digest_channel=channel)


def test_values_of_settings_are_in_the_form_in_which_they_are_chosen():
    """Choosing them again changes nothing, for each part of the panel."""
    channel = ChannelSettings("every", True, "hesitant", ("v2",), private_answers=True)
    server = ServerSettings(
        "de", frozenset({1}), frozenset({2}), frozenset({3, 4}), 0, 7, plain=True, digest_channel=4
    )
    for part in (*PARTS, "texts"):
        if part in CHANNEL_PARTS:
            values = channel_values(channel, part)
            assert changed_channel(channel, part, values) == channel
            default = changed_channel(channel, part, channel_values(ChannelSettings(), part))
            assert default != channel
        else:
            values = server_values(server, part)
            assert changed_server(server, part, values, {1, 2, 3, 4}) == server


@pytest.mark.parametrize("of_category", [None, False, True])
def test_private_answers_follow_the_category_until_something_else_is_chosen(of_category):
    """A channel that chooses what its category has follows it again."""
    channel, category = ChannelSettings(), ChannelSettings(private_answers=of_category)
    assert channel.answers_privately(category) is bool(of_category)
    same, other = ("on", "off") if of_category else ("off", "on")
    chosen = changed_channel(channel, "private", [other], category)
    assert chosen.private_answers is not bool(of_category)
    assert chosen.answers_privately(category) is not bool(of_category)
    assert channel_values(chosen, "private", category) == (other,)
    assert changed_channel(chosen, "private", [same], category) == channel


@pytest.mark.parametrize("values", [["1001", "60"], ["5", "86401"], ["5", "0"], ["5"], ["", ""]])
def test_cooldown_out_of_bounds_is_refused(values):
    """Both numbers are needed, and neither is absurd."""
    with pytest.raises(ValueError, match=r".+"):
        changed_server(ServerSettings(), "cooldown", values, ())


@given(st.sampled_from(CHANNEL_PARTS), st.sampled_from(SERVER_PARTS), VALUES)
def test_whatever_is_chosen_the_settings_are_ones_that_exist(channel_part, server_part, values):
    """A value that the panel does not offer raises ValueError and nothing else."""
    try:
        channel = changed_channel(ChannelSettings(), channel_part, values)
    except ValueError:
        channel = ChannelSettings()
    assert channel.mode in get_args(Mode)
    assert channel.confidence in get_args(Confidence)
    try:
        server = changed_server(ServerSettings(), server_part, values, {1})
    except ValueError:
        server = ServerSettings()
    assert server.language in (None, *LANGUAGES)
    assert server.admin_roles <= {1}
