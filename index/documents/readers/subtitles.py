"""Read subtitles: cues are joined to paragraphs that begin with a sentence, each with its time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Literal

import webvtt

from index.analysis.sentences import ends_sentence
from index.documents.model import Content
from index.documents.readers.charset import decode
from index.documents.readers.composer import Composer
from index.documents.reasons import DAMAGED

# A paragraph ends with the sentence that makes it so long; without full stops, as speech
# recognition writes, it ends with a cue.
_ENOUGH_CHARS = 300
_MAX_CHARS = 600

# A pause between two sentences that is a change of subject.
_PAUSE_S = 4

# A cue that only says what is heard.
_SOUND = re.compile(r"[\[(\u266a\u266b#*][^\])]*[\])\u266a\u266b#*]")


def read_subtitles(data: bytes, form: Literal["srt", "vtt"]) -> Content:
    """Return the paragraphs of subtitles; they have no title.

    Cues without speech are left out, and so are lines that a cue repeats of the one before it, as
    rolling captions do. A speaker's name stands before what is said.

    Raises:
        ValueError: The bytes are not text, or no subtitles.
    """
    decoded = decode(data)
    try:
        captions = webvtt.from_buffer(decoded.text.lstrip("\n").split("\n"), form)
    except webvtt.errors.MalformedFileError as error:
        raise ValueError(DAMAGED) from error
    composer = Composer()
    for text, start_s in _paragraphs(captions.captions):
        composer.add_paragraph(text, time=_clock(start_s))
    return Content(*composer.reading(), remark=decoded.remark)


@dataclass(slots=True)
class _Paragraph:
    start_s: float
    end_s: float
    text: str = ""
    speaker: str = ""

    def add(self, line: str, speaker: str) -> None:
        """Add what a person says; a new line begins with another person's name."""
        is_turn = speaker != self.speaker
        between = "\n" if is_turn else " "
        name = f"{speaker}: " if is_turn and speaker else ""
        self.text += f"{between if self.text else ''}{name}{line}"
        self.speaker = speaker

    def ends_before(self, next_s: float, speaker: str) -> bool:
        """Return whether what is said at a time by a person begins another paragraph."""
        if len(self.text) >= _MAX_CHARS:
            return True
        is_far = next_s - self.end_s >= _PAUSE_S
        is_end = ends_sentence(self.text) or speaker != self.speaker
        return is_end and (is_far or len(self.text) >= _ENOUGH_CHARS)


def _paragraphs(captions: Iterable[webvtt.Caption]) -> Iterator[tuple[str, float]]:
    """Yield each paragraph and the time of its first cue in seconds."""
    paragraph: _Paragraph | None = None
    before = ""
    for caption in captions:
        lines = [" ".join(unescape(line).split()) for line in caption.text.split("\n")]
        said = [line for line in lines if line and line != before and not _SOUND.fullmatch(line)]
        before = next((line for line in reversed(lines) if line), before)
        if not said:
            continue
        speaker = " ".join((caption.voice or "").split())
        if paragraph is not None and paragraph.ends_before(caption.start_in_seconds, speaker):
            yield paragraph.text, paragraph.start_s
            paragraph = None
        if paragraph is None:
            paragraph = _Paragraph(caption.start_in_seconds, caption.end_in_seconds)
        for line in said:
            paragraph.add(line, speaker)
        paragraph.end_s = caption.end_in_seconds
    if paragraph is not None:
        yield paragraph.text, paragraph.start_s


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}"
