"""What goes wrong while people ask: the real bot goes on, once each, and tells who can mend it."""

import sqlite3
from contextlib import closing

import pytest

from bot.database import ChannelSettings, ServerSettings
from tests.standin import DiscordStandIn, Message
from tests.support.bot_process import FastBotProcess
from tests.support.health_page import free_port
from tests.support.scenes import (
    ACKNOWLEDGE,
    CAPTAIN,
    FILL,
    FOLLOW_UP,
    SEND,
    STORM,
    running_world,
)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """One bot for the module, for which failures are forgiven that no other file meets."""
    folder = tmp_path_factory.mktemp("faults")
    with DiscordStandIn() as discord, running_world(discord, folder) as world:
        yield world


@pytest.fixture
def scene(world):
    """A server of the test's own, in which every failure that was ordered is met."""
    scene = world.settle()
    yield scene
    assert _left(world.discord) == []
    assert world.discord.pings == []


# Discord is slow, or fails


@pytest.mark.parametrize("failure", [{"status": 429, "retry_after": 0.2}, {"status": 500}])
def test_every_step_is_tried_again_after_a_failure(scene, failure):
    """Acknowledging, filling, sending and following up each survive a limit and a server error."""
    discord = scene.discord
    discord.fail_next("POST", ACKNOWLEDGE, **failure)
    discord.fail_next("PATCH", FILL, **failure)
    discord.fail_next("POST", SEND, **failure)
    used, question = scene.slash(), scene.mention()
    assert CAPTAIN in used.wait_for_response().seen
    answer = discord.wait_for_answer(question)
    assert CAPTAIN in answer.seen
    discord.fail_next("POST", FOLLOW_UP, **failure)
    for _ in range(4):
        pressed = scene.press(answer, "More")
        page = answer.seen
        discord.wait_until(
            lambda page=page, pressed=pressed: pressed.followups or answer.seen != page, 10, "more"
        )
        if pressed.followups:
            break
    assert "all I found" in pressed.followups[0].seen
    assert len(discord.answers(question)) == 1


@pytest.mark.parametrize("failure", [{"status": 500}, {"status": 429, "retry_after": 0.2}])
def test_answer_whose_confirmation_is_lost_stands_there_once(scene, failure):
    """Discord took the answer and says that it failed; no further try makes a second message.

    The nonce is the question's, so the same holds for tries of the bot's next process.
    """
    scene.discord.fail_next("POST", SEND, mode="after", **failure)
    question = scene.mention()
    answer = scene.discord.wait_for_answer(question)
    assert CAPTAIN in answer.seen
    assert answer.nonce == str(question.id)
    scene.wait_until_idle()
    scene.discord.wait_until(lambda: len(_sends(scene)) == 2, 10, "the second try")
    assert len(scene.discord.answers(question)) == 1


def _sends(scene):
    path = f"/channels/{scene.channel.id}/messages"
    return [one for one in scene.discord.requests if (one.method, one.path) == ("POST", path)]


def test_button_that_fails_is_apologised_for_or_one_line(scene):
    """A press that Discord takes too late or refuses leaves the bot and the answer as they were."""
    discord = scene.discord
    for part in ("Unknown interaction", "never acknowledged"):
        discord.forgive(part)
    answer = scene.ask()
    copy = discord.button(answer, "Private copy")
    discord.fail_next("POST", ACKNOWLEDGE, status=400, code=50035)
    assert "Sorry" in discord.press(answer, copy, scene.bob).wait_for_response().seen
    discord.fail_next("POST", ACKNOWLEDGE, status=500)
    discord.press(answer, copy, scene.bob)
    discord.wait_until(lambda: not _left(discord), 5, "the failure")
    discord.advance(4)
    scene.wait_for_log("10062")
    scene.wait_until_idle()
    assert scene.log().count("WARNING") == 2


