"""The weekly digest, through the real bot and as the readers of its channel see it."""

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.database import ChannelSettings, ServerSettings
from bot.discord_app.teaching.digest.schedule import WEEK, last_digest_time
from tests.standin import Channel, DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.scenes import Scene, chosen, running_world

pytestmark = pytest.mark.xdist_group("digest")

MILL = "# The mill of Arden\n\nThe mill of Arden belonged to the Thorne family.\n"
DOWN = "\N{THUMBS DOWN SIGN}"
DUG = "who dug the harbour?"

# The bot looks every three seconds for what is due.
FAST = 20


@dataclass(frozen=True)
class Team:
    """A server with three channels: one for all, a private one, and the room of the team.

    Attributes:
        scene: The server; its own channel is for all.
        secret: Only Alice and the teacher see it.
        room: Only people who manage the server, and teachers, see it.
    """

    scene: Scene
    secret: Channel
    room: Channel

    def digests(self):
        """Return the digests that the bot wrote into the room."""
        return digests_in(self.scene, self.room)

    def covered_until(self):
        """Return until when the questions were in a digest, as the database has it."""
        with closing(sqlite3.connect(self.scene.data / "pullquote.db")) as database:
            chosen_times = "SELECT digest_until FROM servers WHERE guild_id = ?"
            (until,) = database.execute(chosen_times, [self.scene.guild.id]).fetchone()
        return datetime.fromisoformat(until).replace(tzinfo=UTC)

    def wait_until_covered(self, until):
        """Wait until the bot has looked whether there is anything to send, and has sent it."""
        self.scene.discord.wait_until(lambda: self.covered_until() >= until, 30, "the digest")


def digests_in(scene, channel):
    """Return the digests in a channel."""
    return [one for one in scene.posted(channel) if "Weekly digest" in one.seen]


@contextmanager
def running(discord, folder, ahead_s=0.0):
    """Run a bot over two texts whose time of day is that much later."""
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "corpus" / "mill.md").write_text(MILL, encoding="utf-8")

    def program(*folders, **settings):
        process = FastBotProcess(*folders, **settings)
        process.ahead_s = ahead_s
        return process

    with running_world(discord, folder, program) as world:
        yield world


def settled(world, name, *, plain=False):
    """Add a server whose team has a room."""
    scene = world.settle(name)
    discord = scene.discord
    secret, room = (discord.add_channel(scene.guild, one) for one in ("secret", "team"))
    for channel, people in (
        (secret, (scene.alice, scene.teacher)),
        (room, (scene.managers, scene.teachers)),
    ):
        discord.overwrite(channel, scene.guild, deny=["VIEW_CHANNEL"])
        for person in (discord.bot, *people):
            discord.overwrite(channel, person, allow=["VIEW_CHANNEL"])
    trusted = frozenset({scene.teachers.id})
    scene.set_server(ServerSettings(trusted_roles=trusted, cooldown_questions=0, plain=plain))
    return Team(scene, secret, room)


def turn_on(team, channel=None):
    """Let the admin choose a channel for the digest: the room, or another one."""
    channel = channel or team.room
    assert chosen(team.scene.set_up("digest", channel), "digest") == [channel.id]


def ask(scene, text, channel=None, author=None):
    """Let somebody who said nothing before ask, and wait until it is in the database."""
    discord = scene.discord
    asker = author or discord.add_user("stranger", scene.guild)
    answer = scene.ask(text, asker, channel)
    discord.wait_until(lambda: is_recorded(scene, answer), 10, "the answer in the database")
    return answer


def is_recorded(scene, answer):
    """Return whether the bot has written down which message answers."""
    with closing(sqlite3.connect(scene.data / "pullquote.db")) as database:
        found = database.execute("SELECT 1 FROM questions WHERE answer_id = ?", [answer.id])
        return found.fetchone() is not None


def dislike(scene, answer):
    """Let Bob put his thumb down."""
    scene.press(answer, DOWN, scene.bob).wait_for_response()


def next_time(weeks=1):
    """Return when the next digests are due, or those of a later week."""
    return last_digest_time(datetime.now(UTC)) + weeks * WEEK


def until(moment):
    """Return the seconds until a minute after a moment."""
    return (moment - datetime.now(UTC)).total_seconds() + 60


def pass_time(world, teams, moment):
    """Let the time come when digests are due, while the bot runs, and wait for them."""
    world.bot.set_ahead(until(moment), FAST)
    for team in teams:
        team.wait_until_covered(moment)
    world.bot.set_ahead(until(moment), 1)
    assert_idle(teams)


def assert_idle(teams):
    """Let the bot send what it is sending."""
    for team in teams:
        assert "Ada Finch" in ask(team.scene, DUG).seen


# Two servers over three weeks and a restart


