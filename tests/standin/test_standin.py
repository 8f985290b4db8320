"""Tests of the stand-in's messages, commands, gateway, rules and markdown, with discord.py."""

import asyncio
import io
import json
import urllib.error
import urllib.request
import zlib
from typing import Any

import discord as discord_py
import pytest
from discord import app_commands
from hypothesis import given
from hypothesis import strategies as st

from tests.standin import DiscordStandIn, parse, visible_text
from tests.standin.model.mentions import pings
from tests.standin.rules.command_rules import command_problems
from tests.standin.rules.message_rules import message_problems
from tests.support.small_bot import EchoBot, do, pager, pointed_at, running, start


def test_reply_refers_to_the_question(discord, place):
    """A message reaches the bot and its reply is found by reference."""
    channel, alice = place
    with running(EchoBot(), discord):
        question = discord.say(channel, alice, "echo **hello**")
        answer = discord.wait_for_answer(question)
    assert (answer.content, answer.seen) == ("**hello**", "hello")
    assert discord.messages(channel, after=question) == [answer]
    assert ("POST", f"/channels/{channel.id}/messages") in {r[:2] for r in discord.requests}
    assert discord.identifies == 1


def test_direct_message_is_answered(discord, place):
    """A DM reaches the bot."""
    _, alice = place
    with running(EchoBot(), discord):
        assert discord.wait_for_answer(discord.say(discord.open_dm(alice), alice, "echo hi"))


def test_slash_command_is_deferred_and_filled(discord, place):
    """A slash command is acknowledged at once and answered by an edit; ephemeral stays so."""
    channel, alice = place
    with running(EchoBot(), discord):
        ask = discord.slash(channel, alice, "ask", question="secret?")
        answer = ask.wait_for_response()
        assert ask.wait_for_acknowledgement() < 3
    assert (answer.content, answer.ephemeral, answer.edits) == ("quote: secret?", True, [])
    assert discord.messages(channel) == []
    assert discord.messages(channel, viewer=alice) == [answer]


class FormBot(EchoBot):
    """A bot with an autocomplete, a modal and follow-ups."""

    def __init__(self) -> None:
        super().__init__()
        note = app_commands.Group(name="note", description="Notes")
        add: Any = note.command(name="add", description="Add")(self.add)
        add.autocomplete("topic")(self.topics)
        self.tree.add_command(note)

    async def add(self, interaction: discord_py.Interaction, topic: str) -> None:
        modal = discord_py.ui.Modal(title=topic, custom_id="note")
        modal.add_item(discord_py.ui.TextInput(label="Text", custom_id="text"))
        await interaction.response.send_modal(modal)

    async def topics(
        self, _: discord_py.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=current.title(), value=current)]

    async def on_interaction(self, interaction: discord_py.Interaction) -> None:
        if interaction.type is discord_py.InteractionType.modal_submit:
            await interaction.response.send_message(str(interaction.data))
            await interaction.followup.send("also", ephemeral=True)
            await interaction.delete_original_response()


def test_autocomplete_modal_and_followups(discord, place):
    """A subcommand completes its option and opens a modal, whose answer has a follow-up."""
    channel, alice = place
    with running(FormBot(), discord):
        typing = discord.autocomplete(channel, alice, "note add", focused="topic", topic="whales")
        assert typing.wait_for_choices() == [("Whales", "whales")]
        sent = discord.slash(channel, alice, "note add", topic="whales").submit(text="They sing.")
        first = sent.wait_for_response()
        discord.wait_until(lambda: first.deleted, 5, "the deletion")
    assert "They sing." in first.content
    assert [(m.content, m.ephemeral) for m in sent.followups] == [("also", True)]


