"""Messages of a channel as paragraphs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from index.documents.model import Mark, Paragraph, Reading
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page, words_of_html
from index.documents.readers.markdown import add_markdown

# Of a message that is answered, so much is shown above the answer.
_MAX_LEAD_IN_CHARS = 300

# Discord's ids hold the time of their making: ms since the beginning of 2015.
_EPOCH_MS = 1_420_070_400_000
_SHIFT = 22


@dataclass(frozen=True, slots=True)
class Message:
    """A message.

    Attributes:
        key: Its id.
        author: How its author is called.
        text: Its content.
        markup: What the content is written in.
        answered: The id of the message that it replies to, or None.
        answered_text: What that message says, if the export has it here; else None.
        url: Its address, or None.
    """

    key: str
    author: str
    text: str
    markup: Literal["markdown", "html"]
    answered: str | None = None
    answered_text: str | None = None
    url: str | None = None

    @property
    def date(self) -> str | None:
        """The day of the message, by its id; None if the id is none of Discord's."""
        return day_of_id(self.key)

    def plain(self) -> str:
        """Return its content on one line."""
        text = words_of_html(self.text) if self.markup == "html" else self.text
        return " ".join(text.split())


def day_of_id(key: str) -> str | None:
    """Return the day on which one of Discord's ids was made, as "2025-02-01"."""
    if not (key.isascii() and key.isdigit() and 15 <= len(key) <= 20):
        return None
    seconds = ((int(key) >> _SHIFT) + _EPOCH_MS) / 1000
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def compose_channel(
    messages: Iterable[Message], title: str, topic: str, days: dict[str, str]
) -> Reading:
    """Return a channel: a passage for each message, with the message that it replies to.

    Args:
        messages: In order.
        title: What the channel is called.
        topic: What it is for, or "".
        days: The day of each message by its id, where the export states it.
    """
    composer = _ChannelComposer()
    composer.add_paragraph(topic)
    said: dict[str, str] = {}
    for message in messages:
        said[message.key] = message.plain()
        answered = message.answered_text or said.get(message.answered or "")
        composer.begin(message, days.get(message.key) or message.date, _shortened(answered))
        if message.markup == "html":
            read_page(message.text, composer)
        else:
            add_markdown(message.text, composer)
    return composer.reading(title)


def _shortened(text: str | None) -> str | None:
    if not text or len(text) <= _MAX_LEAD_IN_CHARS:
        return text or None
    return f"{text[:_MAX_LEAD_IN_CHARS].rsplit(' ', 1)[0]} \u2026"


class _ChannelComposer(Composer):
    """Adds the blocks of messages; those of one message are read together."""

    def __init__(self) -> None:
        super().__init__(title_on_top=False)
        self._is_begun = False
        self._url: str | None = None
        self._date: str | None = None
        self._lead_in: str | None = None

    def begin(self, message: Message, date: str | None, lead_in: str | None) -> None:
        """Begin a message; its author is the section."""
        super().add_heading(1, message.author)
        self._is_begun = False
        self._url, self._date, self._lead_in = message.url, date, lead_in

    def add_heading(self, level: int, text: str, anchor: str | None = None) -> None:
        """Add a heading in a message as bold text."""
        del level, anchor
        self.add_paragraph(text, marks=[Mark("strong", 0, len(text))])

    def _append(self, paragraph: Paragraph) -> None:
        is_first, self._is_begun = not self._is_begun, True
        super()._append(
            replace(
                paragraph,
                own_anchor=None,
                stands_alone=is_first,
                continues=not is_first,
                url=self._url,
                date=self._date,
                lead_in=self._lead_in,
            )
        )
