"""What people can do with an answer: its buttons, its question's edits, other ways to ask."""

from dataclasses import replace

import pytest

from bot.database import ChannelSettings
from bot.rendering import notices
from index import build_index
from tests.standin import DiscordStandIn
from tests.support.data.harbour import HARBOUR
from tests.support.scenes import CAPTAIN, STORM, running_world, write_corpus

pytestmark = pytest.mark.xdist_group("answers")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One bot for the module, over the harbour text with an address on the web."""
    folder = tmp_path_factory.mktemp("answers")
    title = "The harbour of Lowmere\n"
    write_corpus(folder, HARBOUR.replace(title, "---\nurl: https://a.example/h\n---\n", 1))
    with DiscordStandIn() as discord, running_world(discord, folder) as world:
        yield world


def ask(scene, text):
    """Let Alice mention the bot with a question, and return it with its answer."""
    question = scene.mention(text)
    return question, scene.discord.wait_for_answer(question)


def test_answer_is_one_card_with_source_link_and_buttons(scene):
    """The answer shows the paragraph, a link to its source, and six buttons."""
    _, answer = ask(scene, "who dug the harbour?")
    assert CAPTAIN in answer.seen
    assert "https://a.example/h" in answer.markdown
    labels = [part.get("label") or part["emoji"]["name"] for part in answer.buttons]
    assert labels == [
        "More",
        "In context",
        "Private copy",
        "\N{THUMBS UP SIGN}",
        "\N{THUMBS DOWN SIGN}",
        "\N{WASTEBASKET}",
    ]


def test_more_turns_the_page_for_the_asker_and_shows_others_their_own(scene):
    """The asker's press changes the answer; another's leaves it and shows them the next quotes."""
    _, answer = ask(scene, "what happened at the harbour and the lighthouse?")
    before = answer.seen
    others = scene.press(answer, "More", scene.bob).wait_for_response()
    assert others.ephemeral
    assert answer.seen == before
    scene.press(answer, "More", scene.alice)
    scene.discord.wait_until(lambda: answer.seen != before, 10, "another page")
    assert others.seen.splitlines()[0] == answer.seen.splitlines()[0]


def test_more_beyond_the_end_says_so(scene):
    """When all paragraphs have been shown, that is said privately and the answer stays."""
    _, answer = ask(scene, "what happened at the harbour and the lighthouse?")
    for _ in range(4):
        page = answer.seen
        pressed = scene.press(answer, "More", scene.alice)
        scene.discord.wait_until(
            lambda page=page, pressed=pressed: answer.seen != page or pressed.followups,
            10,
            "a page or an end",
        )
        if pressed.followups:
            break
    assert "all I found" in pressed.followups[0].seen
    assert pressed.followups[0].ephemeral


def test_in_context_shows_the_paragraphs_around(scene):
    """The paragraphs before and after stand around the quoted one, for the person who pressed."""
    _, answer = ask(scene, "when did the storm come?")
    shown = scene.press(answer, "In context", scene.bob).wait_for_response()
    assert shown.ephemeral
    places = [shown.seen.index(part) for part in ("lighthouse burned", STORM, "Visitors come")]
    assert places == sorted(places)


def test_private_copy_says_the_same_without_buttons(scene):
    """A copy is seen by one person and has the answer's words."""
    _, answer = ask(scene, "who dug the harbour?")
    copy = scene.press(answer, "Private copy", scene.bob).wait_for_response()
    assert copy.ephemeral
    assert copy.seen == answer.seen
    assert copy.buttons == []


def test_asker_and_moderator_delete_an_answer_and_others_cannot(scene):
    """The bin works for who asked and for who may manage messages."""
    moderators = scene.discord.add_role(scene.guild, "moderators", "MANAGE_MESSAGES")
    judge = scene.discord.add_user("judge", scene.guild, roles=[moderators])
    _, first = ask(scene, "who dug the harbour?")
    refused = scene.press(first, "\N{WASTEBASKET}", scene.bob).wait_for_response()
    assert "Only the person who asked" in refused.seen
    assert not first.deleted
    scene.press(first, "\N{WASTEBASKET}", scene.alice)
    scene.discord.wait_until(lambda: first.deleted, 10, "the deletion")
    _, second = ask(scene, "when did the storm come?")
    scene.press(second, "\N{WASTEBASKET}", judge)
    scene.discord.wait_until(lambda: second.deleted, 10, "the deletion")