def test_menu_and_button(discord, place):
    """A context menu brings the message's text, and a button edits the answer."""
    channel, alice = place
    with running(EchoBot(content=False), discord):
        message = discord.say(channel, alice, "the target")
        answer = discord.context_menu(message, alice, "Quote").wait_for_response()
        assert (answer.content, answer.buttons[0]["label"]) == ("the target", "More")
        discord.press(answer, "more:1", alice).wait_for_response()
    assert (answer.content, answer.edits, answer.buttons) == ("page 2", ["the target"], [])


def test_slash_command_in_a_dm(discord, place):
    """A slash command works in a DM."""
    _, alice = place
    with running(EchoBot(), discord):
        answer = discord.slash(
            discord.open_dm(alice), alice, "ask", question="a"
        ).wait_for_response()
    assert answer.content == "quote: a"


class KeepingBot(EchoBot):
    """A bot that defers and keeps the interaction for later."""

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        self.kept, self.question = interaction, question
        await interaction.response.defer()


def test_token_dies_after_15_minutes(discord, place):
    """A deferred answer can be filled for 15 minutes by Discord's clock."""
    client = KeepingBot()
    with running(client, discord):
        discord.slash(*place, "ask", question="?").wait_for_acknowledgement()
        discord.advance(901)
        with pytest.raises(discord_py.HTTPException, match="50027"):
            do(client, client.kept.edit_original_response(content="late"))
    with pytest.raises(AssertionError, match="deferred and never answered"):
        discord.check()
    discord.violations.clear()
    discord.forgive("never answered")


def test_filling_a_defer_by_followup_is_a_violation(discord, place):
    """The first follow-up to a deferred answer fills it, which Discord has deprecated."""
    client = KeepingBot()
    with running(client, discord):
        ask = discord.slash(*place, "ask", question="?")
        ask.wait_for_acknowledgement()
        do(client, client.kept.followup.send("filled"))
    assert ask.response is not None
    assert ask.response.content == "filled"
    assert "filled by a followup" in discord.violations[0]
    discord.violations.clear()


def test_unknown_command_raises_lookup_error(discord, place):
    """A person cannot use a command that is not registered."""
    with pytest.raises(LookupError, match="no command 'ask'"):
        discord.slash(*place, "ask", question="?")


@pytest.mark.parametrize(
    ("request_text", "violation"),
    [
        ("echo over-long", "content has 2001 characters"),
        ("big embed", "embed description has 4097"),
        ("ping", "the bot pinged @everyone"),
    ],
)
def test_broken_limit_is_a_violation(discord, place, request_text, violation):
    """Too long a text, too big an embed and a ping are each caught."""
    with running(EchoBot(), discord):
        discord.say(*place, request_text)
        discord.wait_until(lambda: discord.violations, 5, "a violation")
    with pytest.raises(AssertionError, match=violation):
        discord.check()
    discord.forgive(violation)
    discord.check()


def test_reply_that_pings_is_a_violation(discord, place):
    """Without allowed_mentions a reply notifies the one it answers."""
    with running(EchoBot(allowed_mentions=None), discord):
        question = discord.say(*place, "big embed")
        discord.wait_until(lambda: discord.violations, 5, "a violation")
    discord.violations.clear()
    assert discord.answers(question) == []


class TwiceBot(EchoBot):
    """A bot that acknowledges twice, by raw HTTP since discord.py refuses to."""

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        route = discord_py.http.Route(
            "POST", f"/interactions/{interaction.id}/{interaction.token}/callback"
        )
        for _ in range(2):
            try:
                await self.http.request(route, json={"type": 4, "data": {"content": question}})
            except discord_py.HTTPException as error:
                self.errors.append(error)


def test_second_acknowledgement_is_refused(discord, place):
    """A second first response gets 40060."""
    client = TwiceBot()
    with running(client, discord):
        discord.slash(*place, "ask", question="?")
        discord.wait_until(lambda: client.errors, 5, "an error")
    assert client.errors[0].code == 40060
    discord.forgive("already been acknowledged")


class LateBot(EchoBot):
    """A bot that waits to be let go before it acknowledges."""

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        self.go = asyncio.Event()
        await self.go.wait()
        try:
            await interaction.response.send_message(question)
        except discord_py.NotFound as error:
            self.errors.append(error)


