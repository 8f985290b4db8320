"""Subtitles become paragraphs with the time at which they begin."""

import pytest

from tests.support.data.document_files import read_bytes, reason_against

SRT = """1
00:00:01,000 --> 00:00:04,000
The first buoy was laid

2
00:00:04,000 --> 00:00:07,500
by a <i>blacksmith</i> from Hull.

3
01:02:20,000 --> 01:02:23,000
[bells]

4
01:02:23,000 --> 01:02:25,000
- It rang.
- Twice.
"""


def _read(name, text):
    return [(one.time, one.text) for one in read_bytes(name, text.encode()).paragraphs]


def test_subtitles_are_joined_to_sentences_with_their_time():
    """A pause ends a paragraph, and a cue that says only what is heard is no text."""
    assert _read("talk.srt", SRT) == [
        ("0:00:01", "The first buoy was laid by a blacksmith from Hull."),
        ("1:02:23", "- It rang.\n- Twice."),
    ]


def test_subtitles_name_who_speaks():
    """A turn is a line that begins with the name; comments and settings are no text."""
    vtt = (
        "WEBVTT - a talk\n\nNOTE by Ann\n\n00:01.000 --> 00:02.000 align:start\n<v Ann>Nets &amp;"
        "</v>\n\n00:02.000 --> 00:03.000\n<v Ann>ropes?</v>\n\n00:03.000 --> 00:04.000\n<v Ben>Yes."
    )
    assert _read("talk.vtt", vtt) == [("0:00:01", "Ann: Nets & ropes?\nBen: Yes.")]


def _srt(*cues):
    return "\n\n".join(
        f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}" for n, cue in enumerate(cues, start=1)
    )


@pytest.mark.parametrize(
    ("cues", "text"),
    [
        (("{\\an8}The {\\i1}bell{\\i0} rang\\Ntwice, {a} < b.",), "The bell rang twice, {a} < b."),
        ((">> It rang.", ">> Twice."), "It rang.\nTwice."),
        (("ADA: It rang.", "And rang.", "BEN: Twice."), "ADA: It rang. And rang.\nBEN: Twice."),
        (("Ada Finch: It rang.", "Ada Finch: Twice."), "Ada Finch: It rang. Twice."),
        (("Ada Finch: It rang.", "Ben: Twice."), "Ada Finch: It rang.\nBen: Twice."),
        (("One thing: it rang.", "Twice at -5."), "One thing: it rang. Twice at -5."),
        (("<font color=red>- It rang.</font>", "-Twice."), "- It rang.\n-Twice."),
    ],
)
def test_subtitles_show_turns_and_no_styles(cues, text):
    """Programs write names and dashes into the text, and settings of how it looks."""
    assert _read("talk.srt", _srt(*cues)) == [("0:00:01", text)]


def test_subtitles_with_two_voices_in_a_cue_name_both():
    """Each line has its own."""
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Nets?</v>\n<v.loud Ben>Yes.</v>"
    assert _read("talk.vtt", vtt) == [("0:00:01", "Ann: Nets?\nBen: Yes.")]


def test_subtitles_that_roll_say_each_line_once():
    """Captions of speech recognition repeat the line before."""
    cues = [("the tide",), ("the tide", "is low"), ("is low", "at nine")]
    vtt = "WEBVTT\n\n" + "\n\n".join(
        f"00:0{n}.000 --> 00:0{n + 1}.000\n" + "\n".join(lines) for n, lines in enumerate(cues)
    )
    assert _read("talk.vtt", vtt) == [("0:00:00", "the tide is low at nine")]


def test_subtitles_without_full_stops_are_cut_between_cues():
    """No paragraph is much longer than two lines of a book."""
    cue = (
        "{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\ntide {n} is low and the boats lie on the mud\n"
    )
    read = _read("talk.srt", "\n".join(cue.format(n=n) for n in range(40)))
    assert len(read) == 3
    assert all(len(text) < 700 for _, text in read)


@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
def test_file_that_is_no_subtitles_says_so(name):
    """A text under such a name is refused."""
    reason = "it is damaged or of another format than its name says"
    assert reason_against(name, b"The tide is low.\n").startswith(reason)


def test_subtitles_are_cited_with_their_time(first_quote):
    """The reader can jump to the place in the film."""
    quote, shown = first_quote("talk.srt", SRT.encode(), "who laid the first buoy?")
    assert (quote["time"], "page" in quote) == ("0:00:01", False)
    assert "talk.srt, 0:00:01, paragraph 1" in shown