def test_first_response_whose_confirmation_is_lost_is_answered_in_place(scene):
    """Discord took the first try and says so at the second (40060); the answer comes once."""
    scene.discord.fail_next("POST", ACKNOWLEDGE, status=500, mode="after")
    scene.discord.forgive("already been acknowledged")
    assert CAPTAIN in scene.slash().wait_for_response().seen
    assert len(scene.posted()) == 1


def test_answer_after_the_three_seconds_goes_to_the_channel(scene):
    """A first response that Discord no longer takes does not cost the answer."""
    discord = scene.discord
    discord.forgive("Unknown interaction")
    discord.forgive("never acknowledged")
    discord.fail_next("POST", ACKNOWLEDGE, status=500)
    scene.slash()
    discord.wait_until(lambda: not _left(discord), 5, "the failure")
    discord.advance(4)
    message = discord.wait_until(lambda: scene.posted(), 10, "a message")[0]
    assert CAPTAIN in message.seen
    assert "who dug the harbour?" in message.seen
    pressed = scene.press(message, "In context", scene.bob)
    assert "Herring boats" in pressed.wait_for_response().seen


def test_connection_that_breaks_under_a_command(scene):
    """Cut each time while acknowledging, the answer goes to the channel; later an apology does."""
    discord = scene.discord
    discord.forgive("never acknowledged")
    discord.fail_next("POST", ACKNOWLEDGE, mode="reset", times=3)
    scene.slash()
    assert CAPTAIN in discord.wait_until(lambda: scene.posted(), 10, "a message")[0].seen
    discord.fail_next("PATCH", FILL, mode="reset", times=3)
    assert "Sorry" in scene.slash().wait_for_response().seen


@pytest.mark.parametrize("place", ["private", "denied", "user install"])
def test_late_answer_that_has_no_other_way_is_one_line(scene, place):
    """Nothing private is posted, and nothing where the bot may not write."""
    discord = scene.discord
    discord.forgive("Unknown interaction")
    discord.forgive("never acknowledged")
    channel, options = scene.channel, {}
    if place == "private":
        options = {"private": True}
    elif place == "denied":
        discord.deny(channel, "SEND_MESSAGES")
    else:
        elsewhere = discord.add_guild("Elsewhere", with_bot=False)
        channel = discord.add_channel(elsewhere, "talk")
        discord.join(elsewhere, scene.alice)
        options = {"as_user_install": True}
    discord.fail_next("POST", ACKNOWLEDGE, status=500)
    scene.slash(channel=channel, **options)
    discord.wait_until(lambda: not _left(discord), 5, "the failure")
    discord.advance(4)
    scene.wait_for_log("came too late")
    scene.wait_until_idle()
    assert scene.posted(channel) == []
    assert scene.log().count("WARNING") == 1


def test_answer_after_fifteen_minutes_goes_to_the_channel(scene):
    """An edit for which the token is too old becomes a message."""
    discord = scene.discord
    discord.forgive("older than 15 minutes")
    discord.forgive("deferred and never answered")
    discord.fail_next("PATCH", FILL, status=500)
    scene.slash()
    discord.wait_until(lambda: not _left(discord), 5, "the failure")
    discord.advance(901)
    message = discord.wait_until(lambda: scene.posted(), 10, "a message")[0]
    assert CAPTAIN in message.seen


