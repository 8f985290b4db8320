"""Cards: what a message's description becomes on Discord, held to the stand-in's rules."""

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answer import Answer
from bot.discord_app.messages.cards import card
from bot.rendering.discord_message import (
    DISPLAY_LIMIT,
    Block,
    Message,
    answer_message,
    passages_message,
    sections_message,
)
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG, walk
from tests.support.data.strategies import languages, quotes

CONTAINER, ROW, BUTTON, TEXT, LINE = 17, 1, 2, 10, 14


class Vote(ui.DynamicItem[ui.Button[ui.View]], template=r"vote:(?P<number>\w+)"):
    """A button of which the id says everything."""

    def __init__(self, number):
        super().__init__(ui.Button(label=f"{number}", custom_id=f"vote:{number}"))


def _sent(view):
    return {"flags": V2_FLAG, "components": view.to_components()}


def _message(*parts, tone="neutral"):
    return Message(tuple(Block("heading", part) for part in parts), "", tone)


def test_card_shows_each_part_with_a_line_between():
    """Texts and separators take turns, in a container of the tone's colour."""
    (container,) = card(_message("one", "two", tone="sure")).to_components()
    assert container["type"] == CONTAINER
    assert container["accent_color"] == 0x3BA55D
    assert [child["type"] for child in container["components"]] == [TEXT, LINE, TEXT]
    assert [child.get("content") for child in container["components"]] == ["one", None, "two"]


@pytest.mark.parametrize(
    ("number", "rows"),
    [(0, []), (1, ["0"]), (5, ["01234"]), (6, ["012", "345"]), (11, ["0123", "4567", "89A"])],
)
def test_card_puts_buttons_in_even_rows(number, rows):
    """At most five stand in a row, in their order, also where they are dynamic items."""
    sent = _sent(card(_message("one"), [Vote(f"{n:X}") for n in range(number)]))
    found = [part["components"] for part in walk(sent["components"]) if part["type"] == ROW]
    assert ["".join(button["label"] for button in row) for row in found] == rows
    assert message_problems(sent) == []


def test_card_never_times_out():
    """Its buttons answer as long as the bot runs."""
    assert card(_message("one"), [Vote(1)]).timeout is None


def test_card_refuses_what_discord_would():
    """Too many characters or components are a mistake of the caller, found before they are sent."""
    card(_message("x" * DISPLAY_LIMIT))
    with pytest.raises(ValueError, match="4002 characters, at most 4000"):
        card(_message("x" * (DISPLAY_LIMIT - 2), "\U0001f6a2" * 2))
    with pytest.raises(ValueError, match="maximum number of children"):
        card(_message("one"), [Vote(number) for number in range(36)])


@settings(max_examples=20, deadline=None)
@given(st.lists(quotes, min_size=1, max_size=4), st.booleans(), languages)
def test_card_of_any_answer_breaks_no_rule(found, hesitant, say):
    """Whatever is quoted, with six buttons below it the message is one that Discord takes."""
    answer = Answer("Which boat?", tuple(found), None, 1.0, hesitant)
    for message in (answer_message(answer, say, show_question=True), passages_message(found, say)):
        view = card(message, [Vote(number) for number in range(6)])
        assert message_problems(_sent(view)) == []
        assert view.content_length() <= DISPLAY_LIMIT


def test_card_of_a_list_is_one_text():
    """A list stands in one text, below its title."""
    (container,) = card(sections_message("Texts", ["one", "two"])).to_components()
    assert [child["content"] for child in container["components"]] == ["### Texts\none\ntwo"]
