"""Read subtitles: cues are joined to paragraphs that begin with a sentence, each with its time."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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


# Settings that programs write into the text, such as its place, and their line ends.
_STYLE = re.compile(r"\{\\[^{}\n]{0,99}\}")
_LINE_END = re.compile(r"\\[Nn]")

# The voice of a part of a cue, and other marks of WebVTT.
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s([^<>\n]{1,200})>")
_TAG = re.compile(r"<[^<>\n]{0,200}>")

# What stands before the words of another person: a dash or two arrows, or a name.
_TURN = re.compile(r"(?:>>+|\u2013|\u2014|-)\s*(?=[^\s\d-])")
_ARROWS = re.compile(r"^>>+\s*")
_NAME = re.compile(r"\A([^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,3}):\s+(?=\S)")

# So many cues begin with the name of a person, unless it is in capital letters or this share of all
# cues begins with names.
_MIN_NAMED = 2
_NAMED_SHARE = 0.5


def read_subtitles(data: bytes, form: Literal["srt", "vtt"]) -> Content:
    """Return the paragraphs of subtitles; they have no title.

    Cues without speech are left out, and so are lines that a cue repeats of the one before it, as
    rolling captions do. A speaker's name stands before what is said, and the words of each person
    begin a line.

    Raises:
        ValueError: The bytes are not text, or no subtitles.
    """
    decoded = decode(data)
    try:
        captions = webvtt.from_buffer(decoded.text.lstrip("\n").split("\n"), form)
    except webvtt.errors.MalformedFileError as error:
        raise ValueError(DAMAGED) from error
    composer = Composer()
    for text, start_s in _paragraphs(_said(captions.captions)):
        composer.add_paragraph(text, time=_clock(start_s))
    return Content(*composer.reading(), remark=decoded.remark)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a cue: its text, who says it or "", and whether another person begins to speak."""

    text: str
    speaker: str
    is_turn: bool
    start_s: float
    end_s: float


@dataclass(slots=True)
class _Paragraph:
    start_s: float
    end_s: float
    text: str = ""
    speaker: str = ""

    def add(self, line: _Line) -> None:
        """Add what a person says; a new line begins with another person's name."""
        is_other = line.speaker != self.speaker
        between = "\n" if is_other or line.is_turn else " "
        name = f"{line.speaker}: " if is_other and line.speaker else ""
        self.text += f"{between if self.text else ''}{name}{line.text}"
        self.speaker, self.end_s = line.speaker, line.end_s

    def ends_before(self, line: _Line) -> bool:
        """Return whether what is said begins another paragraph."""
        if len(self.text) >= _MAX_CHARS:
            return True
        is_far = line.start_s - self.end_s >= _PAUSE_S
        is_end = ends_sentence(self.text) or line.speaker != self.speaker or line.is_turn
        return is_end and (is_far or len(self.text) >= _ENOUGH_CHARS)


def _said(captions: Sequence[webvtt.Caption]) -> Iterator[_Line]:
    """Yield what is said, without the lines that a cue repeats of the one before it."""
    names = _names(captions)
    before = speaker = ""
    for caption in captions:
        for raw in _LINE_END.sub("\n", _STYLE.sub("", caption.raw_text)).split("\n"):
            voice, line = _voice(raw), _plain(raw)
            if not line or line == before or _SOUND.fullmatch(line):
                before = line or before
                continue
            before = line
            name = _NAME.match(line)
            is_turn = bool(_TURN.match(line))
            if voice:
                speaker = voice
            elif name and name[1] in names:
                speaker, line = name[1], line[name.end() :]
            elif is_turn or not names:
                speaker = ""
            yield _Line(
                _ARROWS.sub("", line),
                speaker,
                is_turn,
                caption.start_in_seconds,
                caption.end_in_seconds,
            )


def _plain(raw: str) -> str:
    return " ".join(unescape(_TAG.sub("", raw)).split())


def _voice(raw: str) -> str:
    found = _VOICE.search(raw)
    return " ".join(unescape(found[1]).split()) if found else ""


def _names(captions: Sequence[webvtt.Caption]) -> set[str]:
    """Return the names that stand before what a person says."""
    lines = (_plain(line) for caption in captions for line in caption.raw_text.split("\n"))
    counts = Counter(found[1] for line in lines if (found := _NAME.match(line)))
    are_usual = sum(counts.values()) > len(captions) * _NAMED_SHARE
    return {
        name for name, count in counts.items() if are_usual or count >= _MIN_NAMED or name.isupper()
    }


def _paragraphs(lines: Iterable[_Line]) -> Iterator[tuple[str, float]]:
    """Yield each paragraph and the time of its first cue in seconds."""
    paragraph: _Paragraph | None = None
    for line in lines:
        if paragraph is not None and paragraph.ends_before(line):
            yield paragraph.text, paragraph.start_s
            paragraph = None
        if paragraph is None:
            paragraph = _Paragraph(line.start_s, line.end_s)
        paragraph.add(line)
    if paragraph is not None:
        yield paragraph.text, paragraph.start_s


def _clock(seconds: float) -> str:
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}"
