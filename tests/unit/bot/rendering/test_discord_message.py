"""Messages on Discord: nothing of a text acts, within the limits, word for word."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer, answer_question
from bot.answering.quote import Quote
from bot.languages import catalogue
from bot.rendering.discord_markdown import MESSAGE_LIMIT, message_length
from bot.rendering.discord_message import (
    DISPLAY_LIMIT,
    answer_message,
    passages_message,
    sections_message,
)
from bot.rendering.wording import FURTHER_QUOTES, HESITANT, NOTHING_TO_QUOTE
from index import PassageRef
from tests.standin.model.markdown import parse, visible_text
from tests.support.data.marked_quotes import answering, code, marked_quotes, quotes_of, table, text
from tests.support.data.strategies import (
    any_sentence,
    hostile_text,
    languages,
    long_sentence,
    quote_of,
    quotes,
)

ACTS = {"subtext", "masked link"}  # the bot's own small print, and where a source can be read

MARKED_ACTS = ACTS | {"code", "code fence", "link"}  # what marks of a text may add to that


def _plain(answer, *given, **options):
    return answer_message(answer, *given, **options).plain


def _card(answer, *given, **options):
    return "\n\n".join(answer_message(answer, *given, **options).parts)


SURFACES = pytest.mark.parametrize(
    ("render", "limit"), [(_plain, MESSAGE_LIMIT), (_card, DISPLAY_LIMIT)]
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


@pytest.mark.parametrize("reason", NOTHING_TO_QUOTE)
def test_render_says_why_nothing_is_quoted(reason):
    """An answer without quotes is one plain line."""
    assert _plain(Answer("?", (), reason, 1.0)) == NOTHING_TO_QUOTE[reason]


def test_render_shows_an_answer_in_full(harbour):
    """Quote, bold sentence, title, source and paragraph stand in a short message."""
    message = _plain(answer_question("Why did nobody drown?", [], harbour, top_k=1))
    assert message == (
        "> A storm in 1887 sank nine boats. **Nobody drowned, because the bell rang early.**\n"
        "-# **The harbour of Lowmere** \u00b7 harbour.txt, paragraph 4"
    )


def test_render_lists_further_quotes_around_their_answering_sentences():
    """The best passage is whole; of the others what stands around the answer is shown."""
    best = quote_of(["One boat left.", "It sank."], 1)
    far, near = ["Far " + "off. " * 120 + "x"], ["They stayed.", "They rotted.", "Sad."]
    other = quote_of([*far, *near, *far], 2, paragraph=7)
    message = _plain(_answer(best, other))
    around = "\u2026 They stayed. They rotted. Sad. \u2026"
    assert _blocks(message) == ["One boat left. It sank.", around]
    assert "**They rotted.**" in message
    assert f"**{FURTHER_QUOTES}**" in message
    assert message.endswith("boats.txt, paragraph 7")


@pytest.mark.parametrize("with_section", [False, True])
def test_render_names_the_place(with_section):
    """Source and paragraph stand below a quote, and its section where there is one."""
    section = "Storms & *bells*" if with_section else None
    quote = Quote("A bell.", "a_b/c.md", "T", section, 12, 1.0, None, ((0, 7),))
    shown = visible_text(_plain(_answer(quote)))
    place = "a_b/c.md \u203a Storms & *bells*, paragraph 12" if section else "c.md, paragraph 12"
    assert place in shown


def test_render_names_the_page():
    """The page stands before the paragraph, where the format has pages."""
    quote = Quote("A bell.", "report.pdf", "T", "Bells", 12, 1.0, None, ((0, 7),), 3)
    shown = visible_text(_plain(_answer(quote)))
    assert "report.pdf \u203a Bells, page 3, paragraph 12" in shown


def test_render_puts_the_question_on_top_when_asked():
    """Slash commands show the question above the answer, shortened and inert."""
    answer = _answer(quote_of(["A boat."]), question="@everyone *who*\n" + "x" * 500)
    first = _plain(answer, show_question=True).split("\n", maxsplit=1)[0]
    assert visible_text(first).startswith("\u201c@everyone *who* xxx")
    assert parse(first).kinds == {"subtext"}
    assert len(visible_text(first)) <= 152


def test_render_without_a_highlight_has_no_bold_sentence():
    """Where no sentence answers, none is emphasised."""
    (shown,) = (line for line in _plain(_answer(quote_of(["A boat."], None))).split("\n")[:1])
    assert parse(shown).runs("bold") == []


@SURFACES
@settings(max_examples=40, deadline=None)
@given(
    st.lists(quotes, min_size=1, max_size=4),
    hostile_text | long_sentence,
    st.booleans(),
    st.booleans(),
    languages,
)
def test_render_never_exceeds_the_limit(
    render, limit, found, question, show_question, hesitant, say
):
    """No answer, however long or hostile, is longer than a message may be, in any language."""
    answer = Answer(question, tuple(found), None, 1.0, hesitant)
    message = render(answer, say, show_question=show_question)
    assert 0 < message_length(message) <= limit


def test_render_keeps_the_limit_where_sentences_begin_like_list_items():
    """Signs that are escaped at the start of a bold or following sentence are counted."""
    lengths = []
    for filler in range(1700, 2000):
        around = ["A" * 1990 + ".", "-5 degrees.", "-" + "c" * filler + ".", "D" * 1990 + "."]
        lengths.append(message_length(_plain(_answer(quote_of(around, 1)))))
    assert max(lengths) <= MESSAGE_LIMIT


@SURFACES
@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=4), languages)
def test_render_quotes_verbatim_and_inert(render, limit, found, say):
    """Each block shows a run of its passage's own characters; nothing in a message acts."""
    message = render(_answer(*found), say)
    assert message.encode()  # no half of a surrogate pair
    assert message_length(message) <= limit
    blocks = _blocks(message)
    assert 1 <= len(blocks) <= len(found)
    for block, quote in zip(blocks, found, strict=False):
        assert _without_ellipses(block) in quote.text or block in quote.text
    assert parse(message).kinds <= ACTS