def test_card_that_discord_refuses_becomes_text(scene):
    """Where components are not taken, the same words come as text: reply, command and button."""
    discord = scene.discord
    card = scene.ask(author=scene.bob)
    refused = {"status": 400, "code": 50035}
    discord.fail_next("POST", SEND, **refused)
    answers = [scene.ask()]
    discord.fail_next("PATCH", FILL, **refused)
    answers.append(scene.slash().wait_for_response())
    discord.fail_next("PATCH", FILL, **refused)
    pressed = scene.press(card, "In context")
    answers.append(pressed.wait_for_response())
    for answer in answers:
        assert CAPTAIN in answer.seen
        assert answer.buttons == []
        assert not answer.flags & 1 << 15


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, 10003), (403, 50001), (403, 50013), (400, 50083), (400, 160005)],
)
def test_refused_answer_is_one_line(scene, status, code):
    """What Discord says against an answer is logged with its code, whether sent or filled in."""
    scene.discord.fail_next("POST", SEND, status=status, code=code)
    question = scene.mention()
    scene.wait_for_log(f"Discord refused the answer to message {question.id}")
    scene.discord.fail_next("PATCH", FILL, status=status, code=code)
    used = scene.slash()
    scene.wait_for_log(f"Interaction {used.interaction.id} failed")
    scene.wait_until_idle()
    assert scene.log().count("WARNING") == 2
    assert scene.log().count(f"{code}") >= 2
    assert scene.discord.answers(question) == []
    if status == 404:
        scene.discord.forgive("deferred and never answered")
    else:
        assert "Sorry" in used.wait_for_response().seen


def test_plain_server_gets_text_from_every_way_and_button(scene):
    """Where cards are not wanted, commands, edits and presses stay text, with their buttons."""
    discord = scene.discord
    scene.set_server(ServerSettings(plain=True))
    question = scene.mention()
    answer = discord.wait_for_answer(question)
    assert answer.content
    used = scene.slash().wait_for_response()
    assert used.content
    assert CAPTAIN in answer.seen
    assert CAPTAIN in used.seen
    for message in (answer, used):
        assert len(message.buttons) == 6
        before = message.content
        scene.press(message, "More")
        discord.wait_until(lambda m=message, b=before: m.content != b, 10, "another page")
    shown = scene.press(answer, "In context")
    assert shown.wait_for_response().content
    discord.edit(question, f"{discord.mention} when did the storm come?")
    discord.wait_until(lambda: STORM in answer.content, 10, "the other answer")


# What changes while an answer is on its way


def test_channel_deleted_under_an_answer(scene):
    """The answer is given up, also one to a command."""
    discord = scene.discord
    discord.forgive("Unknown Channel")
    discord.forgive("deferred and never answered")
    for method, path in (("PATCH", FILL), ("POST", SEND)):
        discord.fail_next(method, path, status=429, retry_after=0.5)
    scene.slash()
    scene.mention(author=scene.bob)
    discord.wait_until(lambda: not _left(discord), 10, "the limits")
    discord.remove_channel(scene.channel)
    scene.wait_for_log("(code 10003)")
    scene.wait_for_log("(error code: 10003)")
    scene.wait_until_idle()
    assert scene.log().count("WARNING") == 4  # two are discord.py's, on the limits


@pytest.mark.parametrize("archived", [True, False])
def test_thread_locked_under_an_answer(scene, archived):
    """In a thread that a moderator closed nothing is said; in one that fell asleep it is."""
    discord = scene.discord
    discord.forgive("Thread is archived")
    discord.forgive("This thread is locked")
    thread = discord.start_thread(scene.channel, scene.alice, "talk")
    asleep = discord.start_thread(scene.channel, scene.alice, "asleep")
    discord.fail_next("POST", SEND, status=429, retry_after=0.5, times=2)
    questions = [scene.mention(channel=place) for place in (thread, asleep)]
    discord.wait_until(lambda: not _left(discord), 10, "the limit")
    if archived:
        discord.archive(thread, locked=True)
    else:
        discord.lock(thread)
    discord.archive(asleep)
    assert CAPTAIN in discord.wait_for_answer(questions[1]).seen
    scene.wait_for_log(f"(code {50083 if archived else 160005})")
    assert discord.answers(questions[0]) == []