def test_late_acknowledgement_is_refused(discord, place):
    """After 3 s by Discord's clock an interaction is unknown."""
    client = LateBot()
    with running(client, discord):
        ask = discord.slash(*place, "ask", question="?")
        discord.wait_until(lambda: hasattr(client, "go"), 5, "the command")
        discord.advance(3.1)
        client.loop.call_soon_threadsafe(client.go.set)
        discord.wait_until(lambda: client.errors, 5, "an error")
    assert client.errors[0].code == 10062
    assert ask.response is None
    with pytest.raises(AssertionError, match="was never acknowledged"):
        discord.check()
    discord.forgive("10062")
    discord.forgive("never acknowledged")


@pytest.mark.parametrize("code", [None, 4000])
def test_resume_replays_the_missed_message(discord, place, code):
    """Messages sent while the connection is down arrive after a resume."""
    with running(EchoBot(), discord):
        discord.drop_gateway(code)
        question = discord.say(*place, "echo missed")
        assert discord.wait_for_answer(question).content == "missed"
    assert (discord.resumes, discord.identifies) == (1, 1)


def test_op7_resumes(discord, place):
    """A reconnect request leads to a resume."""
    with running(EchoBot(), discord):
        discord.reconnect_op7()
        discord.wait_until(lambda: discord.resumes == 1, 5, "a resume")
        assert discord.wait_for_answer(discord.say(*place, "echo back"))


def test_429_is_waited_out(discord, place):
    """A rate-limited request is sent again and then succeeds."""
    discord.fail_next("POST", "/channels/{channel}/messages", status=429, retry_after=0.1)
    with running(EchoBot(), discord):
        assert discord.wait_for_answer(discord.say(*place, "echo again"))
    posts = [r.status for r in discord.requests if r.method == "POST"]
    assert posts == [429, 200]


def test_failure_after_the_deed_leaves_the_message(discord, place):
    """Mode "after" posts the message and then reports a failure that is not retried."""
    discord.fail_next("POST", "/messages$", status=503, mode="after")
    client = EchoBot()
    with running(client, discord):
        question = discord.say(*place, "echo once")
        discord.wait_until(lambda: client.errors, 5, "an error")
    assert len(discord.answers(question)) == 1


def test_content_is_blank_without_the_intent(discord, place):
    """Without the intent only messages to the bot keep their text."""
    channel, alice = place
    client = EchoBot(content=False)
    with running(client, discord):
        discord.say(channel, alice, "overheard")
        discord.say(channel, alice, f"{discord.mention} hello")
        discord.say(discord.open_dm(alice), alice, "private")
        discord.wait_until(lambda: len(client.heard) == 3, 5, "three messages")
    assert client.heard == ["", f"{discord.mention} hello", "private"]


def test_refused_intent_closes_4014():
    """A client that asks for message content without having it cannot connect."""
    with DiscordStandIn(message_content_intent="refused") as discord, pointed_at(discord):
        with pytest.raises(discord_py.PrivilegedIntentsRequired):
            asyncio.run(start(EchoBot(), discord.token))
        with running(EchoBot(content=False), discord):
            assert discord.identifies == 2


def test_wrong_token_is_refused(discord):
    """A wrong token gets 401."""
    with pointed_at(discord), pytest.raises(discord_py.LoginFailure):
        asyncio.run(start(EchoBot(), "wrong"))
    discord.forgive("401")


def test_identify_too_soon_is_a_violation():
    """A quick second IDENTIFY counts as a crash loop unless the test announced a restart."""
    with DiscordStandIn(identify_interval=0.2) as discord:
        with running(EchoBot(), discord):
            discord.expect_restart()
        with running(EchoBot(), discord):
            assert discord.violations == []
        client = EchoBot()
        client.before_identify_hook = no_pause  # type: ignore[method-assign]
        with running(client, discord):
            assert "IDENTIFY only" in discord.violations[0]
        discord.violations.clear()


