"""Messages on Discord: shown as typed, nothing active, within the limit, verbatim."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.answering import Answer, Quote, answer_question
from bot.rendering.discord_markdown import (
    MESSAGE_LIMIT,
    escape,
    message_length,
    render_answer,
)
from bot.rendering.wording import FURTHER_QUOTES, HESITANT, NOTHING_TO_QUOTE
from tests.standin.markdown import parse, visible_text

HOSTILE = [
    "@everyone",
    "@here",
    "<@1>",
    "<@!1>",
    "<@&1>",
    "<#1>",
    "</ask:1>",
    "<id:home>",
    "<:boat:12345>",
    "<a:boat:12345>",
    "<t:1700000000:R>",
    "```",
    "```py\nboat\n```",
    "`boat`",
    "``a ` b``",
    "||boat||",
    "[boat](https://a.example)",
    "[boat](<https://a.example> 'x')",
    "https://a.example/x_y_z",
    "<http://a.example>",
    "# boat",
    "### boat",
    "-# boat",
    "- boat",
    "* boat",
    "+ boat",
    "  - boat",
    "1. boat",
    "12) boat",
    "1887. A storm",
    "-",
    "> boat",
    ">>> boat",
    ">>>",
    ":fire:",
    ":+1:",
    ":man-rowing_boat:",
    ":a:b:c:",
    "12:30:45",
    "discord.gg/boat",
    "Discord.GG/boat",
    "discord.com/invite/boat",
    "discordapp.com/invite/boat",
    "https://discord.gg/boat",
    "*boat*",
    "**boat**",
    "***boat***",
    "_boat_",
    "__boat__",
    "a_b_c",
    "~~boat~~",
    "\\",
    "\\\\",
    "\\*boat\\*",
    "\\@everyone",
    "\U0001f6a2",
    "\U0001d54f",
    "e\u0301",
    "\u202eboat",
    "\n",
    "\n\n",
    " ",
    "boat",
    ".",
    "9",
]

# One paragraph after another, never beginning or ending in white space, as the index has them.
hostile_text = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=12).map("".join)
hostile_sentence = hostile_text.map(lambda text: " ".join(text.split())).filter(bool)
long_sentence = st.builds(
    lambda text, times: " ".join([text] * times), hostile_sentence, st.integers(1, 120)
)

ACTS = {"subtext"}  # the bot's own small print


def _quote(sentences, highlighted=0, joint=" ", paragraph=1, title="Boats", source="boats.txt"):
    text, spans = "", []
    for sentence in sentences:
        text += joint if text else ""
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence
    highlight = None if highlighted is None else spans[highlighted % len(spans)]
    return Quote(text, source, title, None, paragraph, 1.0, highlight, tuple(spans))


quotes = st.builds(
    _quote,
    st.lists(hostile_sentence | long_sentence, min_size=1, max_size=5),
    st.none() | st.integers(0, 4),
    st.sampled_from([" ", "\n"]),
    st.integers(1, 9999),
    hostile_sentence | long_sentence,
    hostile_sentence | long_sentence,
)


def _answer(*given_quotes, question="Which boat?"):
    return Answer(question, given_quotes, None, 1.0)


def _blocks(message):
    """Return what a reader sees of each block quote, without the ellipses at its ends."""
    blocks: list[list[str]] = []
    inside = False
    for line in message.split("\n"):
        if line.startswith("> "):
            if not inside:
                blocks.append([])
            blocks[-1].append(line)
        inside = line.startswith("> ")
    return [visible_text("\n".join(block)) for block in blocks]


def _without_ellipses(shown):
    return shown.removeprefix("\u2026 ").removesuffix(" \u2026")


@pytest.mark.parametrize("text", HOSTILE)
def test_escape_makes_each_construct_inert(text):
    """Every construct of the platform is shown as typed, alone and inside a sentence."""
    for whole in (text, f"The {text} left.", f"Left:\n{text}\nat dawn", f"{text}{text}"):
        rendered = parse(escape(whole))
        assert rendered.text == whole
        assert rendered.active == []
        assert {span.styles for span in rendered.spans} <= {frozenset()}


@settings(max_examples=80, deadline=None)
@given(hostile_text)
@example("1\\. boat")
@example("*\\**")
@example("\\\n- boat")
@example("\n \n  3. boat")
def test_escape_shows_any_text_as_it_is(text):
    """What a reader sees of escaped text is the text, without styles or anything active."""
    rendered = parse(escape(text))
    assert rendered.text == text
    assert rendered.active == []
    assert {span.styles for span in rendered.spans} <= {frozenset()}


@settings(max_examples=80, deadline=None)
@given(hostile_text)
def test_escape_holds_inside_a_quote_and_in_bold(text):
    """Escaped text stays inert where the bot puts it: in block quotes and in bold."""
    line = " ".join(text.split()) or "boat"
    rendered = parse(f"> a **{escape(line)}** b")
    assert rendered.text == f"a {line} b"
    assert rendered.runs("bold") == [line]
    assert rendered.active == []


@pytest.mark.parametrize(
    ("content", "length"), [("", 0), ("boat", 4), ("\u00e9", 1), ("\U0001f6a2", 2), ("a\nb", 3)]
)
def test_message_length_counts_utf16_units(content, length):
    """Characters beyond the basic plane count as two."""
    assert message_length(content) == length


@pytest.mark.parametrize("reason", NOTHING_TO_QUOTE)
def test_render_says_why_nothing_is_quoted(reason):
    """An answer without quotes is one plain line."""
    assert render_answer(Answer("?", (), reason, 1.0)) == NOTHING_TO_QUOTE[reason]


def test_render_shows_an_answer_in_full(harbour):
    """Quote, bold sentence, title, source and paragraph stand in a short message."""
    message = render_answer(answer_question("Why did nobody drown?", [], harbour, top_k=1))
    assert message == (
        "> A storm in 1887 sank nine boats. **Nobody drowned, because the bell rang early.**\n"
        "-# **The harbour of Lowmere** \u00b7 harbour.txt, paragraph 4"
    )


def test_render_lists_further_quotes_as_their_answering_sentences():
    """The best passage is whole; of the others only the answering sentence is shown."""
    best = _quote(["One boat left.", "It sank."], 1)
    other = _quote(["Two boats stayed.", "They rotted.", "Sad."], 1, paragraph=7)
    message = render_answer(_answer(best, other))
    assert _blocks(message) == ["One boat left. It sank.", "\u2026 They rotted. \u2026"]
    assert f"**{FURTHER_QUOTES}**" in message
    assert message.endswith("boats.txt, paragraph 7")


@pytest.mark.parametrize("with_section", [False, True])
def test_render_names_the_place(with_section):
    """Source and paragraph stand below a quote, and its section where there is one."""
    section = "Storms & *bells*" if with_section else None
    quote = Quote("A bell.", "a_b/c.md", "T", section, 12, 1.0, None, ((0, 7),))
    shown = visible_text(render_answer(_answer(quote)))
    place = "a_b/c.md \u203a Storms & *bells*, paragraph 12" if section else "c.md, paragraph 12"
    assert place in shown


def test_render_names_the_page():
    """The page stands before the paragraph, where the format has pages."""
    quote = Quote("A bell.", "report.pdf", "T", "Bells", 12, 1.0, None, ((0, 7),), 3)
    shown = visible_text(render_answer(_answer(quote)))
    assert "report.pdf \u203a Bells, page 3, paragraph 12" in shown


def test_render_puts_the_question_on_top_when_asked():
    """Slash commands show the question above the answer, shortened and inert."""
    answer = _answer(_quote(["A boat."]), question="@everyone *who*\n" + "x" * 500)
    first = render_answer(answer, show_question=True).split("\n", maxsplit=1)[0]
    assert visible_text(first).startswith("\u201c@everyone *who* xxx")
    assert parse(first).kinds == ACTS
    assert len(visible_text(first)) <= 152


def test_render_without_a_highlight_has_no_bold_sentence():
    """Where no sentence answers, none is emphasised."""
    (shown,) = (line for line in render_answer(_answer(_quote(["A boat."], None))).split("\n")[:1])
    assert parse(shown).runs("bold") == []


@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=4), hostile_text | long_sentence, st.booleans())
def test_render_never_exceeds_the_limit(found, question, show_question):
    """No answer, however long or hostile, is longer than a message may be."""
    message = render_answer(_answer(*found, question=question), show_question=show_question)
    assert 0 < message_length(message) <= MESSAGE_LIMIT


def test_render_keeps_the_limit_where_sentences_begin_like_list_items():
    """Signs that are escaped at the start of a bold or following sentence are counted."""
    lengths = []
    for filler in range(1700, 2000):
        around = ["A" * 1990 + ".", "-5 degrees.", "-" + "c" * filler + ".", "D" * 1990 + "."]
        lengths.append(message_length(render_answer(_answer(_quote(around, 1)))))
    assert max(lengths) <= MESSAGE_LIMIT


@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=4))
def test_render_quotes_verbatim_and_inert(found):
    """Each block shows a run of its passage's own characters; nothing in a message acts."""
    message = render_answer(_answer(*found))
    blocks = _blocks(message)
    assert 1 <= len(blocks) <= len(found)
    for block, quote in zip(blocks, found, strict=False):
        assert _without_ellipses(block) in quote.text or block in quote.text
    assert parse(message).kinds <= ACTS