def test_channel_without_send_permission_is_survived_and_logged(scene):
    """Where the bot may not speak it logs one warning and goes on."""
    discord = scene.discord
    discord.deny(scene.channel, "SEND_MESSAGES")
    discord.forgive("50013")
    scene.mention()
    scene.wait_for_log("Discord refused the answer")
    dm = discord.open_dm(scene.alice)
    direct = discord.say(dm, scene.alice, "when did the storm come?")
    assert "1887" in discord.wait_for_answer(direct).seen


def test_without_history_permission_the_answer_comes_without_a_reference(scene):
    """Where replies are not allowed the answer is a plain message."""
    discord = scene.discord
    discord.deny(scene.channel, "READ_MESSAGE_HISTORY")
    discord.forgive("160002")
    question = scene.mention()
    posted = discord.wait_until(lambda: scene.posted(after=question), 10, "a plain message")
    assert CAPTAIN in posted[0].seen


def test_permissions_revoked_while_running(scene):
    """Without sending nothing is said; without history the answer has no reference; both end."""
    discord = scene.discord
    for broken in ("50013", "160002", "50001"):
        discord.forgive(broken)
    discord.forgive("Missing")
    discord.forgive("Cannot reply")
    discord.deny(scene.channel, "SEND_MESSAGES")
    scene.mention()
    scene.wait_for_log("(code 50013)")
    discord.deny(scene.channel, "READ_MESSAGE_HISTORY", "EMBED_LINKS")
    scene.mention()
    plain = discord.wait_until(lambda: scene.posted(), 10, "a message")[0]
    assert CAPTAIN in plain.seen
    assert plain.reference is None
    discord.deny(scene.channel, "VIEW_CHANNEL")
    assert CAPTAIN in scene.slash().wait_for_response().seen
    discord.deny(scene.channel)
    assert CAPTAIN in scene.ask(author=scene.bob).seen


@pytest.mark.parametrize("denied", ["CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS"])
def test_answer_without_permission_for_threads_is_a_reply(scene, denied):
    """A thread that the bot cannot open, or not write in, is not opened."""
    discord = scene.discord
    discord.forgive("CREATE_PUBLIC_THREADS")
    scene.set_channel(ChannelSettings("addressed", threads=True))
    discord.deny(scene.channel, denied)
    answer = scene.ask()
    assert answer.channel is scene.channel
    assert CAPTAIN in answer.seen


def test_deleted_answer_and_deleted_question_cost_nothing(scene):
    """Buttons and edits that come for messages which are gone are passed over in a line at most."""
    discord = scene.discord
    discord.forgive("Unknown Message")
    first, second = scene.mention(), scene.mention(author=scene.bob)
    gone, answer = discord.wait_for_answer(first), discord.wait_for_answer(second)
    discord.delete(gone)
    discord.edit(first, f"{discord.mention} when did the storm come?")
    scene.wait_for_log("stays")
    discord.delete(first)
    delete = scene.press(answer, "\N{WASTEBASKET}", scene.bob)
    delete.wait_for_acknowledgement()
    discord.wait_until(lambda: answer.deleted, 10, "the deletion")
    scene.wait_until_idle()
    assert scene.log().count("WARNING") == 1


# The same again


def test_event_that_comes_twice_is_answered_once(scene):
    """Messages, commands and presses are each taken once."""
    discord = scene.discord
    question = scene.mention()
    discord.replay(question)
    used = scene.slash()
    discord.replay(used)
    answer = discord.wait_for_answer(question)
    used.wait_for_response()
    pressed = scene.press(answer, "In context", scene.bob)
    discord.replay(pressed)
    pressed.wait_for_response()
    scene.wait_until_idle()
    assert len(scene.posted()) == 2
    tokens = [used.interaction.token, pressed.interaction.token]
    for token in tokens:
        assert len([one for one in discord.requests if f"/{token}/callback" in one.path]) == 1