class ZlibStream:
    """What discord.py uses to read the gateway where zstandard is not installed."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self.stream = zlib.decompressobj()

    def decompress(self, data: bytes, /) -> str:
        assert data.endswith(b"\x00\x00\xff\xff")
        return self.stream.decompress(data).decode()


@pytest.mark.parametrize("stream", [None, ZlibStream], ids=["installed", "zlib"])
def test_compressed_gateway(stream, monkeypatch):
    """The gateway speaks the stream compression that the client asks for."""
    if stream is not None:
        monkeypatch.setattr(discord_py.utils, "_ActiveDecompressionContext", stream)
    with DiscordStandIn(compress=True) as discord:
        guild = discord.add_guild("Readers")
        channel, alice = discord.add_channel(guild, "general"), discord.add_user("alice", guild)
        with running(EchoBot(), discord):
            assert discord.wait_for_answer(discord.say(channel, alice, "echo packed"))


@pytest.mark.parametrize(
    ("denied", "action", "code"),
    [
        ("VIEW_CHANNEL", lambda message: message.channel.send("x"), 50001),
        ("SEND_MESSAGES", lambda message: message.channel.send("x"), 50013),
        ("READ_MESSAGE_HISTORY", lambda message: message.reply("x"), 160002),
        ("ADD_REACTIONS", lambda message: message.add_reaction("👍"), 50013),
        ("CREATE_PUBLIC_THREADS", lambda message: message.create_thread(name="t"), 50013),
        ("EMBED_LINKS", lambda message: message.reply(embed=discord_py.Embed(title="t")), 50006),
    ],
)
def test_denied_permission_is_refused(discord, place, denied, action, code):
    """Each permission that the bot lacks has its own refusal."""
    channel, alice = place
    client = EchoBot()
    with running(client, discord):
        said = discord.say(channel, alice, "hello")
        discord.deny(channel, denied)
        do(client, client.wait_until_ready())
        known: Any = client.get_channel(channel.id)
        message = known.get_partial_message(said.id)
        with pytest.raises(discord_py.HTTPException) as caught:
            do(client, action(message))
        discord.expect_silence(channel, seconds=0)
    assert caught.value.code == code
    assert str(code) in discord.violations[0]
    discord.violations.clear()


def test_closed_dm_is_refused(discord, place):
    """A user who takes no DMs gets none."""
    _, alice = place
    alice.dm_open = False
    client = EchoBot()
    with running(client, discord):
        discord.say(discord.open_dm(alice), alice, "echo hi")
        discord.wait_until(lambda: client.errors, 5, "an error")
    assert client.errors[0].code == 50007
    discord.forgive("50007")


def test_message_wakes_an_archived_thread(discord, place):
    """Sending reopens an archived thread unless it is locked."""
    channel, alice = place
    thread = discord.start_thread(channel, alice, "old")
    with running(EchoBot(), discord):
        discord.archive(thread)
        assert discord.wait_for_answer(discord.say(thread, alice, "echo hi"))
    assert not thread.archived


def test_deleted_question_cannot_be_replied_to(discord, place):
    """A reply to a message that is gone is an invalid body."""
    client = EchoBot()
    with running(client, discord):
        gone = discord.say(*place, "first")
        discord.delete(gone)
        discord.replay(gone)
        gone.content = "echo gone"
        discord.replay(gone)
        discord.wait_until(lambda: client.errors, 5, "an error")
    assert client.errors[0].code == 50035
    discord.forgive("Unknown message")


def test_posts_threads_and_archives(discord, place):
    """The bot answers in a forum post, whose first message has the thread's id."""
    channel, alice = place
    forum = discord.add_channel(channel.guild, "help", "forum")
    with running(EchoBot(), discord):
        post = discord.open_post(forum, alice, "Who?", "echo in the post")
        assert post.id == post.channel.id
        assert discord.wait_for_answer(post).channel is post.channel
        discord.archive(post.channel, locked=True)
        discord.say(post.channel, alice, "echo too late")
        discord.wait_until(lambda: discord.violations, 5, "a violation")
    assert "50083" in discord.violations[0]
    discord.violations.clear()