def test_thumbs_are_thanked_for(scene):
    """A vote gets a private line."""
    _, answer = ask(scene, "who dug the harbour?")
    for thumb in ("\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"):
        shown = scene.press(answer, thumb, scene.bob).wait_for_response()
        assert shown.ephemeral
        assert "Thank you" in shown.seen


def test_buttons_with_forged_ids_reveal_and_change_nothing(scene):
    """Ids of another answer, of no place and of absurd size get a line that says it is too late."""
    _, first = ask(scene, "who dug the harbour?")
    _, second = ask(scene, "new topic: when did the storm come?")
    part = next(part for part in second.buttons if part.get("label") == "More")
    other = next(part for part in first.buttons if part.get("label") == "More")
    ids = [other["custom_id"], f"pq:more:{10**19}:3:1", "pq:more", "pq:more:a:b:c", "pq:up:1"]
    for forged in [*ids, "pq:context:1:2:3", f"pq:context:{'9' * 20}:1:1"]:
        part["custom_id"] = forged
        shown = scene.discord.press(second, forged, scene.alice)
        line = scene.discord.wait_until(
            lambda shown=shown: shown.response or shown.followups, 10, "a line"
        )
        text = line[0].seen if isinstance(line, list) else line.seen
        assert "again" in text or text == notices.NO_LONGER_WORKS, forged


def test_edited_question_gets_another_answer_and_one_edited_late_does_not(scene):
    """Within five minutes the answer follows its question."""
    question, answer = ask(scene, "who dug the harbour?")
    scene.discord.edit(question, f"{scene.discord.mention} when did the storm come?")
    scene.discord.wait_until(lambda: STORM in answer.seen, 10, "the other answer")
    assert len(scene.discord.answers(question)) == 1
    scene.discord.advance(301)
    scene.discord.edit(question, f"{scene.discord.mention} who dug the harbour?")
    ask(scene, "new topic: what of the choir?")
    assert STORM in answer.seen


def test_deleted_question_takes_its_answer_along(scene):
    """The answer goes with its question, one by one or in bulk."""
    first, its_answer = ask(scene, "who dug the harbour?")
    scene.discord.delete(first)
    scene.discord.wait_until(lambda: its_answer.deleted, 10, "the deletion")
    asked = [ask(scene, text) for text in ("when did the storm come?", "what of the choir?")]
    scene.discord.bulk_delete([question for question, _ in asked])
    scene.discord.wait_until(lambda: all(a.deleted for _, a in asked), 10, "the deletions")


def test_private_ask_and_menu_are_seen_by_the_asker_alone(scene):
    """`/ask private:` and "Find this in the texts" answer only to who used them."""
    question = "when did the storm come?"
    private = scene.discord.slash(
        scene.channel, scene.alice, "ask", question=question, private=True
    ).wait_for_response()
    assert private.ephemeral
    assert STORM in private.seen
    said = scene.discord.say(scene.channel, scene.bob, question)
    found = scene.discord.context_menu(said, scene.alice, "Find this in the texts")
    assert found.wait_for_response().ephemeral
    assert STORM in found.wait_for_response().seen


def test_user_install_answers_in_a_server_without_the_bot(scene):
    """A person who brought the bot along asks where it was never invited."""
    elsewhere = scene.discord.add_guild("Elsewhere", with_bot=False)
    channel = scene.discord.add_channel(elsewhere, "talk")
    scene.discord.join(elsewhere, scene.alice)
    shown = scene.discord.slash(
        channel, scene.alice, "ask", question="who dug the harbour?", as_user_install=True
    ).wait_for_response()
    assert CAPTAIN in shown.seen


@pytest.mark.parametrize(
    ("locale", "said"), [("de", "Weitere"), ("fr", "extraits"), ("hi", "Also")]
)
def test_command_is_answered_in_the_language_of_its_user(scene, locale, said):
    """The bot's own words follow the person's client, and are English where it speaks no other."""
    shown = scene.discord.slash(
        scene.channel, scene.alice, "ask", question="who dug the harbour?", locale=locale
    ).wait_for_response()
    assert CAPTAIN in shown.seen
    assert said in shown.seen or locale != "hi"


