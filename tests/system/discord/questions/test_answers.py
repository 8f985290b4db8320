"""What people can do with an answer: its buttons, its question's edits, other ways to ask."""

import asyncio
import shutil
from types import SimpleNamespace

import pytest

from bot.database import ChannelSettings, open_database
from index import build_index
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess
from tests.support.data.harbour import HARBOUR

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch."
STORM = "A storm in 1887 sank nine boats."

pytestmark = pytest.mark.xdist_group("answers")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One bot for the module, over the harbour text, on a stand-in with one server."""
    folder = tmp_path_factory.mktemp("answers")
    (folder / "corpus").mkdir()
    text = HARBOUR.replace("The harbour of Lowmere\n", "---\nurl: https://a.example/h\n---\n", 1)
    (folder / "corpus" / "harbour.txt").write_text(text, encoding="utf-8")
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        with BotProcess(discord, folder / "corpus", folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("ask")
            yield SimpleNamespace(discord=discord, guild=guild, bot=bot, folder=folder)


@pytest.fixture
def scene(running, request):
    """A channel and two people of their own for each test."""
    discord, guild = running.discord, running.guild
    name = request.node.name[:40]
    yield SimpleNamespace(
        **vars(running),
        channel=discord.add_channel(guild, name),
        alice=discord.add_user(f"alice-{name}", guild),
        bob=discord.add_user(f"bob-{name}", guild),
    )
    assert discord.pings == []
    assert "Traceback" not in running.bot.log


def ask(scene, text, author=None, **options):
    """Let Alice mention the bot with a question, and return it with its answer."""
    discord = scene.discord
    content = f"{discord.mention} {text}"
    question = discord.say(scene.channel, author or scene.alice, content, **options)
    return question, discord.wait_for_answer(question)


def press(scene, message, label, user):
    """Press a button and return what came of it."""
    return scene.discord.press(message, scene.discord.button(message, label), user)


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
    others = press(scene, answer, "More", scene.bob).wait_for_response()
    assert others.ephemeral
    assert answer.seen == before
    press(scene, answer, "More", scene.alice)
    scene.discord.wait_until(lambda: answer.seen != before, 10, "another page")
    assert others.seen.splitlines()[0] == answer.seen.splitlines()[0]


def test_more_beyond_the_end_says_so(scene):
    """When all paragraphs have been shown, that is said privately and the answer stays."""
    _, answer = ask(scene, "what happened at the harbour and the lighthouse?")
    for _ in range(4):
        page = answer.seen
        pressed = press(scene, answer, "More", scene.alice)
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
    """The paragraphs before and after stand around the quoted one, for whoever pressed."""
    _, answer = ask(scene, "when did the storm come?")
    shown = press(scene, answer, "In context", scene.bob).wait_for_response()
    assert shown.ephemeral
    places = [shown.seen.index(part) for part in ("lighthouse burned", STORM, "Visitors come")]
    assert places == sorted(places)


def test_private_copy_says_the_same_without_buttons(scene):
    """A copy is seen by one person and has the answer's words."""
    _, answer = ask(scene, "who dug the harbour?")
    copy = press(scene, answer, "Private copy", scene.bob).wait_for_response()
    assert copy.ephemeral
    assert copy.seen == answer.seen
    assert copy.buttons == []


def test_asker_and_moderator_delete_an_answer_and_others_cannot(scene):
    """The bin works for who asked and for who may manage messages."""
    moderators = scene.discord.add_role(scene.guild, "moderators", "MANAGE_MESSAGES")
    judge = scene.discord.add_user("judge", scene.guild, roles=[moderators])
    _, first = ask(scene, "who dug the harbour?")
    refused = press(scene, first, "\N{WASTEBASKET}", scene.bob).wait_for_response()
    assert "Only the person who asked" in refused.seen
    assert not first.deleted
    press(scene, first, "\N{WASTEBASKET}", scene.alice)
    scene.discord.wait_until(lambda: first.deleted, 10, "the deletion")
    _, second = ask(scene, "when did the storm come?")
    press(scene, second, "\N{WASTEBASKET}", judge)
    scene.discord.wait_until(lambda: second.deleted, 10, "the deletion")


def test_thumbs_are_thanked_for(scene):
    """A vote gets a private line."""
    _, answer = ask(scene, "who dug the harbour?")
    for thumb in ("\N{THUMBS UP SIGN}", "\N{THUMBS DOWN SIGN}"):
        shown = press(scene, answer, thumb, scene.bob).wait_for_response()
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
        assert "again" in text, forged


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
    ("locale", "said"), [("de", "Weitere"), ("fr", "extraits"), ("ko", "Also")]
)
def test_command_is_answered_in_the_language_of_its_user(scene, locale, said):
    """The bot's own words follow the person's client, and are English where it speaks no other."""
    shown = scene.discord.slash(
        scene.channel, scene.alice, "ask", question="who dug the harbour?", locale=locale
    ).wait_for_response()
    assert CAPTAIN in shown.seen
    assert said in shown.seen or locale != "ko"


