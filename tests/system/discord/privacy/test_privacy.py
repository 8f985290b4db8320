"""What the running bot shows of the figures, shows and deletes of people, and deletes by age."""

import asyncio
import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PIL import Image

from bot.database import Pseudonyms, open_database
from tests.standin import DiscordStandIn
from tests.support.bot_process import BotProcess, FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.data.questions import ADA, asked

NOW = datetime.now(UTC)
LEFT_LONG_AGO = 424242

pytestmark = pytest.mark.xdist_group("privacy")


async def _on(folder, play, now=NOW):
    """Play an async function on the bot's database."""
    database = await open_database(f"sqlite:///{folder}/data/pullquote.db", lambda: now)
    try:
        return await play(database)
    finally:
        await database.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One bot for the module, started on a database with questions of today and of long ago."""
    folder = tmp_path_factory.mktemp("privacy")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    left = folder / "data" / "servers" / str(LEFT_LONG_AGO) / "texts"
    left.mkdir(parents=True)
    with DiscordStandIn() as discord:
        busy, quiet = discord.add_guild("Busy"), discord.add_guild("Quiet")

        async def fill(database):
            for _ in range(3):
                await database.questions.record(asked(guild_id=busy.id))
            lacking = await database.questions.record(
                asked("gone", guild_id=busy.id, outcome="nothing_found", milliseconds=1250.0)
            )
            await database.questions.vote(lacking, ADA, -1)

        async def fill_old(database):
            await database.questions.record(asked("of long ago", guild_id=busy.id))
            await database.questions.record(asked("left behind", guild_id=LEFT_LONG_AGO))
            left_at = (NOW - timedelta(days=31)).isoformat()
            await database.key_values.put(f"left server {LEFT_LONG_AGO}", left_at)

        Pseudonyms.load(folder / "data")
        asyncio.run(_on(folder, fill_old, NOW - timedelta(days=31)))
        asyncio.run(_on(folder, fill))
        with FastBotProcess(discord, folder / "corpus", folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote", "privacy")
            yield SimpleNamespace(
                discord=discord, bot=bot, folder=folder, busy=busy, quiet=quiet, left=left
            )


@pytest.fixture
def scene(running, request):
    """A channel, an admin and two people of their own for each test."""
    discord, name = running.discord, request.node.name[:30]
    admins = discord.add_role(running.busy, "admins", "MANAGE_GUILD")
    people = {who: discord.add_user(f"{who}-{name}", running.busy) for who in ("alice", "bob")}
    channel = discord.add_channel(running.busy, name)
    admin = discord.add_user(f"admin-{name}", running.busy, roles=[admins])
    yield SimpleNamespace(**vars(running), channel=channel, admin=admin, **people)
    assert discord.pings == []
    assert "Traceback" not in running.bot.log


def use(scene, command, user, channel=None, **options):
    """Use a command and return the message that answers it."""
    invocation = scene.discord.slash(channel or scene.channel, user, command, **options)
    shown = invocation.wait_for_response()
    assert shown.ephemeral
    return shown


def ask(scene, text, user):
    """Mention the bot with a question and return what it answers."""
    question = scene.discord.say(scene.channel, user, f"{scene.discord.mention} {text}")
    return scene.discord.wait_for_answer(question)


def confirm(scene, message, user):
    """Press the button that deletes, and wait until it is done."""
    pressed = scene.discord.press(message, message.buttons[0]["custom_id"], user)
    pressed.wait_for_response()
    scene.discord.wait_until(lambda: not message.buttons, 10, "the deletion")
    return message.seen


def questions_of(message):
    """Return the questions in the file of a message."""
    return [entry["question"] for entry in json.loads(message.files["questions.json"])]


def test_old_questions_and_servers_left_long_ago_are_deleted_at_the_start(scene):
    """What is older than 30 days goes, with the folder of a server left before."""
    scene.bot.wait_for_log(
        "Deleted 2 questions older than 30 days, and the data of 1 servers left before"
    )
    assert not scene.left.parent.exists()

    async def read(database):
        stored = await database.privacy.stored_about(ADA)
        assert {question.guild_id for question in stored.questions} == {scene.busy.id}
        assert len(stored.questions) == 4
        assert await database.key_values.get(f"left server {LEFT_LONG_AGO}") is None

    asyncio.run(_on(scene.folder, read))


def test_stats_are_a_picture_with_the_figures_as_text(scene):
    """An admin gets both, in private; the text also describes the picture."""
    shown = use(scene, "pullquote stats", scene.admin, days=7)
    picture = Image.open(io.BytesIO(shown.files["statistics.png"]))
    assert picture.size == (1080, 1350)
    assert "Questions: 4" in shown.seen
    assert "Answered: 75%" in shown.seen
    assert "Time, 95th percentile: 1.2 sec" in shown.seen
    assert "Thumbs down: 1" in shown.seen
    assert shown.attachments[0]["description"] == shown.content


def test_stats_speak_the_language_of_the_reader(scene):
    """A German client gets German words and numbers."""
    shown = use(scene, "pullquote stats", scene.admin, locale="de")
    assert "Beantwortet: 75\N{NO-BREAK SPACE}%" in shown.seen


def test_stats_of_a_server_without_questions_say_so(scene):
    """There is nothing to draw, and other servers' figures are not shown."""
    channel = scene.discord.add_channel(scene.quiet, "quiet")
    shown = use(scene, "pullquote stats", scene.quiet.owner, channel)
    assert "Nobody has asked me anything" in shown.seen
    assert shown.files == {}