def test_after_a_restart_and_a_rebuild_buttons_work_or_say_what_changed(discord, tmp_path):
    """Old answers keep their buttons; where the paragraph moved, that is said; replies go on."""
    with running_world(discord, tmp_path) as world:
        scene = world.settle()
        answer = scene.ask("what about the lighthouse and its keepers?")
    discord.expect_restart()
    with running_world(discord, tmp_path) as world:
        scene = replace(scene, bot=world.bot)
        shown = scene.press(answer, "In context").wait_for_response()
        assert "Herring boats" in shown.seen
        reply = discord.say(scene.channel, scene.alice, "how often?", reply_to=answer)
        assert "burned twice" in discord.wait_for_answer(reply).seen
        text = scene.corpus / "harbour.txt"
        moved = HARBOUR.replace("Herring boats", "A new paragraph.\n\nHerring boats")
        text.write_text(moved, encoding="utf-8")
        build_index(scene.corpus, scene.data / "index")
        # While the bot takes it over, it shows the index from before.
        scene.press(answer, "In context").wait_for_response()
        world.bot.wait_for_log("Took over the index")
        stale = scene.press(answer, "In context").wait_for_response()
        assert "texts have changed" in stale.seen
        pressed = scene.press(answer, "More")
        discord.wait_until(lambda: pressed.followups, 10, "a line")
        assert "texts have changed" in pressed.followups[0].seen


def test_channel_that_answers_all_and_forum_and_threads(scene):
    """Turned on, the bot answers questions to nobody, opening posts, and in threads of its own."""
    discord, alice, bob = scene.discord, scene.alice, scene.bob
    every, threaded, off = (
        discord.add_channel(scene.guild, name) for name in ("every", "threaded", "off")
    )
    forum = discord.add_channel(scene.guild, "forum", "forum")
    for channel in (every, forum):
        scene.set_channel(ChannelSettings("every", confidence="sure"), channel)
    scene.set_channel(ChannelSettings("addressed", threads=True), threaded)
    scene.set_channel(ChannelSettings("off"), off)
    for text in ("the harbour is lovely", "how do I bake sourdough?", "lol what?"):
        discord.say(every, bob, text)
    to_alice = discord.say(every, alice, "who dug the harbour then?")
    assert CAPTAIN in discord.wait_for_answer(to_alice).seen
    talk = discord.say(every, bob, "so when did the storm come?", reply_to=to_alice)
    scene.mention(channel=off)
    post = discord.open_post(forum, alice, "Old harbour", "who was it dug by?")
    assert CAPTAIN in discord.wait_for_answer(post).seen
    answer = scene.ask(channel=threaded)
    assert answer.channel.name == "who dug the harbour?"
    more = discord.say(answer.channel, bob, "how many years did it take?")
    followed = discord.wait_until(
        lambda: scene.posted(answer.channel, more), 10, "an answer in the thread"
    )
    assert CAPTAIN in followed[0].seen
    assert "turned off" in scene.slash(channel=off).wait_for_response().seen
    assert len(scene.posted(every)) == 1
    assert discord.answers(talk) == []
    assert scene.posted(off) == []


def test_talk_among_people_is_left_alone_where_every_question_is_answered(scene):
    """What continues a talk is for the bot only if the bot has just answered that person."""
    discord, alice, bob = scene.discord, scene.alice, scene.bob
    scene.set_channel(ChannelSettings("every", confidence="hesitant"))
    proposed = "how about the lighthouse and its keepers?"
    talk = [
        discord.say(scene.channel, bob, text)
        for text in (proposed, "what time is it?", "where is my boat?", "are you at the harbour?")
    ]
    discord.wait_for_answer(discord.say(scene.channel, alice, "who dug the harbour?"))
    followed = discord.wait_for_answer(discord.say(scene.channel, alice, proposed))
    assert "lighthouse" in followed.seen
    assert [discord.answers(message) for message in talk] == [[]] * len(talk)


def test_press_on_a_row_that_was_replaced_is_answered(scene):
    """Somebody may press what an edit replaces at that moment; the button does what it says."""
    discord = scene.discord
    answer = scene.ask()
    old, first = discord.button(answer, "In context"), answer.seen
    scene.press(answer, "More")
    discord.wait_until(lambda: answer.seen != first, 10, "the next page")
    assert old not in [part.get("custom_id") for part in answer.buttons]
    pressed = discord.press(answer, old, scene.bob, is_replaced=True)
    shown = pressed.wait_for_response()
    assert shown.ephemeral
    assert CAPTAIN in shown.seen
