"""Tests of the stand-in's installations, languages, files of commands and registrations."""

import urllib.request
from typing import Any

import discord as discord_py
import pytest
from discord import app_commands

from tests.standin.rules.command_rules import command_problems
from tests.support.small_bot import EchoBot, do, running


class TravellingBot(EchoBot):
    """A small bot that anyone may install, with a translated command for files."""

    def __init__(self) -> None:
        super().__init__()
        self.tree.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
        self.tree.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        )
        read: Any = self.tree.command(name=app_commands.locale_str("read"), description="Read")(
            self.read
        )
        read.autocomplete("topic")(self.topics)
        self.tree.command(name="steer", description="Steer")(self.steer)

    async def setup_hook(self) -> None:
        await self.tree.set_translator(German())
        await self.tree.sync()

    async def ask(self, interaction: discord_py.Interaction, question: str) -> None:
        self.last = interaction
        await interaction.response.send_message(question)

    async def read(
        self, interaction: discord_py.Interaction, file: discord_py.Attachment, topic: str = ""
    ) -> None:
        self.last = interaction
        try:
            text = (await file.read()).decode()
        except discord_py.HTTPException as error:
            text = f"no file: {error.status}"
        await interaction.response.send_message(f"{file.filename} {file.size} {text} {topic}")

    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def steer(self, interaction: discord_py.Interaction) -> None:
        await interaction.response.send_message("steered", ephemeral=True)

    async def topics(self, _: discord_py.Interaction, current: str) -> list[Any]:
        return [app_commands.Choice(name=app_commands.locale_str("read"), value=current)]


class German(app_commands.Translator):
    """Knows one word of one language."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord_py.Locale,
        context: Any,  # noqa: ARG002
    ) -> str | None:
        return "lesen" if (str(string), locale.value) == ("read", "de") else None


def test_user_install_reaches_a_guild_without_the_bot(discord, place):
    """An app that only a user installed answers in a guild it is no member of."""
    _, alice = place
    elsewhere = discord.add_guild("Elsewhere", with_bot=False, locale="fr")
    channel = discord.add_channel(elsewhere, "far away")
    discord.join(elsewhere, alice)
    client = TravellingBot()
    with running(client, discord):
        discord.wait_for_commands("ask")
        with pytest.raises(LookupError, match="no command 'ask'"):
            discord.slash(channel, alice, "ask", question="?")
        ask = discord.slash(channel, alice, "ask", question="far", as_user_install=True)
        answer = ask.wait_for_response()
        assert client.last.is_user_integration()
        assert not client.last.is_guild_integration()
        assert (client.last.guild_id, client.last.app_permissions.send_messages) == (
            elsewhere.id,
            False,
        )
        assert str(client.last.guild_locale) == "fr"
        for number in range(5):
            do(client, client.last.followup.send(str(number)))
        with pytest.raises(discord_py.HTTPException, match="40094"):
            do(client, client.last.followup.send("one too many"))
        with pytest.raises(discord_py.Forbidden, match="50001"):
            do(client, client.fetch_channel(channel.id))
        discord.say(channel, alice, "echo unheard")
        unheard = discord.wait_for_answer(discord.say(discord.open_dm(alice), alice, "echo hi"))
    assert (answer.content, unheard.content, client.heard) == ("far", "hi", ["echo hi"])
    discord.forgive("40094")
    discord.forgive("50001")


def test_contexts_tell_dms_from_groups(discord, place):
    """A command knows whether it is used in a guild, with the bot, or between people."""
    channel, alice = place
    bella = discord.add_user("bella", channel.guild)
    client = TravellingBot()
    places = {
        "guild": (channel, False),
        "dm_channel": (discord.open_dm(alice), False),
        "private_channel": (discord.open_group(alice, bella), True),
    }
    with running(client, discord):
        discord.wait_for_commands("ask")
        for name, (spot, as_user) in places.items():
            ask = discord.slash(spot, alice, "ask", question="?", as_user_install=as_user)
            assert ask.wait_for_response().channel is spot
            assert [flag for flag in places if getattr(client.last.context, flag)] == [name]
        group = discord.open_group(alice, bella, discord.add_user("carl"))
        with pytest.raises(LookupError, match="no command"):
            discord.slash(group, alice, "ask", question="?")


def test_silenced_user_app_answers_its_user_only(discord, place):
    """Without USE_EXTERNAL_APPS what a user's app says is ephemeral."""
    channel, alice = place
    discord.overwrite(channel, channel.guild, deny=["USE_EXTERNAL_APPS"])
    with running(TravellingBot(), discord):
        discord.wait_for_commands("ask")
        ask = discord.slash(channel, alice, "ask", question="psst", as_user_install=True)
        assert ask.wait_for_response().ephemeral