@settings(max_examples=40, deadline=None)
@given(quotes)
def test_render_sets_exactly_the_answering_sentence_in_bold(quote):
    """Bold in the block is the answering sentence, or its beginning where it is too long."""
    message = render_answer(_answer(quote))
    block = "\n".join(line for line in message.split("\n") if line.startswith("> "))
    bold = parse(block).runs("bold")
    if quote.highlight is None:
        assert bold == []
        return
    start, end = quote.highlight
    (shown,) = bold
    assert quote.text[start:end].startswith(shown)
    assert shown == quote.text[start:end] or message_length(message) > MESSAGE_LIMIT - 400


@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=3))
def test_render_names_a_place_below_every_quote(found):
    """There is one citation with a paragraph number for each block shown."""
    message = render_answer(_answer(*found))
    citations = [line for line in message.split("\n") if line.startswith("-# ")]
    assert len(citations) == len(_blocks(message))
    assert "paragraph" in visible_text(citations[0]) or len(found[0].source) > 280


def test_render_says_that_it_hesitates_and_only_then():
    """A hesitant answer begins with a line that says so, above the quote."""
    quote = _quote(["One boat left."], 0)
    hesitant = render_answer(Answer("?", (quote,), None, 1.0, hesitant=True))
    assert hesitant.startswith(f"{HESITANT}\n> **One boat left.**")
    assert HESITANT not in render_answer(_answer(quote))


def test_render_offers_an_inert_example_question():
    """The example is drawn from the texts, so it can do nothing either."""
    message = render_answer(Answer("hi", (), "small_talk", 1.0, example="who is @everyone?"))
    assert visible_text(message).endswith("For example: who is @everyone?")
    assert parse(message).kinds == set()