@SURFACES
@settings(max_examples=40, deadline=None)
@given(quotes)
def test_render_sets_exactly_the_answering_sentence_in_bold(render, limit, quote):
    """Bold in the block is the answering sentence, or its beginning where it is too long."""
    message = render(_answer(quote))
    block = "\n".join(line for line in message.split("\n") if line.startswith("> "))
    bold = parse(block).runs("bold")
    if quote.highlight is None:
        assert bold == []
        return
    start, end = quote.highlight
    (shown,) = bold
    assert quote.text[start:end].startswith(shown)
    assert shown == quote.text[start:end] or message_length(message) > limit - 400


@SURFACES
@settings(max_examples=40, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=3))
def test_render_names_a_place_below_every_quote(render, limit, found):
    """There is one citation with a paragraph number for each block shown."""
    message = render(_answer(*found))
    assert message_length(message) <= limit
    citations = [line for line in message.split("\n") if line.startswith("-# ")]
    assert len(citations) == len(_blocks(message))
    for citation, quote in zip(citations, found, strict=False):
        assert visible_text(citation).endswith(f"paragraph {quote.paragraph}")


@SURFACES
@settings(max_examples=60, deadline=None)
@given(st.lists(marked_quotes() | quotes, min_size=1, max_size=4), st.booleans(), languages)
def test_render_keeps_the_limit_with_code_and_tables(render, limit, found, hesitant, say):
    """Fences, header rows and lines above are counted, and only what is marked acts."""
    message = render(Answer("?", tuple(found), None, 1.0, hesitant), say)
    assert 0 < message_length(message) <= limit
    assert parse(message).kinds <= MARKED_ACTS
    passages = passages_message(found, say)
    for shown, most in (
        (passages.plain, MESSAGE_LIMIT),
        ("\n".join(passages.parts), DISPLAY_LIMIT),
    ):
        assert message_length(shown) <= most
        assert parse(shown).kinds <= MARKED_ACTS


def test_render_shows_more_of_further_quotes_that_need_it():
    """Of code, a table or a lead-in, one line alone says nothing; it is in bold where it can be."""
    best = quote_of(["A boat."])
    (table_quote,) = quotes_of(table(("Gate", "Fee"), ("G1", "5"), ("G2", "6")))
    (code_quote,) = quotes_of(text("Use this:"), code("a: 1\nb: 2"))
    listed = quote_of(["The boats are:", "- Swift"], joint="\n\n")
    message = _plain(_answer(best, answering(table_quote, "G2"), code_quote, listed))
    assert "> \u2192 G2    6\n" in message
    assert "> Use this:\n> ```\n> a: 1\n> b: 2\n> ```\n" in message
    assert "> **The boats are:**\n> \n> \\- Swift\n" in message


