"""The button and the menu that ask the same question of another version of the texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.answering import Answer, Turn
from bot.discord_app.context.origin import Origin
from bot.discord_app.questions.buttons.answer_button import AnswerButton, AnswerItem
from bot.discord_app.questions.buttons.other_answer import show_other_answer
from bot.discord_app.questions.models import Hints
from bot.languages import Catalogue
from bot.rendering import wording
from index import read_version

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog

# https://discord.com/developers/docs/components/reference#string-select
_MAX_OPTIONS = 25


@dataclass(frozen=True, slots=True)
class AskedOfVersion:
    """A stored question, who asked it, and a version with underscores for dots, as ids hold it."""

    question_id: int
    asker_id: int
    version: str


@dataclass(frozen=True, slots=True)
class AskedOfVersions:
    """A stored question, and who asked it."""

    question_id: int
    asker_id: int


class VersionButton(AnswerButton[AskedOfVersion], prefix="pq:version", state=AskedOfVersion):
    """Asks another version; the asker reads its answer in the message, others privately."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Ask the version."""
        state = self.state
        version = state.version.replace("_", ".")
        await _ask(interaction, cog, origin, state.question_id, state.asker_id, version)


class VersionMenu(AnswerItem[AskedOfVersions], prefix="pq:versions", state=AskedOfVersions):
    """Asks the version that is chosen in it, as `VersionButton` does."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Ask the version that was chosen."""
        data: dict[str, Any] = {**(interaction.data or {})}
        chosen = next(iter(data.get("values", [])), "")
        state = self.state
        await _ask(interaction, cog, origin, state.question_id, state.asker_id, chosen)


def version_items(
    versions: Sequence[str], question_id: int, asker_id: int, say: Catalogue
) -> list[AnswerItem[Any]]:
    """Return the button for another version of the quoted page, or the menu of several."""
    if not versions:
        return []
    if len(versions) == 1:
        state = AskedOfVersion(question_id, asker_id, versions[0].replace(".", "_"))
        return [VersionButton.make(state, versions[0])]
    options = [discord.SelectOption(label=version) for version in versions[:_MAX_OPTIONS]]
    menu: ui.Select[Any] = ui.Select(
        custom_id=VersionMenu.id_of(AskedOfVersions(question_id, asker_id)),
        placeholder=say(wording.OTHER_VERSIONS),
        options=options,
    )
    return [VersionMenu(menu)]


async def _ask(
    interaction: discord.Interaction,
    cog: "ButtonCog",
    origin: Origin,
    question_id: int,
    asker_id: int,
    written: str,
) -> None:
    """Show the answer of a version.

    Raises:
        ValueError: The bot has not written this version.
    """
    version = read_version(written)
    if version is None:
        raise ValueError(written)

    async def search(turns: Sequence[Turn]) -> tuple[Answer, Hints]:
        search = cog.pipeline.search
        return await search.of_version(turns, version, origin, str(interaction.locale))

    await show_other_answer(interaction, cog, origin, question_id, asker_id, search)
