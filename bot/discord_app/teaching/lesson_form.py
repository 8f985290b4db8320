"""The form in which a teacher describes the paragraph that answers a question."""

from collections.abc import Awaitable, Callable, Sequence

import discord
from discord import ui

from bot.discord_app.teaching import strings as words
from bot.discord_app.teaching.paragraph_lookup import ParagraphQuery
from bot.languages import Catalogue
from bot.rendering.discord_markdown import shorten
from index import PassageRef, SourceInfo

# https://discord.com/developers/docs/components/reference#string-select
_MAX_OPTIONS = 25
_OPTION_ROOM = 100

_MAX_QUESTION_CHARS = 1000
_MAX_WORDS_CHARS = 300
_MAX_NAME_CHARS = 300
_MAX_NUMBER_CHARS = 9

# Long enough to fill in the form; afterwards it must be opened again.
_TIMEOUT_S = 1800.0

Submit = Callable[[discord.Interaction, str, ParagraphQuery], Awaitable[None]]


class LessonForm(ui.Modal):
    """Asks for the wording of the question, and for a text with a paragraph's number or words."""

    def __init__(
        self,
        question: str,
        infos: Sequence[SourceInfo],
        ref: PassageRef | None,
        say: Catalogue,
        submit: Submit,
    ) -> None:
        """Fill in the known values.

        Args:
            question: The question as it was asked.
            infos: The texts to choose from; if there are too many, a name is typed.
            ref: The paragraph that was quoted, if one was.
            say: The language.
            submit: Called with the question and the description of the paragraph.
        """
        super().__init__(title=say(words.FORM_TITLE), timeout=_TIMEOUT_S)
        self._infos = infos
        self._submit = submit
        self._question = ui.TextInput[LessonForm](
            custom_id="question",
            style=discord.TextStyle.paragraph,
            default=question[:_MAX_QUESTION_CHARS],
            max_length=_MAX_QUESTION_CHARS,
        )
        self._text = _text_choice(infos, ref)
        self._paragraph = ui.TextInput[LessonForm](
            custom_id="paragraph",
            default=str(ref.paragraph) if ref else None,
            max_length=_MAX_NUMBER_CHARS,
            required=False,
        )
        self._words = ui.TextInput[LessonForm](
            custom_id="words", max_length=_MAX_WORDS_CHARS, required=False
        )
        hint = say(words.FORM_QUESTION_HINT)
        self.add_item(ui.Label(text=say(words.FORM_QUESTION), description=hint,
                               component=self._question))  # fmt: skip
        self.add_item(ui.Label(text=say(words.FORM_TEXT), component=self._text))
        self.add_item(ui.Label(text=say(words.FORM_PARAGRAPH), component=self._paragraph))
        self.add_item(ui.Label(text=say(words.FORM_WORDS), component=self._words))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Pass on the values that were filled in."""
        query = ParagraphQuery(self._chosen_text(), self._paragraph.value, self._words.value)
        await self._submit(interaction, self._question.value, query)

    def _chosen_text(self) -> str:
        if isinstance(self._text, ui.TextInput):
            return self._text.value
        return self._infos[int(self._text.values[0])].source if self._text.values else ""


def _text_choice(
    infos: Sequence[SourceInfo], ref: PassageRef | None
) -> "ui.Select[LessonForm] | ui.TextInput[LessonForm]":
    """Return a menu of the texts, or a field for a name if there are no texts or too many."""
    preset = ref.source if ref else infos[0].source if len(infos) == 1 else None
    if not 0 < len(infos) <= _MAX_OPTIONS:
        return ui.TextInput(
            custom_id="text",
            default=preset and preset[:_MAX_NAME_CHARS],
            max_length=_MAX_NAME_CHARS,
            required=False,
        )
    options = [
        discord.SelectOption(
            label=shorten(info.title, _OPTION_ROOM) or str(number + 1),
            description=shorten(info.source, _OPTION_ROOM),
            value=str(number),
            default=info.source == preset,
        )
        for number, info in enumerate(infos)
    ]
    return ui.Select(custom_id="text", options=options, min_values=0, required=False)