def test_question_that_comes_again_after_a_restart_is_answered_once(tmp_path):
    """What Discord delivers to the next process was answered by the one before."""
    with DiscordStandIn() as discord:
        with running_world(discord, tmp_path) as world:
            scene = world.settle()
            people = [discord.add_user(f"person{number}", scene.guild) for number in range(10)]
            questions = [scene.mention(author=person) for person in people]
            discord.wait_for_answer(questions[0])
            assert world.bot.stop() == 0  # in the middle of the others
        answered = [question for question in questions if discord.answers(question)]
        discord.expect_restart()
        with running_world(discord, tmp_path):
            for question in questions:
                discord.replay(question)
            for question in questions:
                assert CAPTAIN in discord.wait_for_answer(question).seen
            scene.ask("when did the storm come?")
            assert [len(discord.answers(question)) for question in questions] == [1] * 10
        assert answered


# Kinds of channels


@pytest.mark.parametrize("kind", ["voice", "news"])
def test_chat_of_voice_and_news_channels(scene, kind):
    """Both are channels like any other."""
    discord = scene.discord
    channel = discord.add_channel(scene.guild, kind, kind)
    assert CAPTAIN in scene.ask(channel=channel).seen
    assert CAPTAIN in scene.slash(channel=channel).wait_for_response().seen


def test_private_thread_and_group(scene):
    """A private thread's members are answered there, and a group of people who brought the bot."""
    discord = scene.discord
    thread = discord.start_thread(scene.channel, scene.alice, "hidden", private=True)
    answer = scene.ask(channel=thread)
    assert CAPTAIN in answer.seen
    pressed = scene.press(answer, "More")
    pressed.wait_for_acknowledgement()
    carol = discord.add_user(f"carol-{scene.guild.id}")
    group = discord.open_group(scene.alice, scene.bob, carol)
    used = scene.slash(channel=group, as_user_install=True)
    assert CAPTAIN in used.wait_for_response().seen
    said = discord.say(group, carol, "when did the storm come?")
    found = discord.context_menu(
        said, scene.alice, "Find this in the texts", as_user_install=True
    ).wait_for_response()
    assert STORM in found.seen
    assert found.ephemeral


def test_forwarded_answer_opens_no_conversation_elsewhere(scene):
    """A reference to a message of another channel is neither a reply nor a way to its context."""
    discord = scene.discord
    hidden = discord.start_thread(scene.channel, scene.alice, "hidden", private=True)
    secret = scene.ask("what about the lighthouse and its keepers?", channel=hidden)
    for kind in (0, 1):
        asked = crossing(scene, secret, kind)
        assert "nothing about that" in discord.wait_for_answer(asked).seen


def crossing(scene, original, kind):
    """Let Bob ask in the open with a reference to a message of another place."""
    discord = scene.discord
    number = discord.world.new_id()
    reference = {"type": kind, "message_id": str(original.id)}
    reference |= {"channel_id": str(original.channel.id), "guild_id": str(scene.guild.id)}
    message = Message(number, scene.channel, scene.bob, f"{discord.mention} and why?")
    message.reference, message.mentions = reference, [discord.bot]
    return discord._do(discord.world.post, message)


def test_private_question_is_no_context_of_a_public_one(scene):
    """What somebody asked for their eyes only is followed up privately and nowhere else."""
    lighthouse = "what about the lighthouse and its keepers?"
    scene.slash(question=lighthouse, private=True).wait_for_response()
    public = scene.ask("and why?")
    assert "nothing about that" in public.seen
    private = scene.slash(question="and why?", private=True).wait_for_response()
    assert "lighthouse" in private.seen


# The database


@pytest.fixture
def beside(tmp_path):
    """A server of a second bot, whose database a test may break."""
    with DiscordStandIn() as discord, running_world(discord, tmp_path) as world:
        yield world.settle()


def database_file(scene):
    """Return the file that holds the bot's database."""
    return scene.data / "pullquote.db"


def _thumb(scene, answer):
    pressed = scene.press(answer, "\N{THUMBS UP SIGN}", scene.bob)
    return pressed.wait_for_response().seen