def test_a_tour_of_the_routes(discord, place):
    """Files, edits, reactions, history, threads, posts, DMs and members work."""
    channel, alice = place
    forum = discord.add_channel(channel.guild, "help", "forum")
    client = EchoBot()
    with running(client, discord):
        said = discord.say(channel, alice, "hello")
        discord.wait_until(lambda: client.heard, 5, "the message")
        do(client, tour(client, channel.id, forum.id, alice.id))
    first, second = discord.messages(channel, after=said)
    assert (first.content, first.edits, first.files) == ("two", ["one"], {"a.txt": b"text"})
    assert first.reactions == {"👍": {discord.bot.id}}
    assert second.embeds[0]["title"] == "T"
    assert second.seen == "T"
    threads = [c for c in discord.world.channels.values() if c.owner is discord.bot]
    assert [(c.name, c.archived, len(c.messages)) for c in threads] == [
        ("on it", True, 1),
        ("post", False, 1),
    ]
    assert [m.content for m in discord.messages(discord.open_dm(alice))] == ["psst"]


async def tour(client: EchoBot, channel_id: int, forum_id: int, user_id: int) -> None:
    """Use each feature once."""
    await client.wait_until_ready()
    channel: Any = client.get_channel(channel_id)
    forum: Any = client.get_channel(forum_id)
    async with channel.typing():
        sent = await channel.send("one", file=discord_py.File(io.BytesIO(b"text"), "a.txt"))
    await sent.edit(content="two")
    await sent.add_reaction("👍")
    await channel.send(embed=discord_py.Embed(title="T"), view=pager())
    gone = await channel.send("gone")
    await gone.delete()
    contents = [message.content async for message in channel.history(limit=3)]
    assert contents == ["", "two", "hello"]
    assert (await channel.fetch_message(sent.id)).attachments[0].filename == "a.txt"
    thread = await sent.create_thread(name="on it")
    await thread.send("inside")
    await thread.edit(archived=True)
    await forum.create_thread(name="post", content="first")
    assert (await client.fetch_channel(channel_id)).id == channel_id
    member = await channel.guild.fetch_member(user_id)
    assert (await channel.guild.query_members(user_ids=[user_id]))[0] == member
    await member.send("psst")


def test_two_shards_each_get_their_guild():
    """Guilds go to the shard of their number, DMs to shard 0."""
    with DiscordStandIn(identify_interval=0) as discord:
        guilds = [discord.add_guild(f"g{n}", guild_id=1000 + n << 22) for n in range(2)]
        alice = discord.add_user("alice", *guilds)
        channels = [discord.add_channel(guild, "general") for guild in guilds]
        client = discord_py.AutoShardedClient(
            intents=discord_py.Intents.default(), shard_count=2, guild_ready_timeout=0.05
        )
        seen: list[tuple[str, int]] = []

        @client.event
        async def on_message(message: discord_py.Message) -> None:
            seen.append((message.content, message.guild.shard_id if message.guild else 0))

        client.before_identify_hook = no_pause  # type: ignore[method-assign]
        with running(client, discord):
            discord.wait_until(lambda: discord.identifies == 2, 10, "two shards")
            for number, channel in enumerate([*channels, discord.open_dm(alice)]):
                discord.say(channel, alice, f"{discord.mention} {number}")
            discord.wait_until(lambda: len(seen) == 3, 5, "three messages")
    mention = discord.mention
    assert sorted(seen) == [(f"{mention} 0", 0), (f"{mention} 1", 1), (f"{mention} 2", 0)]


async def no_pause(shard_id: int | None, *, initial: bool = False) -> None:
    """Replace the 5 s that discord.py waits before it identifies again."""