def test_render_gives_a_joined_quote_the_room_of_its_passages():
    """Of several passages in one quote as much is shown as of each by itself."""
    sentences = [f"Boat {n} left the pier at dawn and came home with the tide." for n in range(8)]
    whole = quote_of(sentences, 1)
    joined = replace(whole, joined=(whole.sentences[6],))
    answering_it = sentences[6].removesuffix(".")
    assert answering_it not in _plain(_answer(quote_of(["A bell."]), whole))
    assert answering_it in _plain(_answer(quote_of(["A bell."]), joined))


def test_render_shows_joined_paragraphs_of_prose_as_pointers():
    """Two paragraphs in one quote get the room of two pointers, not that of several blocks."""
    sentences = [f"Boat {n} left the pier at dawn and came home with the tide." for n in range(20)]
    one = replace(quote_of(sentences, 1), paragraph_end=2)
    two = replace(one, joined=(one.sentences[3],))
    of_one, of_two = (_plain(_answer(quote_of(["A bell."]), quote)) for quote in (one, two))
    assert len(of_two) < len(of_one)


def test_citation_names_the_range_of_paragraphs_and_the_date():
    """A passage of several blocks says so, and a text with a date is cited with it."""
    blocks = text("Use this:"), code("a: 1")
    (quote,) = quotes_of(*blocks, date="2026-03-01", url="https://a.example/b")
    end = "boats.md, paragraphs 1-2, as of March 1, 2026"
    assert _plain(_answer(quote)).endswith(f"-# **[Boats](<https://a.example/b>)** \u00b7 {end}")
    german = _plain(_answer(quote), catalogue("de"))
    assert german.endswith("boats.md, Abs\u00e4tze 1-2, Stand 1. M\u00e4rz 2026")


def test_render_says_that_it_hesitates_and_only_then():
    """A hesitant answer begins with a line that says so, above the quote."""
    quote = quote_of(["One boat left."], 0)
    hesitant = _plain(Answer("?", (quote,), None, 1.0, hesitant=True))
    assert hesitant.startswith(f"{HESITANT}\n> **One boat left.**")
    assert HESITANT not in _plain(_answer(quote))


def test_render_offers_an_inert_example_question():
    """The example is drawn from the texts, so it can do nothing either."""
    message = _plain(Answer("hi", (), "small_talk", 1.0, example="who is @everyone?"))
    assert visible_text(message).endswith("For example: who is @everyone?")
    assert parse(message).kinds == set()


def test_render_links_the_source_where_it_can_be_read():
    """The title of the best quote and the place of a further one lead to the document."""
    found = [
        quote_of(["A boat."], url="https://a.example/b"),
        quote_of(["B."], url="https://c.example"),
    ]
    citations = [line for line in _plain(_answer(*found)).split("\n") if line.startswith("-# ")]
    assert citations == [
        "-# **[Boats](<https://a.example/b>)** \u00b7 boats.txt, paragraph 1",
        "-# [boats.txt, paragraph 1](<https://c.example>)",
    ]


def test_citation_names_the_other_places_of_the_same_text():
    """They stand below the place that is cited, of the best quote and of further ones."""
    copies = PassageRef("old/boats.txt", 4, 0), PassageRef("b*ats.txt", 2, 0)
    quote = replace(quote_of(["A boat."]), copies=copies)
    further = replace(quote_of(["A bell."], source="bells.txt"), copies=copies[:1])
    assert _plain(_answer(quote, further)) == (
        "> **A boat.**\n-# **Boats** \u00b7 boats.txt, paragraph 1\n"
        "-# The same text: old/boats.txt, paragraph 4 \u00b7 b\\*ats.txt, paragraph 2\n\n"
        "**Also in the texts**\n> **A bell.**\n-# bells.txt, paragraph 1\n"
        "-# The same text: old/boats.txt, paragraph 4"
    )


def test_render_shows_more_of_a_passage_on_a_card():
    """A passage that a text has to cut stands there in full."""
    quote = quote_of(["A boat left with the tide."] * 100)
    assert "\u2026" in _plain(_answer(quote))
    assert _blocks(_card(_answer(quote))) == [quote.text]


