"""The message to a server that invited the bot."""

from datetime import UTC, datetime

import pytest

from bot.discord_app.admin.welcome.message import SETUP, TITLE, welcome_message
from bot.languages import ENGLISH, LANGUAGES, catalogue
from bot.rendering.discord_markdown import MESSAGE_LIMIT, message_length
from bot.rendering.discord_message import DISPLAY_LIMIT
from index import SourceInfo
from tests.standin.model.markdown import parse


def text(title, source="a.md"):
    """Return what is known of a text."""
    return SourceInfo(source, title, 3, datetime.now(UTC), "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_message_fits_as_a_card_and_as_plain_text_in_every_language(language):
    """However many texts there are and however long their titles, the message is complete."""
    say = catalogue(language)
    message = welcome_message([text(f"{n} *{'long ' * 40}") for n in range(500)], say)
    assert message_length("\n".join(message.parts)) <= DISPLAY_LIMIT
    assert message_length(message.plain) <= MESSAGE_LIMIT
    assert say(TITLE) in message.plain
    assert say(SETUP) in message.plain
    assert "\n- " in message.plain


def test_message_names_the_texts_that_fit_and_counts_the_others():
    """Each name stands on a line; nothing in it is active."""
    few = welcome_message([text("Harbour"), text("@everyone *Mill*")], ENGLISH).plain
    assert "\n- Harbour\n" in few
    assert "@everyone *Mill*" in parse(few).text
    assert not parse(few).kinds & {"mention", "everyone"}
    assert "more entr" not in few
    many = welcome_message([text(f"Text number {n}") for n in range(1, 301)], ENGLISH).plain
    shown = many.count("\n- Text number ")
    assert 10 < shown < 300
    assert f"and {300 - shown} more entries" in many


def test_message_of_a_server_without_texts_has_no_list():
    """The heading of the list is left out, too."""
    assert "texts I quote from" not in welcome_message([], ENGLISH).plain