def test_invalid_session_leads_to_a_new_identify():
    """After an invalid session the client identifies again and still answers."""
    with DiscordStandIn(identify_interval=0) as discord:
        guild = discord.add_guild("Readers")
        channel, alice = discord.add_channel(guild, "general"), discord.add_user("alice", guild)
        client = EchoBot()
        client.before_identify_hook = no_pause  # type: ignore[method-assign]
        with running(client, discord):
            discord.invalidate_session(resumable=False)
            discord.wait_until(lambda: discord.identifies == 2 and discord.connected)
            assert discord.wait_for_answer(discord.say(channel, alice, "echo new"))


def test_reset_connection_is_logged_as_status_0(discord, place):
    """Mode "reset" cuts the connection before anything is done."""
    channel, alice = place
    discord.fail_next("POST", "/typing$", mode="reset")
    client = EchoBot()
    with running(client, discord):
        discord.say(channel, alice, "hello")
        discord.wait_until(lambda: client.heard, 5, "the message")
        with pytest.raises(OSError, match="reset by peer"):
            do(client, client.http.send_typing(channel.id))
    assert [r.status for r in discord.requests if r.path.endswith("typing")] == [0]
    assert channel.typings == 0


LINK = {"type": 2, "style": 5, "url": "https://a.example", "label": "Open"}
BUTTON = {"type": 2, "style": 1, "custom_id": "a", "label": "A"}


@pytest.mark.parametrize(
    ("message", "problem"),
    [
        ({"content": "😀" * 1001}, "content has 2002 characters"),
        ({"content": "half \ud83d"}, "half a surrogate pair"),
        ({"embeds": [{"description": "x" * 4000}] * 2}, "8000 characters together"),
        ({"embeds": [{"fields": [{"name": "", "value": "v"}]}]}, "field name has 0"),
        ({"embeds": [{"title": "t"}] * 11}, "11 embeds"),
        ({"components": [BUTTON]}, "needs the components v2 flag"),
        ({"components": [{"type": 1, "components": [BUTTON, BUTTON]}]}, "used twice"),
        ({"components": [{"type": 1, "components": [LINK] * 6}]}, "6 components in a row"),
        ({"components": [{"type": 1, "components": [LINK]}] * 6}, "6 component rows"),
        ({"flags": 1 << 15, "content": "x"}, "together with components v2"),
    ],
)
def test_message_limits(message, problem):
    """Each limit of messages is found by its own words."""
    assert any(problem in text for text in message_problems(message))


def test_message_within_the_limits_has_no_problems():
    """A message at the limits breaks no rule."""
    rows = [{"type": 1, "components": [BUTTON, LINK]}]
    embed = {"title": "t" * 256, "description": "d" * 4096, "footer": {"text": "f"}}
    assert message_problems({"content": "x" * 2000, "embeds": [embed], "components": rows}) == []


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ({"name": "Ask", "description": "d"}, "not 1 to 32 lower-case"),
        ({"name": "ask", "description": ""}, "description of 'ask' has 0"),
        ({"name": "ask", "type": 3, "description": "d"}, "has a description"),
        (
            {"name": "a", "description": "d", "options": [{"name": "o", "description": ""}]},
            "description of 'o'",
        ),
    ],
)
def test_command_limits(command, problem):
    """Each limit of commands is found by its own words."""
    assert any(problem in text for text in command_problems([command]))


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (None, ["@everyone", "<@1>", "<@&2>"]),
        ({"parse": []}, []),
        ({"parse": ["roles"]}, ["<@&2>"]),
        ({"parse": [], "users": ["1"]}, ["<@1>"]),
    ],
)
def test_pings_follow_allowed_mentions(allowed, expected):
    """Discord's defaults ping everybody; embeds never do."""
    body = {"content": "@everyone `<@1>` <@&2>", "embeds": [{"description": "<@3>"}]}
    assert pings(body | ({} if allowed is None else {"allowed_mentions": allowed})) == expected