@pytest.mark.parametrize(
    ("hesitant", "reason", "tone"),
    [(False, None, "sure"), (True, None, "unsure"), (False, "nothing_found", "neutral")],
)
def test_message_has_a_tone(hesitant, reason, tone):
    """Whether it quotes what answers, what is closest, or nothing."""
    found = () if reason else (quote_of(["A boat."]),)
    assert answer_message(Answer("?", found, reason, 1.0, hesitant)).tone == tone


def test_render_speaks_the_language_it_is_given():
    """The bot's own words are translated, the quotes are not."""
    found = quote_of(["One boat left."]), quote_of(["Two boats stayed."], page=7)
    message = _plain(Answer("?", found, None, 1.0, hesitant=True), catalogue("de"))
    assert message == (
        "Ich bin nicht sicher, ob meine Texte darauf antworten. "
        "Diese Abs\u00e4tze kommen dem am n\u00e4chsten:\n"
        "> **One boat left.**\n-# **Boats** \u00b7 boats.txt, Absatz 1\n\n"
        "**Au\u00dferdem in den Texten**\n"
        "> **Two boats stayed.**\n-# boats.txt, Seite 7, Absatz 1"
    )


def test_nothing_found_offers_words_and_headings():
    """Below the line that says so stand at most five of each, and they do nothing either."""
    answer = Answer("?", (), "nothing_found", 1.0)
    message = _plain(answer, words=["boat", "*bell*", "c", "d", "e", "f"], headings=["@here", "B"])
    assert visible_text(message).split("\n") == [
        NOTHING_TO_QUOTE["nothing_found"],
        "Did you mean: boat \u00b7 *bell* \u00b7 c \u00b7 d \u00b7 e?",
        "Nearest headings: @here \u00b7 B",
    ]
    assert parse(message).kinds == set()


@settings(max_examples=20, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=6), languages)
def test_passages_message_quotes_verbatim_within_the_limits(found, say):
    """Passages stand in their order, each with its place, whole or cut to its share of the room."""
    message = passages_message(found, say)
    for shown, limit in (
        (message.plain, MESSAGE_LIMIT),
        ("\n\n".join(message.parts), DISPLAY_LIMIT),
    ):
        assert message_length(shown) <= limit
        assert parse(shown).kinds <= ACTS
        blocks = _blocks(shown)
        assert 1 <= len(blocks) <= len(found)
        for block, quote in zip(blocks, found, strict=False):
            assert _without_ellipses(block) in quote.text or block in quote.text


def test_passages_message_shows_short_passages_whole():
    """A paragraph and its neighbours are read as they stand."""
    found = [quote_of([text], None, paragraph=n) for n, text in enumerate(["A.", "B.", "C."], 1)]
    assert passages_message(found).plain == (
        "> A.\n-# **Boats** \u00b7 boats.txt, paragraph 1\n"
        "> B.\n-# boats.txt, paragraph 2\n"
        "> C.\n-# boats.txt, paragraph 3"
    )


FENCE = "```\nboat\n" + "tide\n" * 40 + "```"


@settings(max_examples=40, deadline=None)
@given(
    any_sentence,
    st.lists(st.sampled_from(["**boat**", FENCE, "x" * 500]), max_size=60),
    languages,
)
def test_sections_message_leaves_out_whole_paragraphs(title, paragraphs, say):
    """What does not fit is left out and counted, as little as need be; no fence is ever split."""
    message = sections_message(title, paragraphs, say)
    shown_parts = "\n\n".join(message.parts)
    for shown, limit in ((message.plain, MESSAGE_LIMIT), (shown_parts, DISPLAY_LIMIT)):
        assert message_length(shown) <= limit
        assert shown.count("```") % 2 == 0
        heading, _, rest = shown.partition("\n")
        assert parse(heading).kinds == {"heading"}
        if rest == "\n".join(paragraphs):
            continue
        above, _, last = f"\n{rest}".rpartition("\n-# ")
        n = next(n for n in range(len(paragraphs)) if above == _listed(paragraphs[:n]))
        assert last
        assert message_length(shown) + len(paragraphs[n]) > limit - 20


def _listed(paragraphs):
    return "".join(f"\n{paragraph}" for paragraph in paragraphs)


def test_sections_message_lists_thousands_at_once():
    """The list of a large collection is cut without trying every length."""
    message = sections_message("Texts", [f"text {n}" for n in range(20_000)])
    assert message.plain.endswith("more entries")
    assert message_length(message.plain) > MESSAGE_LIMIT - 20