def test_two_servers_get_their_digests_once_and_can_answer_them_after_a_restart(tmp_path):
    """What was asked most comes first; what only some could read is in none of them."""
    with DiscordStandIn() as discord:
        with running(discord, tmp_path) as world:
            here, there = teams = settled(world, "Lowmere"), settled(world, "Arden")
            fill(here, "penguins", "cheese")
            fill(there, "violins", "pancakes")
            # Its room has other texts than the channel where it was asked.
            there.scene.set_channel(ChannelSettings(texts=("mill.md",)), there.room)
            for team in teams:
                turn_on(team)
            assert here.digests() == there.digests() == []
            monday = next_time()
            pass_time(world, teams, monday)
            ((first,), (second,)) = (team.digests() for team in teams)
            assert_is_digest(first, "penguins", "cheese")
            assert_is_digest(second, "violins", "pancakes")
            assert "I quoted: harbour.txt, paragraph 1" in first.seen
            assert DUG in first.seen
            assert "harbour" not in second.seen
        discord.expect_restart()
        with running(discord, tmp_path, until(monday)):
            assert_idle(teams)
            answer_and_dismiss(here, first)
            form = json.dumps(opened_form(there, second))
            assert "mill" in form
            assert "harbour" not in form
        discord.expect_restart()
        with running(discord, tmp_path, until(monday + WEEK)):
            for team in teams:
                team.wait_until_covered(monday + WEEK)
            assert_idle(teams)
            assert [team.digests() for team in teams] == [[first], [second]]
        assert discord.pings == []
        assert discord.violations == []


def fill(team, often, once):
    """Ask what nothing answers: in public, in private, and twice; and dislike an answer."""
    scene = team.scene
    discord = scene.discord
    for text in (f"what about {once}?", f"what about {often}?", f"What about the {often}?"):
        ask(scene, text)
    ask(scene, "what about trumpets?", team.secret, scene.alice)
    ask(scene, "what about guitars?", team.room, scene.teacher)
    ask(scene, "what about tomatoes?", discord.open_dm(scene.alice), scene.alice)
    scene.use("ask", scene.alice, question="what about chess?", private=True)
    dislike(scene, ask(scene, DUG))


def assert_is_digest(message, often, once):
    """It has the questions of its server that all could read, and no other."""
    assert message.seen.index(often) < message.seen.index(once)
    assert "asked 2 times" in message.seen
    words = {"penguins", "cheese", "violins", "pancakes", "trumpets", "guitars", "tomatoes"}
    for word in (words | {"chess", "alice", "bob", "stranger"}) - {often, once}:
        assert word not in message.seen
    assert "https://" not in message.markdown


def answer_and_dismiss(team, digest):
    """The buttons of before the restart teach and dismiss."""
    scene = team.scene
    discord = scene.discord
    teach, dismiss = (
        [one["custom_id"] for one in digest.buttons if one["label"] == label]
        for label in ("Teach", "Dismiss")
    )
    opened = discord.press(digest, teach[0], scene.teacher)
    offered = opened.submit(paragraph="5", text="The harbour of Lowmere").wait_for_response()
    assert offered.ephemeral
    discord.press(offered, offered.buttons[0]["custom_id"], scene.teacher)
    discord.wait_until(lambda: "Taught" in offered.seen, 10, "the confirmation")
    assert "Visitors come in June" in ask(scene, "what about penguins?").seen
    discord.press(digest, dismiss[1], scene.admin)
    discord.wait_until(lambda: disabled(digest) == {teach[1], dismiss[1]}, 10, "turned off")
    listed = scene.use("pullquote unanswered", scene.admin).seen
    assert "cheese" not in listed
    assert "penguins" not in listed
    assert DUG in listed
    gone = discord.press(digest, dismiss[0], scene.teacher)
    told = discord.wait_until(lambda: gone.followups and gone.followups[0], 10, "an answer")
    assert "no longer on the list" in told.seen
    assert told.ephemeral


def opened_form(team, digest):
    """Return the form that the first button of a digest opens."""
    button = digest.buttons[0]["custom_id"]
    return team.scene.discord.press(digest, button, team.scene.teacher).wait_for_modal()


def disabled(message):
    """Return the ids of the buttons that cannot be pressed."""
    return {one["custom_id"] for one in message.buttons if one.get("disabled")}


# Servers that a bot prepared which was then off on Monday


def ask_openly(world):
    """A server whose digest all its members can read."""
    team = settled(world, "Open")
    ask(team.scene, "what about penguins?")
    turn_on(team, team.scene.channel)
    return team


def ask_plainly(world):
    """A server that wants plain text."""
    team = settled(world, "Plain", plain=True)
    ask(team.scene, "what about penguins?")
    dislike(team.scene, ask(team.scene, DUG))
    turn_on(team)
    return team


