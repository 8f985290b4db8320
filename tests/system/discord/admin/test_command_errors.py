"""Commands that are not carried out: the person always hears of it, in their language."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from discord import app_commands

from bot.discord_app.commands.errors import CommandErrors
from bot.discord_app.context.origin import of_interaction
from bot.discord_app.context.recent_failures import RecentFailures
from bot.discord_app.messages.component_errors import component_errors
from bot.errors import DatabaseError
from bot.languages import for_locale
from bot.rendering import notices, wording
from index import IndexUnusableError
from tests.support.small_bot import EchoBot, running

ERRORS = {
    "check": app_commands.CheckFailure("secret"),
    "role": app_commands.MissingAnyRole(["secret"]),
    "direct": app_commands.NoPrivateMessage("secret"),
    "database": DatabaseError("secret", "secret"),
    "bug": RuntimeError("secret"),
    "late": app_commands.CommandOnCooldown(app_commands.Cooldown(1, 60), 60),
}


class FailingBot(EchoBot):
    """A bot whose `/fail` fails as its option says."""

    async def setup_hook(self):
        """Add the command before all are registered."""
        self.tree.command(name="fail", description="Fail")(self.fail)
        self.tree.error(CommandErrors(RecentFailures()).answer)
        await super().setup_hook()

    async def fail(self, interaction, how: str, defer: bool = False):
        """Raise the error of that name, after deferring if wanted."""
        if defer:
            await interaction.response.defer(ephemeral=True)
        raise ERRORS[how]


@pytest.mark.parametrize("defer", [False, True])
def test_every_error_is_answered_privately_in_the_persons_language(discord, place, caplog, defer):
    """Refusals say what is missing, all else is an apology; nobody sees what the error says."""
    channel, alice = place
    say = for_locale("de")
    expected = {
        "check": say(notices.MAY_NOT),
        "role": say(notices.MAY_NOT),
        "direct": say(notices.SERVERS_ONLY),
        "database": say(wording.FAILED),
        "bug": say(wording.FAILED),
    }
    with running(FailingBot(), discord):
        discord.wait_for_commands("fail")
        for how, text in expected.items():
            command = discord.slash(channel, alice, "fail", locale="de", how=how, defer=defer)
            answer = command.wait_for_response()
            assert (how, answer.seen) == (how, text)
            assert answer.flags & 64
        late = discord.slash(channel, alice, "fail", how="late", defer=defer).wait_for_response()
        assert "You can ask again <t:" in late.seen
    tracebacks = [record for record in caplog.records if record.exc_info]
    assert len(tracebacks) == 1  # of the bug; a database that fails is one line


class PressedBot(EchoBot):
    """A bot whose `/press` does what a button does that meets a damaged index."""

    async def setup_hook(self):
        """Add the command before all are registered."""
        self.tree.command(name="press", description="Press")(self.press)
        await super().setup_hook()

    async def press(self, interaction):
        """Meet a damaged index after deferring."""

        async def origin(interaction):
            return of_interaction(interaction)

        runtime: Any = SimpleNamespace(origin=origin, failures=RecentFailures())
        async with component_errors(interaction, runtime):
            await interaction.response.defer(ephemeral=True)
            raise IndexUnusableError(Path("index"), "the text of passage 7 is corrupt")


def test_press_that_meets_a_damaged_index_apologises(discord, place, caplog):
    """Who pressed reads so, and the owner one line that says what to do."""
    channel, alice = place
    with running(PressedBot(), discord):
        discord.wait_for_commands("press")
        answer = discord.slash(channel, alice, "press").wait_for_response()
        assert answer.seen == wording.FAILED
    (record,) = [one for one in caplog.records if "passage 7" in one.getMessage()]
    assert "build it with 'pullquote rebuild'" in record.getMessage()
    assert not record.exc_info