def test_gateway_address_needs_no_token(discord):
    """GET /gateway gives the websocket's address to anyone."""
    with urllib.request.urlopen(f"{discord.api_base}/gateway") as response:
        assert json.load(response)["url"].startswith("ws://127.0.0.1:")
        assert response.headers["Content-Type"] == "application/json"


def test_unknown_route_is_a_violation(discord):
    """A path the stand-in does not know is answered 404 and noted."""
    request = urllib.request.Request(
        f"{discord.api_base}/voice/regions", headers={"Authorization": f"Bot {discord.token}"}
    )
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(request)
    assert "is not a known route" in discord.violations[0]
    discord.violations.clear()


@pytest.mark.parametrize(
    ("content", "seen", "kinds"),
    [
        ("**bold** and *it*", "bold and it", set()),
        ("> quoted\nnot", "quoted\nnot", set()),
        (">>> all\nof it", "all\nof it", set()),
        (r"\*\*as is\*\*", "**as is**", set()),
        (r"\> no quote", "> no quote", set()),
        (r"`\*code\*`", r"\*code\*", {"code"}),
        ("```py\nx = 1\n```", "x = 1", {"code fence"}),
        ("# Title\ntext", "Title\ntext", {"heading"}),
        ("-# small", "small", {"subtext"}),
        ("- one\n- two", "• one\n• two", {"list"}),
        ("[text](https://a.example/b)", "text", {"masked link"}),
        ("[1] (see)", "[1] (see)", set()),
        ("<https://a.example>", "https://a.example", {"url"}),
        ("<@1> @everyone", "<@1> @everyone", {"mention"}),
        ("@\u200beveryone", "@\u200beveryone", set()),
        ("||hidden||", "hidden", {"spoiler"}),
        ("<t:0:R>", "<t:0:R>", {"timestamp"}),
        ("a :fire: and :+1:", "a :fire: and :+1:", {"emoji"}),
        (r"a \:fire: at 5:30", "a :fire: at 5:30", set()),
        ("join discord.gg/abc", "join discord.gg/abc", {"invite"}),
        ("Discord.com/invite/abc", "Discord.com/invite/abc", {"invite"}),
        (r"join discord\.gg/abc", "join discord.gg/abc", set()),
        ("snake_case_name", "snake_case_name", set()),
        ("2 * 3 * 4", "2 * 3 * 4", set()),
        ("***both***", "both", set()),
        ("#hash -dash", "#hash -dash", set()),
    ],
)
def test_visible_text(content, seen, kinds):
    """Each construct of Discord's markdown shows as a person sees it."""
    assert visible_text(content) == seen
    assert parse(content).kinds == kinds


def test_bold_run_crosses_lines_of_a_quote():
    """Lines of one quote are read together, so a bold run may span them."""
    rendered = parse("> before **the\n> answer** after\n-# source")
    assert rendered.runs("bold") == ["the\nanswer"]
    assert rendered.runs("quote") == ["before the\nanswer after\n"]


@given(st.text(alphabet="ab1 \n*_~`|<>[]()#-@:/\\.é—", max_size=60))
def test_escaping_every_sign_shows_the_text(text):
    """A backslash before every sign makes any text show literally, without effect."""
    signs = {char for char in text if not char.isalnum() and not char.isspace()}
    escaped = "".join(f"\\{char}" if char in signs else char for char in text)
    rendered = parse(escaped)
    assert rendered.text == text
    assert not rendered.active
    assert all(not span.styles for span in rendered.spans)


@given(st.text(alphabet="ab *_~`|<>[]()#-@:/\\.\n", max_size=80))
def test_reading_adds_no_letters(text):
    """Whatever the markup, the letters shown are letters of the content, in order."""
    shown = [char for char in visible_text(text) if char.isalnum()]
    rest = iter(text)
    assert all(char in rest for char in shown)
