"""Channels where answers to `/ask` are private: the channel's choice, or else its category's."""

from bot.database import ChannelSettings, ServerSettings
from tests.support.scenes import CAPTAIN, chosen, item

PRIVATE = ChannelSettings(private_answers=True)


def asked(scene, channel=None, **options):
    """Let Alice use `/ask`, and return the answer."""
    answer = scene.slash(channel=channel, **options).wait_for_response()
    assert CAPTAIN in answer.seen
    return answer


def label(panel):
    """Return what the panel's switch says."""
    return item(panel, "private")["label"]


def test_answers_are_private_in_the_channel_where_an_admin_chose_so(scene):
    """Only the asker sees them there and in its threads, whatever `private:` says."""
    discord = scene.discord
    assert label(scene.panel()) == "Answers to /ask are private: off"
    assert not asked(scene).ephemeral
    panel = scene.set_up("private")
    assert label(panel) == "Answers to /ask are private: on"
    thread = discord.start_thread(scene.channel, scene.alice, "talk")
    for place in (scene.channel, thread):
        for options in ({}, {"private": False}, {"private": True}):
            answer = asked(scene, place, **options)
            assert answer.ephemeral
            assert not answer.is_visible_to(scene.bob)
    elsewhere = discord.add_channel(scene.guild, "quay")
    assert not asked(scene, elsewhere).ephemeral
    assert asked(scene, elsewhere, private=True).ephemeral
    assert label(scene.choose(scene.panel(), "private")).endswith("off")
    assert not asked(scene).ephemeral


def test_mentions_are_answered_for_all_to_see(scene):
    """A question that everybody sees has an answer that everybody sees."""
    scene.set_channel(PRIVATE)
    assert not scene.ask().ephemeral


def test_private_answer_is_in_no_list_of_unanswered_questions(scene):
    """Nor is it suggested to others."""
    scene.set_channel(PRIVATE)
    scene.slash("what does the choir of Zanzibar sing?").wait_for_response()
    shown = scene.use("pullquote unanswered", scene.admin)
    assert shown.seen.startswith("There are no unanswered questions")


def test_channel_follows_its_category_until_it_chooses_otherwise(scene, world):
    """One channel goes its own way and comes back; another server's is untouched."""
    discord, guild = scene.discord, scene.guild
    category = discord.add_channel(guild, "support", kind="category")
    inside, other = (
        discord.add_channel(guild, name, category=category) for name in ("help", "bugs")
    )
    there = world.settle("Hightor")
    scene.set_server(ServerSettings(cooldown_questions=0))

    def private():
        return [asked(scene, place).ephemeral for place in (inside, other, scene.channel)]

    assert private() == [False, False, False]
    scene.choose(scene.panel(channel=category), "private")
    assert private() == [True, True, False]
    panel = scene.panel(channel=inside)
    assert label(panel).endswith("on")
    assert label(scene.choose(panel, "private")).endswith("off")
    assert private() == [False, True, False]
    assert label(scene.choose(scene.panel(channel=inside), "private")).endswith("on")
    scene.choose(scene.panel(channel=category), "private")
    assert private() == [False, False, False]
    assert not asked(there).ephemeral


def test_switch_is_not_shown_where_the_bot_is_turned_off(scene):
    """Nothing is asked there."""
    panel = scene.set_up("mode", "off")
    assert chosen(panel, "mode") == ["off"]
    assert not any("pqs:private" in one["custom_id"] for one in panel.buttons)