def settle_all(world):
    """A server where all was answered, dismissed, or erased by its person."""
    team = settled(world, "Quiet")
    scene = team.scene
    ask(scene, DUG)
    ask(scene, "what about penguins?")
    listed = scene.use("pullquote unanswered", scene.teacher)
    scene.press(listed, "Dismiss", scene.teacher)
    scene.discord.wait_until(lambda: "penguins" not in listed.seen, 10, "the dismissal")
    ask(scene, "what about cheese?", author=scene.bob)
    confirm = scene.use("privacy delete", scene.bob)
    scene.press(confirm, "Delete everything", scene.bob)
    scene.discord.wait_until(lambda: "Deleted" in confirm.seen, 10, "the erasure")
    turn_on(team)
    return team


def keep_out(world):
    """A server where everybody sees the channel of the question but a role of the room."""
    team = settled(world, "Kept out")
    scene = team.scene
    scene.discord.overwrite(scene.channel, scene.teachers, deny=["VIEW_CHANNEL"])
    ask(scene, "what about penguins?")
    turn_on(team)
    return team


def remove_room(world):
    """A server that deleted the channel of its digest."""
    team = settled(world, "Gone")
    ask(team.scene, "what about penguins?")
    turn_on(team)
    team.scene.discord.remove_channel(team.room)
    return team


def forbid_writing(world):
    """A server where the bot may not write there."""
    team = settled(world, "Shut")
    ask(team.scene, "what about penguins?")
    turn_on(team)
    team.scene.discord.deny(team.room, "SEND_MESSAGES")
    return team


SERVERS = ask_openly, ask_plainly, settle_all, keep_out, remove_room, forbid_writing


@pytest.fixture(scope="module")
def teams(tmp_path_factory):
    """Each of these servers, with a bot that runs again since Wednesday."""
    folder = tmp_path_factory.mktemp("digest")
    monday = next_time()
    with DiscordStandIn() as discord:
        with running(discord, folder) as world:
            made = {prepare: prepare(world) for prepare in SERVERS}
        discord.expect_restart()
        with running(discord, folder, until(monday + timedelta(days=2))) as world:
            found = {}
            for prepare, team in made.items():
                found[prepare] = replace(team, scene=replace(team.scene, bot=world.bot, n_logged=0))
                team.wait_until_covered(monday)
            yield found
        assert discord.pings == []
        assert discord.violations == []


def test_buttons_are_refused_to_people_who_may_not_teach(teams):
    """They read one private line; nothing changes. The digest of Monday came on Wednesday."""
    scene = teams[ask_openly].scene
    found = scene.discord.wait_until(lambda: digests_in(scene, scene.channel), 10, "the digest")
    (digest,) = found
    for button in list(digest.buttons):
        pressed = scene.discord.press(digest, button["custom_id"], scene.bob)
        told = pressed.wait_for_response()
        assert "another role" in told.seen
        assert told.ephemeral
        assert pressed.interaction.modal is None
    assert disabled(digest) == set()
    assert "penguins" in scene.use("pullquote unanswered", scene.admin).seen


def test_plain_server_gets_plain_text(teams):
    """The buttons stand below, with the numbers of their entries."""
    team = teams[ask_plainly]
    scene = team.scene
    scene.discord.wait_until(team.digests, 10, "the digest")
    (digest,) = team.digests()
    assert "1. what about penguins?" in digest.seen
    assert "I quoted: harbour.txt" in digest.content
    scene.press(digest, "2. Dismiss", scene.teacher)
    scene.discord.wait_until(lambda: len(disabled(digest)) == 2, 10, "turned off")
    assert DUG in digest.content


@pytest.mark.parametrize("prepare", [settle_all, keep_out])
def test_nothing_is_sent_where_there_is_nothing_to_show(teams, prepare):
    """There is no empty digest, nor a line in the log."""
    team = teams[prepare]
    assert_idle([team] if prepare is settle_all else [])
    assert team.digests() == []
    assert f"digest of server {team.scene.guild.id}" not in team.scene.log()


@pytest.mark.parametrize("prepare", [remove_room, forbid_writing])
def test_channel_where_the_bot_cannot_write_is_logged_once_and_shown(teams, prepare):
    """There is no further try until the next week; the panel says what to change."""
    team = teams[prepare]
    scene = team.scene
    line = f"The digest of server {scene.guild.id} was not sent"
    scene.wait_for_log(line)
    panel = scene.panel()
    if prepare is remove_room:
        assert "The channel of the weekly digest is gone" in panel.seen
        assert chosen(panel, "digest") == []
    else:
        assert "Send Messages" in panel.seen
    assert team.digests() == []
    assert scene.log().count(line) == 1


def test_digest_is_turned_off_by_choosing_no_channel(teams):
    """A channel of another server cannot be chosen."""
    scene = teams[keep_out].scene
    other = teams[settle_all].room
    for channels in ((), (other,)):
        turn_on(teams[keep_out])
        assert chosen(scene.set_up("digest", *channels), "digest") == []
