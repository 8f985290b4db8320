"""The list of texts: pages that fit a message, with each text once."""

from datetime import UTC, datetime

import pytest

from bot.discord_app.texts.source_strings import page_message, pages
from bot.languages import ENGLISH, catalogue
from bot.rendering.discord_markdown import MESSAGE_LIMIT, message_length
from index import SourceInfo
from tests.standin.model.markdown import parse

MAY = datetime(2026, 5, 1, tzinfo=UTC)


def info(n, title="A song", url=None, language="en"):
    """Return a text."""
    return SourceInfo(f"s{n}.txt", title, n + 1, MAY, url, language)


def test_entry_has_title_file_paragraphs_date_and_whose_it_is():
    """The title leads to where the text is published; the reader's client shows the date."""
    made = pages(ENGLISH, [info(0, url="https://a.example/"), info(1)], {"s1.txt"})
    said = page_message(ENGLISH, made, 0).plain
    assert "**[A song](<https://a.example/>)**\n-# s0.txt \u00b7 1 paragraph \u00b7 <t:" in said
    assert f"2 paragraphs \u00b7 <t:{int(MAY.timestamp())}:d> \u00b7 only in this server" in said
    assert said.count("only in this server") == 1


@pytest.mark.parametrize("say", [ENGLISH, catalogue("ar")])
@pytest.mark.parametrize("title", ["x", "*" * 300, "\U0001f984" * 100])
@pytest.mark.parametrize("n_texts", [0, 1, 10, 11, 57])
def test_every_text_stands_on_one_page_and_each_page_fits(say, title, n_texts):
    """Whatever the titles are, nothing is left out."""
    made = pages(
        say, [info(n, title, f"https://a.example/{'p' * 400}") for n in range(n_texts)], ()
    )
    said = [page_message(say, made, page).plain for page in range(max(len(made), 1))]
    assert all(message_length(one) <= MESSAGE_LIMIT for one in said)
    shown = "\n".join(parse(one).text for one in said)
    assert "more entr" not in shown
    assert all(shown.count(f"s{n}.txt") == 1 for n in range(n_texts))


def test_page_that_is_not_there_is_the_nearest():
    """A button of an older, longer list leads to the last page."""
    made = pages(ENGLISH, [info(n) for n in range(11)], ())
    assert page_message(ENGLISH, made, 99).plain == page_message(ENGLISH, made, 1).plain
    assert page_message(ENGLISH, made, -1).plain == page_message(ENGLISH, made, 0).plain
    assert "(2/2)" in parse(page_message(ENGLISH, made, 1).plain).text


@pytest.mark.parametrize(
    ("reader", "language", "name"),
    [
        ("en", "de", "German"),
        ("de", "ja", "Japanisch"),
        ("he", "fr", "\u05e6\u05e8\u05e4\u05ea\u05d9\u05ea"),
    ],
)
def test_entry_names_the_language_of_the_text(reader, language, name):
    """It is named in the language of the reader; a code without a name stands for itself."""
    say = catalogue(reader)
    made = pages(say, [info(0, language=language), info(1, language="qx")], ())
    shown = parse(page_message(say, made, 0).plain).text
    assert name in shown
    assert "qx" in shown