def test_commands_are_offered_by_settings_and_language(discord, place):
    """A moderators' command is hidden from others until the guild grants it."""
    channel, alice = place
    alice.locale = "de"
    boss = discord.add_user(
        "boss", channel.guild, roles=[discord.add_role(channel.guild, "boss", "MANAGE_GUILD")]
    )
    with running(TravellingBot(), discord):
        discord.wait_for_commands("ask")
        assert discord.offered(channel, boss) == ["ask", "read", "steer", "Quote"]
        assert discord.offered(channel, alice) == ["ask", "lesen", "Quote"]
        assert "steer" not in discord.offered(discord.open_dm(boss), boss)
        with pytest.raises(LookupError, match="steer"):
            discord.slash(channel, alice, "steer")
        discord.grant_command(channel.guild, "steer", alice)
        assert discord.slash(channel, alice, "steer").wait_for_response().content == "steered"
        typing = discord.autocomplete(channel, alice, "read", focused="topic", topic="w")
        assert typing.wait_for_choices() == [("lesen", "w")]
    assert [request[0] for request in discord.registrations] == ["PUT"]


def test_interaction_bears_the_languages(discord, place):
    """A person's language comes with everything they do, the guild's with it."""
    channel, alice = place
    alice.locale = "de"
    discord.set_locale(channel.guild, "fr")
    client = TravellingBot()
    with running(client, discord):
        discord.wait_for_commands("ask")
        for locale, expected in ((None, "de"), ("es-ES", "es-ES")):
            discord.slash(channel, alice, "ask", question="?", locale=locale).wait_for_response()
            assert (str(client.last.locale), str(client.last.guild_locale)) == (expected, "fr")


@pytest.mark.parametrize(("status", "seen"), [(None, "text"), (404, "no file: 404")])
def test_attachment_of_a_command_is_read(discord, place, status, seen):
    """A file given to a command is served by its address, which may also fail."""
    channel, alice = place
    file = discord.attachment("a.txt", b"text", content_type="text/plain; charset=utf-8")
    if status is not None:
        discord.fail_next("GET", "/attachments/", status=status)
    with running(client := TravellingBot(), discord):
        discord.wait_for_commands("read")
        with pytest.raises(LookupError, match="takes an attachment"):
            discord.slash(channel, alice, "read", file="a.txt")
        answer = discord.slash(channel, alice, "read", file=file).wait_for_response()
        assert answer.content == f"a.txt 4 {seen}"
        data: Any = client.last.data
        (option,) = data["resolved"]["attachments"].values()
        assert option["content_type"] == "text/plain; charset=utf-8"


def test_size_of_an_attachment_may_lie(discord):
    """What Discord says of a file's size can differ from what its address serves."""
    file = discord.attachment("big.bin", b"1234", size=10**9)
    assert (file.size, file.content_type) == (10**9, "application/octet-stream")


def test_token_does_not_belong_on_the_cdn(discord, place):
    """A client that sends the bot's token to an attachment's address breaks a rule."""
    channel, alice = place
    said = discord.say(channel, alice, "look", files=[discord.attachment("a.txt", b"text")])
    request = urllib.request.Request(
        said.attachments[0]["url"], headers={"Authorization": f"Bot {discord.token}"}
    )
    with urllib.request.urlopen(request) as response:
        assert response.read() == b"text"
    assert discord.violations == ["the token was sent to the CDN"]
    discord.violations.clear()


def test_same_interaction_can_come_twice(discord, place):
    """A repeated interaction reaches the bot, which cannot acknowledge it again."""
    client = EchoBot()
    with running(client, discord):
        discord.wait_for_commands("ask")
        ask = discord.slash(*place, "ask", question="?")
        ask.wait_for_response()
        discord.replay(ask)
        discord.wait_until(lambda: discord.violations, 5, "a second acknowledgement")
    assert "40060" in discord.violations[0]
    discord.violations.clear()


def named(name: str, **names: str) -> dict[str, Any]:
    """Return a command with translated names."""
    return {"name": name, "description": "d", "name_localizations": names}


@pytest.mark.parametrize(
    ("commands", "problem"),
    [
        ([named("ask", he="שאל")], "no locale 'he'"),
        ([named("ask", de="Fragen")], "'Fragen' is not 1 to 32 lower-case"),
        ([named("ask", fr="poser une question")], "not 1 to 32 lower-case"),
        ([named("ask", de="lesen"), named("read", de="lesen")], "'lesen' in de"),
        ([named("ask", de="read"), named("read")], "'read' in de"),
        ([{"name": "Find", "type": 3, "name_localizations": {"de": "x" * 33}}], "menu name"),
        ([named("ask") | {"contexts": [2]}], "needs installation by users"),
        ([named("ask") | {"integration_types": [3]}], "unknown integration_types"),
        (
            [named("a") | {"options": [named("b", de="x"), named("c", de="x")]}],
            "two options 'x' in de",
        ),
    ],
)
def test_translated_command_limits(commands, problem):
    """Each limit of translations and installations is found by its own words."""
    assert any(problem in text for text in command_problems(commands))


def test_translated_commands_within_the_limits():
    """Names may be the same in two languages, and in letters of any script."""
    commands = [named("ask", de="fragen", nl="fragen", hi="पूछें"[:1], ja="質問"), named("read")]
    assert command_problems(commands) == []
