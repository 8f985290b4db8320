"""The buttons below an answer: their ids, which hold all their state, and their order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from bot.answering.answer import Answer
from bot.discord_app.context.access import may_ask
from bot.discord_app.context.origin import Origin
from bot.discord_app.messages.persistent_items import NoState, PersistentButton, StateT
from bot.discord_app.messages.send import respond, try_to_respond
from bot.discord_app.questions.buttons.quoted_at import QuotedAt
from bot.discord_app.questions.state.fair_queue import QueueFullError
from bot.errors import DatabaseError
from bot.languages import Catalogue
from bot.rendering import notices, wording

if TYPE_CHECKING:
    from bot.discord_app.questions.buttons.button_cog import ButtonCog


@dataclass(frozen=True, slots=True)
class ShownQuotes:
    """An answer that shows the first quotes of a recorded question."""

    question_id: int
    n_seen: int
    asker_id: int


@dataclass(frozen=True, slots=True)
class Voted:
    """A recorded question and the quote that stands on top of its answer."""

    question_id: int
    source: int
    paragraph: int
    fingerprint: int

    @classmethod
    def on(cls, question_id: int, quoted_at: QuotedAt) -> "Voted":
        """Return what a thumb is about."""
        return cls(question_id, quoted_at.source, quoted_at.paragraph, quoted_at.fingerprint)

    @property
    def quoted_at(self) -> QuotedAt:
        """Where the quote stands."""
        return QuotedAt(self.source, self.paragraph, self.fingerprint)


@dataclass(frozen=True, slots=True)
class AskedBy:
    """The person who asked."""

    asker_id: int


class AnswerButton(PersistentButton["ButtonCog", StateT]):
    """Base class of the buttons below answers.

    Attributes:
        for_askers: Whether only those who may ask may press it, as it shows more of the texts.
    """

    for_askers: ClassVar[bool] = True

    async def press(self, interaction: discord.Interaction, cog: "ButtonCog") -> None:
        """Do what the button is for, if the person may and the queue has room."""
        origin = await cog.runtime.origin(interaction)
        server = await cog.runtime.settings_cache.server(origin.guild_id)
        if self.for_askers and not may_ask(interaction.user, server):
            await respond(interaction, origin.say(notices.MAY_NOT_ASK))
            return
        try:
            with cog.pipeline.queue.admit(origin.queue_id, interaction.user.id):
                await self.act(interaction, cog, origin)
        except QueueFullError as full:
            await try_to_respond(interaction, notices.busy(origin.say, own=full.own))
        except DatabaseError:  # which is logged
            await try_to_respond(interaction, origin.say(wording.APOLOGY))

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Do what the button is for."""
        raise NotImplementedError


class MoreButton(AnswerButton[ShownQuotes], prefix="pq:more", state=ShownQuotes):
    """Shows the next quotes."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Show them to the asker in place of the answer, to others privately."""
        await cog.show_more(interaction, origin, self.state)


class ContextButton(AnswerButton[QuotedAt], prefix="pq:context", state=QuotedAt):
    """Shows the best quote between the paragraphs around it."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Show them to the person who pressed."""
        await cog.show_context(interaction, origin, self.state)


class CopyButton(AnswerButton[NoState], prefix="pq:copy"):
    """Sends the person a copy that only they see."""

    for_askers = False

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Send the answer as it stands."""
        await cog.send_copy(interaction, origin)


class UpButton(AnswerButton[Voted], prefix="pq:up", state=Voted):
    """Votes for the best quote."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Count the vote."""
        await cog.vote(interaction, origin, self.state, 1)


class DownButton(AnswerButton[Voted], prefix="pq:down", state=Voted):
    """Votes against the best quote."""

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Count the vote."""
        await cog.vote(interaction, origin, self.state, -1)


class DeleteButton(AnswerButton[AskedBy], prefix="pq:delete", state=AskedBy):
    """Deletes the answer."""

    for_askers = False

    async def act(self, interaction: discord.Interaction, cog: "ButtonCog", origin: Origin) -> None:
        """Delete it for its asker or a moderator."""
        await cog.delete(interaction, origin, self.state.asker_id)


def answer_buttons(
    answer: Answer,
    question_id: int | None,
    asker_id: int,
    say: Catalogue,
    *,
    ephemeral: bool = False,
) -> list[AnswerButton[Any]]:
    """Return the buttons below an answer; those without use are left out.

    Args:
        answer: What is shown.
        question_id: The recorded question; None where it is not kept, so that it can be neither
            continued nor voted on.
        asker_id: Who asked.
        say: The language.
        ephemeral: Whether only the asker sees it, who dismisses it otherwise.
    """
    buttons: list[AnswerButton[Any]] = []
    if answer.quotes:
        quoted_at = QuotedAt.of(answer.quotes[0])
        if question_id is not None and answer.turn is not None:
            shown = ShownQuotes(question_id, answer.turn.n_seen, asker_id)
            buttons.append(MoreButton.make(shown, say(wording.MORE)))
        buttons.append(ContextButton.make(quoted_at, say(wording.IN_CONTEXT)))
        if not ephemeral:
            buttons.append(CopyButton.make(NoState(), say(wording.PRIVATE_COPY)))
        if question_id is not None:
            voted = Voted.on(question_id, quoted_at)
            buttons.append(UpButton.make(voted, emoji="\N{THUMBS UP SIGN}"))
            buttons.append(DownButton.make(voted, emoji="\N{THUMBS DOWN SIGN}"))
    if not ephemeral:
        buttons.append(DeleteButton.make(AskedBy(asker_id), emoji="\N{WASTEBASKET}"))
    return buttons
