"""The buttons below an answer: their ids, which hold all their state, and who is called."""

import re
import zlib
from dataclasses import dataclass
from typing import Any, Self

import discord
from discord import ui

from bot.answering.answer import Answer, Quote
from bot.languages import Catalogue
from bot.rendering import wording
from index import Passage, Searching, fingerprint

# Ids have at most 100 characters; the longest here is "pq:down:" with a number of up to 20 digits
# and three of up to 10.
_TEMPLATE = re.compile(r"pq:(?P<action>more|context|copy|up|down|delete)(?P<state>(?::\w{1,20})*)")


@dataclass(frozen=True, slots=True)
class QuotedAt:
    """Which quote a button is about, as its id holds it.

    Attributes:
        source: CRC-32 of the source's name.
        paragraph: From 1.
        fingerprint: Of the quoted text.
    """

    source: int
    paragraph: int
    fingerprint: int

    @classmethod
    def of(cls, quote: Quote) -> "QuotedAt":
        """Return where a quote stands."""
        return cls(source_number(quote.source), quote.paragraph, fingerprint(quote.text))

    @property
    def state(self) -> str:
        """The part of an id that says it."""
        return f"{self.source}:{self.paragraph}:{self.fingerprint}"


def source_number(source: str) -> int:
    """Return the number that stands for a source in the ids of buttons."""
    return zlib.crc32(source.encode("utf-8", "surrogatepass"))


def passage_at(searcher: Searching, at: QuotedAt) -> Passage | None:
    """Return the passage that a button is about; None where another text stands there now."""
    for info in searcher.sources():
        if source_number(info.source) == at.source:
            passage = searcher.passage_beside(info.source, at.paragraph, fingerprint=at.fingerprint)
            if passage is not None:
                return passage
    return None


class AnswerButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=_TEMPLATE):
    """A button below an answer; works for as long as the message does, also after a restart."""

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Make the button that was pressed from its id."""
        del interaction, match
        assert isinstance(item, ui.Button)  # noqa: S101  # only buttons have these ids
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        """Let the client dispatch the press to the cog that handles it."""
        match = _TEMPLATE.fullmatch(self.custom_id)
        if match is not None:
            state = match["state"].split(":")[1:]
            interaction.client.dispatch("answer_button", interaction, match["action"], state)


def answer_buttons(
    answer: Answer,
    question_id: int | None,
    asker_id: int,
    say: Catalogue,
    *,
    ephemeral: bool = False,
) -> list[AnswerButton]:
    """Return the buttons below an answer; those without use are left out.

    Args:
        answer: What is shown.
        question_id: The recorded question; None where it is not kept, so that it can be neither
            continued nor voted on.
        asker_id: Who asked.
        say: The language.
        ephemeral: Whether only the asker sees it, who dismisses it otherwise.
    """
    kept = bool(answer.quotes) and question_id is not None
    buttons: list[AnswerButton] = []
    if kept and answer.turn is not None:
        more = f"more:{question_id}:{answer.turn.n_seen}:{asker_id}"
        buttons.append(_button(more, say(wording.MORE)))
    if answer.quotes:
        state = QuotedAt.of(answer.quotes[0]).state
        buttons.append(_button(f"context:{state}", say(wording.IN_CONTEXT)))
        if not ephemeral:
            buttons.append(_button("copy", say(wording.PRIVATE_COPY)))
    if kept:
        buttons.append(_button(f"up:{question_id}:{state}", emoji="\N{THUMBS UP SIGN}"))
        buttons.append(_button(f"down:{question_id}:{state}", emoji="\N{THUMBS DOWN SIGN}"))
    if not ephemeral:
        buttons.append(_button(f"delete:{asker_id}", emoji="\N{WASTEBASKET}"))
    return buttons


def _button(state: str, label: str | None = None, *, emoji: str | None = None) -> AnswerButton:
    button: ui.Button[ui.LayoutView] = ui.Button(
        style=discord.ButtonStyle.secondary, label=label, emoji=emoji, custom_id=f"pq:{state}"
    )
    return AnswerButton(button)