def test_stats_are_for_admins(scene):
    """Others are told so, and see no figure."""
    shown = use(scene, "pullquote stats", scene.alice)
    assert "another role" in shown.seen
    assert shown.files == {}


def test_person_sees_and_deletes_what_is_theirs_and_nobody_elses(scene):
    """All of it is shown; after the button nothing is left, also of the conversation."""
    assert "I keep nothing about you" in use(scene, "privacy show", scene.alice).seen
    ask(scene, "who dug the harbour?", scene.alice)
    ask(scene, "when did the storm come?", scene.bob)
    shown = use(scene, "privacy show", scene.alice)
    assert questions_of(shown) == ["who dug the harbour?"]
    assert "Your questions: 1" in shown.seen
    assert "deleted after 30 days" in shown.seen
    assert "</privacy delete:" in shown.content
    asking = use(scene, "privacy delete", scene.alice)
    assert questions_of(use(scene, "privacy show", scene.alice)) == ["who dug the harbour?"]
    assert "Deleted questions: 1. Deleted thumbs: 0." in confirm(scene, asking, scene.alice)
    assert "I keep nothing about you" in use(scene, "privacy show", scene.alice).seen
    assert questions_of(use(scene, "privacy show", scene.bob)) == ["when did the storm come?"]
    assert "found nothing" in ask(scene, "what comes after that?", scene.alice).seen
    again = use(scene, "privacy delete", scene.alice)
    assert "nothing of yours left" in confirm(scene, again, scene.alice)


def test_privacy_works_in_direct_messages_and_for_people_who_brought_the_bot_along(scene):
    """Everywhere the same is shown, to that person alone."""
    ask(scene, "who dug the harbour?", scene.alice)
    elsewhere = scene.discord.add_guild("Elsewhere", with_bot=False)
    scene.discord.join(elsewhere, scene.alice)
    channel = scene.discord.add_channel(elsewhere, "talk")
    direct = scene.discord.open_dm(scene.alice)
    for place, options in ((direct, {}), (channel, {"as_user_install": True})):
        shown = use(scene, "privacy show", scene.alice, place, **options)
        assert questions_of(shown) == ["who dug the harbour?"]
    asking = use(scene, "privacy delete", scene.alice, channel, as_user_install=True)
    assert "Deleted questions: 1." in confirm(scene, asking, scene.alice)


def test_removal_from_a_server_is_noted_and_taken_back(scene):
    """The time of its data runs from there, until the bot is invited again."""
    scene.bot.wait_for_log("Ready as")  # what comes before is no invitation to discord.py
    guild = scene.discord.add_guild("Fleeting")
    scene.bot.wait_for_log(f"Invited to server {guild.id}")
    scene.discord.remove_guild(guild)
    scene.bot.wait_for_log(f"Removed from server {guild.id}")
    key = f"left server {guild.id}"

    def noted():
        return asyncio.run(_on(scene.folder, lambda database: database.key_values.get(key)))

    scene.discord.wait_until(noted, 10, "the note")
    assert datetime.fromisoformat(noted()) >= NOW
    scene.discord.add_guild("Fleeting", guild_id=guild.id)
    scene.discord.wait_until(lambda: noted() is None, 10, "the note to go")


def test_question_of_a_stranger_is_not_deleted_with_a_persons_own(scene):
    """Votes and questions are found by the hash of who presses, whatever the id of the button."""
    key = Pseudonyms.load(scene.folder / "data")
    ask(scene, "who dug the harbour?", scene.bob)
    confirm(scene, use(scene, "privacy delete", scene.alice), scene.alice)

    async def read(database):
        stored = await database.privacy.stored_about(key.hashed(scene.bob.id))
        assert len(stored.questions) == 1

    asyncio.run(_on(scene.folder, read))


def test_bot_stops_at_once_while_it_waits_for_the_next_day(tmp_path, harbour_corpus):
    """The daily task ends with the bot, without a complaint."""
    with DiscordStandIn() as discord:
        discord.add_guild("Lowmere")
        with BotProcess(discord, harbour_corpus, tmp_path / "data") as bot:
            bot.wait_for_log("Deleted 0 questions")
            assert bot.stop() == 0
            assert "Traceback" not in bot.log