def test_locked_database_delays_nothing_for_long(beside):
    """Questions are answered and one line says so; votes apologise, until the lock is gone."""
    answer = beside.ask()
    with closing(sqlite3.connect(database_file(beside), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        second = beside.ask("when did the storm come?")
        assert STORM in second.seen
        assert CAPTAIN in beside.slash().wait_for_response().seen
        assert "Sorry" in _thumb(beside, answer)
        assert beside.log().count("without the database") == 1
        assert beside.log().count("WARNING") == 1
        other.execute("ROLLBACK")


def test_database_that_is_gone_costs_no_answer(beside):
    """A file that was overwritten is one line in the log; buttons that need it apologise."""
    answer = beside.ask()
    whole = database_file(beside)
    for suffix in ("", "-wal", "-shm"):
        file = whole.with_name(whole.name + suffix)
        if file.exists():
            file.write_bytes(b"\xff" * max(file.stat().st_size, 4096))
    for author in (beside.alice, beside.bob):
        assert CAPTAIN in beside.ask(author=author).seen
    assert CAPTAIN in beside.slash().wait_for_response().seen
    assert "Sorry" in _thumb(beside, answer)
    shown = beside.press(answer, "In context", beside.bob)
    assert "Herring boats" in shown.wait_for_response().seen
    assert beside.log().count("without the database") == 1
    assert beside.log().count("WARNING") == 1


def test_removed_database_is_written_again_while_people_ask(beside):
    """Its folder goes away under the bot: one line says so, and nothing of it is lost."""
    beside.ask()
    folder = beside.data
    folder.rename(folder.with_name("gone"))
    again = beside.ask("when did the storm come?")
    assert STORM in again.seen
    beside.wait_for_log("it was written again with all its data")
    assert "noted" in _thumb(beside, again)
    with closing(sqlite3.connect(database_file(beside))) as kept:
        assert kept.execute("SELECT count(*) FROM questions").fetchone() == (2,)
    assert beside.log().count("was removed; it was") == 1
    assert "Keeping the index that is open" in beside.log()


def test_bot_starts_without_a_damaged_database_and_takes_a_copy(tmp_path):
    """It answers, one line says what to do, and what is put in the file's place is used."""
    file = tmp_path / "data" / "pullquote.db"
    file.parent.mkdir()
    file.write_bytes(b"no database, but as long as the header of one would be" * 9)
    with DiscordStandIn() as discord, running_world(discord, tmp_path) as world:
        scene = world.settle()
        assert CAPTAIN in scene.ask().seen
        assert world.bot.log.count("until it can be opened") == 1
        assert "restore a copy of the file, or move it away" in world.bot.log
        file.rename(tmp_path / "damaged.db")
        assert isinstance(world.bot, FastBotProcess)
        world.bot.set_speed(20)  # the bot looks for the file every 10 s
        world.bot.wait_for_log("The database is open now")
        world.bot.set_speed(1)
        assert STORM in scene.ask("and the storm?").seen
    with closing(sqlite3.connect(file)) as kept:
        assert kept.execute("SELECT question FROM questions").fetchall() == [("and the storm?",)]


def _left(discord):
    return [failure for failure in discord.transport.failures if failure.times]


def test_bot_starts_without_a_postgresql_that_cannot_be_reached(tmp_path):
    """It answers; one line says what of the data is missing, one what of the locks."""
    url = f"postgresql://ada:secret@127.0.0.1:{free_port()}/quotes"
    with (
        DiscordStandIn() as discord,
        running_world(discord, tmp_path, DATABASE_URL=url) as world,
    ):
        assert CAPTAIN in world.settle().ask().seen
    assert world.bot.log.count("until it can be opened") == 1
    assert world.bot.log.count("would not be noticed until they are locked") == 1
    assert "secret" not in world.bot.log
