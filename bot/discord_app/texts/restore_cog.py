"""The cog of `/pullquote restore` and of the button "Undo": removed texts come back for 7 days."""

import asyncio
from dataclasses import dataclass
from functools import partial

import discord
from babel.dates import format_datetime
from discord import app_commands
from discord.ext import tasks

from bot.database import Change
from bot.discord_app.commands.group import completing_guild_id, permitted_guild
from bot.discord_app.context.access import may_administer
from bot.discord_app.context.audit import note_change
from bot.discord_app.context.feature_cog import FeatureCog, group_command
from bot.discord_app.context.origin import Origin
from bot.discord_app.context.runtime import AnyBot, Runtime
from bot.discord_app.messages.choices import MAX_CHOICES, choice_name
from bot.discord_app.messages.persistent_items import PersistentButton
from bot.discord_app.messages.phrase_completion import PhraseIndex, complete
from bot.discord_app.texts import strings
from bot.discord_app.texts.changes import Outcome, TextChanges
from bot.discord_app.texts.removed_texts import RemovedText
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.discord_app.texts.server_texts import ServerTexts
from bot.errors import TextRefusedError
from bot.languages import Catalogue
from bot.rendering.discord_markdown import shorten

# Of a choice's 100 characters; the time needs the rest.
_NAME_ROOM = 65


@dataclass(frozen=True, slots=True)
class Removed:
    """The key of a removed text."""

    key: int


class UndoButton(PersistentButton["RestoreCog", Removed], prefix="pq:undo", state=Removed):
    """Restores the text whose removal or replacement its message reports."""

    async def press(self, interaction: discord.Interaction, cog: "RestoreCog") -> None:
        """Restore the text."""
        await cog.restore_text(interaction, str(self.state.key))


async def undo_button(own: ServerCorpus, name: str, say: Catalogue) -> UndoButton | None:
    """Return the button that restores the text of a name that was removed last, if there is one."""
    removed = await asyncio.to_thread(own.removed.newest, name, own.now())
    return UndoButton.make(Removed(removed.key), say(strings.UNDO)) if removed else None


class RestoreCog(FeatureCog):
    """Restores removed texts for those who administer a server, and deletes what is too old."""

    items = (UndoButton,)

    def __init__(
        self, bot: AnyBot, runtime: Runtime, texts: ServerTexts, changes: TextChanges
    ) -> None:
        super().__init__(bot, runtime)
        self._texts = texts
        self._changes = changes

    async def cog_load(self) -> None:
        """Add the command and the button, and start the daily deletion."""
        await super().cog_load()
        self._daily.start()

    async def cog_unload(self) -> None:
        """Remove them, and stop the deletion."""
        await super().cog_unload()
        self._daily.cancel()

    @tasks.loop(hours=24)
    async def _daily(self) -> None:
        await self._texts.caught_up.wait()  # before, the folders of servers may not be here
        await self._texts.purge_removed()

    async def _complete_removed(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest what can be restored to those who may do so, newest first."""
        guild_id = await completing_guild_id(interaction, self.runtime, may_administer)
        if guild_id is None:
            return []
        say = (await self.runtime.origin(interaction)).say
        own = self._changes.own(guild_id)
        removed = await asyncio.to_thread(own.removed.all, own.now())
        keys: dict[str, str] = {}
        for text in removed:
            keys.setdefault(_label(text, say), str(text.key))
        found = complete(current, (PhraseIndex(keys),), MAX_CHOICES)
        return [app_commands.Choice(name=choice_name(label), value=keys[label]) for label in found]

    @group_command(
        name="restore", description="Bring back a text that was removed in the last 7 days"
    )
    @app_commands.describe(source="The text to bring back")
    @app_commands.autocomplete(source=_complete_removed)
    async def restore(self, interaction: discord.Interaction, source: str) -> None:
        """Restore a text."""
        await self.restore_text(interaction, source)

    async def restore_text(self, interaction: discord.Interaction, named: str) -> None:
        """Restore a text that is named by its key, or by its name if that was typed."""
        guild = await permitted_guild(interaction, self.runtime, may_administer)
        if guild is not None:
            restore = partial(self._restore, guild.id, named)
            await self._changes.run(interaction, guild.id, restore)

    async def _restore(
        self, guild_id: int, named: str, interaction: discord.Interaction, origin: Origin
    ) -> Outcome:
        own = self._changes.own(guild_id)
        text, name, replaces = await asyncio.to_thread(self._find, guild_id, own, named)
        work = partial(own.restore, text, name)
        report = await self._changes.build(interaction, origin, work)
        await note_change(self.runtime, interaction, Change(guild_id, "text_restored", name))
        undo = await undo_button(own, name, origin.say) if replaces else None
        return Outcome(strings.report(origin.say, report), undo)

    def _find(self, guild_id: int, own: ServerCorpus, named: str) -> tuple[RemovedText, str, bool]:
        """Return a removed text, the name that it gets, and whether it replaces one of that name.

        Raises:
            TextRefusedError: It can no longer be restored.
        """
        removed = own.removed.all(own.now())
        text = next((one for one in removed if named in (str(one.key), one.name)), None)
        if text is None:
            raise TextRefusedError(strings.NOT_RESTORABLE)
        size = text.path.stat().st_size
        return text, *self._changes.accepted_name(guild_id, text.name, size)


def _label(text: RemovedText, say: Catalogue) -> str:
    """Return how a removed text is named in a list of choices: name and time of removal."""
    when = format_datetime(text.removed_at, "short", locale=say.locale)
    return f"{shorten(text.name, _NAME_ROOM)} \u00b7 {when} UTC"