def test_after_a_restart_and_a_rebuild_buttons_work_or_say_what_changed(tmp_path):
    """Old answers keep their buttons; where the paragraph moved, that is said; replies go on."""
    corpus, data = tmp_path / "corpus", tmp_path / "data"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        scene = SimpleNamespace(
            discord=discord,
            channel=discord.add_channel(guild, "harbour"),
            alice=discord.add_user("alice", guild),
        )
        with BotProcess(discord, corpus, data):
            discord.wait_ready()
            _, answer = ask(scene, "what about the lighthouse and its keepers?")
        discord.expect_restart()
        with BotProcess(discord, corpus, data) as bot:
            discord.wait_ready()
            shown = press(scene, answer, "In context", scene.alice).wait_for_response()
            assert "Herring boats" in shown.seen
            reply = discord.say(scene.channel, scene.alice, "how often?", reply_to=answer)
            assert "burned twice" in discord.wait_for_answer(reply).seen
            shutil.copy(corpus / "harbour.txt", tmp_path / "old.txt")
            moved = HARBOUR.replace("Herring boats", "A new paragraph.\n\nHerring boats")
            (corpus / "harbour.txt").write_text(moved, encoding="utf-8")
            build_index(corpus, data / "index")
            # Whoever comes while it is taken over is shown the one before.
            press(scene, answer, "In context", scene.alice).wait_for_response()
            bot.wait_for_log("Took over the index")
            stale = press(scene, answer, "In context", scene.alice).wait_for_response()
            assert "texts have changed" in stale.seen
            pressed = press(scene, answer, "More", scene.alice)
            discord.wait_until(lambda: pressed.followups, 10, "a line")
            assert "texts have changed" in pressed.followups[0].seen


def test_channel_that_answers_all_and_forum_and_threads(tmp_path, harbour_corpus):
    """Turned on, the bot answers questions to nobody, opening posts, and in threads of its own."""
    with DiscordStandIn() as discord:
        guild = discord.add_guild("Lowmere")
        every = discord.add_channel(guild, "every")
        threaded = discord.add_channel(guild, "threaded")
        forum = discord.add_channel(guild, "forum", "forum")
        off = discord.add_channel(guild, "off")
        alice, bob = (discord.add_user(name, guild) for name in ("alice", "bob"))

        async def set_up():
            database = await open_database(f"sqlite:///{tmp_path}/data/pullquote.db")
            for channel in (every, forum):
                await database.settings.set_channel(
                    guild.id, channel.id, ChannelSettings("every", confidence="sure")
                )
            await database.settings.set_channel(
                guild.id, threaded.id, ChannelSettings("addressed", threads=True)
            )
            await database.settings.set_channel(guild.id, off.id, ChannelSettings("off"))
            await database.close()

        asyncio.run(set_up())
        with BotProcess(discord, harbour_corpus, tmp_path / "data"):
            discord.wait_ready()
            discord.wait_for_commands("ask")
            for text in ("the harbour is lovely", "how do I bake sourdough?", "lol what?"):
                discord.say(every, bob, text)
            to_alice = discord.say(every, alice, "who dug the harbour then?")
            assert CAPTAIN in discord.wait_for_answer(to_alice).seen
            talk = discord.say(every, bob, "so when did the storm come?", reply_to=to_alice)
            discord.say(off, alice, f"{discord.mention} who dug the harbour?")
            post = discord.open_post(forum, alice, "Old harbour", "who was it dug by?")
            assert CAPTAIN in discord.wait_for_answer(post).seen
            question = discord.say(threaded, alice, f"{discord.mention} who dug the harbour?")
            answer = discord.wait_for_answer(question)
            assert answer.channel.name == "who dug the harbour?"
            more = discord.say(answer.channel, bob, "how many years did it take?")
            followed = discord.wait_until(
                lambda: [
                    m
                    for m in discord.messages(answer.channel, after=more)
                    if m.author is discord.bot
                ],
                10,
                "an answer in the thread",
            )
            assert CAPTAIN in followed[0].seen
            refused = discord.slash(off, alice, "ask", question="who dug the harbour?")
            assert "turned off" in refused.wait_for_response().seen
            assert len([m for m in discord.messages(every) if m.author is discord.bot]) == 1
            assert discord.answers(talk) == []
            assert [m for m in discord.messages(off) if m.author is discord.bot] == []
