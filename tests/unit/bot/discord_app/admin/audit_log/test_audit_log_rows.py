"""Changes as people read them."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.database import ChangeAction, Pseudonyms, StoredChange
from bot.discord_app.admin.audit_log.audit_log_rows import change_row
from bot.discord_app.admin.setup.setup_values import CHANNEL_PARTS, MenuPart, SwitchPart
from bot.languages import LANGUAGES, catalogue
from bot.rendering.discord_markdown import message_length
from tests.support.postgres import NOON

KEY = Pseudonyms(b"k" * 32)
ADA = 2**63 - 1
PARTS = (*get_args(MenuPart), *get_args(SwitchPart), "cooldown", "texts")

# As many characters as an entry of a list may have.
ROOM = 750


def changed(action="setting_changed", subject="mode", **values):
    """Return a change that Ada made."""
    change = StoredChange(
        guild_id=1,
        action=action,
        subject=subject,
        id=1,
        person=KEY.hashed(ADA),
        sealed=KEY.sealed(ADA),
        at=NOON,
    )
    return replace(change, **values)


def row(change, language="en", key=KEY):
    """Return the lines of a change."""
    return change_row(change, key, catalogue(language)).split("\n")


def test_change_of_a_text_names_the_text_the_person_and_the_time():
    """The name shows as it was typed; the client shows the person and the time."""
    title, below = row(changed("text_removed", "a_b_*.md"))
    assert title == r"**Text removed: a\_b\_\*.md**"
    assert below == f"-# <@{ADA}> \u00b7 <t:{int(NOON.timestamp())}:f>"


def test_change_of_a_lesson_names_its_paragraph():
    """The question is not in the record."""
    title, _ = row(changed("lesson_taught", "mill.md", paragraph=3))
    assert title == "**Lesson taught: mill.md, paragraph 3**"


@pytest.mark.parametrize(
    ("part", "before", "after", "said"),
    [
        ("mode", ["addressed"], ["off"], ("What is addressed to me", "Nothing")),
        (
            "confidence",
            ["sure"],
            ["hesitant"],
            ("Only those I am sure of", "Also the closest paragraphs when I am not sure"),
        ),
        ("language", ["own"], ["de"], ("Each person's own language", "Deutsch")),
        ("cooldown", ["10", "60"], ["0", "1"], ("10 in 60 s", "No limit")),
        ("ask", [], ["5", "6"], ("Everybody", "<@&5> <@&6>")),
        ("digest", [], ["5"], ("Off", "<#5>")),
        (
            "texts",
            ["v1", "v2*"],
            [],
            ("v1 \u00b7 v2\\*", "None: as in the category, else all"),
        ),
        ("later", ["a"], ["b_"], ("a", "b\\_")),
    ],
)
def test_change_of_a_setting_says_from_what_to_what(part, before, after, said):
    """Values are said as the panel says them; those of an unknown setting as they are."""
    change = changed(subject=part, before=tuple(before), after=tuple(after), channel_id=9)
    title, values, _ = row(change)
    assert title.endswith("** \u00b7 <#9>")
    assert values == f"Before: {said[0]} \u00b7 now: {said[1]}"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_the_panel_has_a_title(part):
    """Its name in the code is not shown."""
    title, *_ = row(changed(subject=part, before=("off",), after=("on",)))
    assert title.strip("*") != part


@pytest.mark.parametrize("part", get_args(SwitchPart))
def test_change_of_a_switch_is_one_line(part):
    """Its label says what it is now."""
    title, _ = row(changed(subject=part, before=("off",), after=("on",)))
    assert title.endswith(": on**")


def test_person_who_was_deleted_or_is_of_another_key_is_not_named():
    """Nobody else is named instead."""
    gone = changed("text_added", "mill.md", person="", sealed="")
    assert row(gone)[1].startswith("-# Somebody whose name I no longer have")
    other = row(changed("text_added", "mill.md"), key=Pseudonyms(b"x" * 32))
    assert other[1].startswith("-# Somebody whose name I no longer have")


@pytest.mark.parametrize("language", LANGUAGES)
def test_longest_changes_fit_a_page_in_every_language(language):
    """Whatever the part, five entries fit a message."""
    ids = tuple(str(2**63 - n) for n in range(1, 26))
    for part in PARTS:
        values = ids if part in ("ask", "teach", "admin") else ("*_`~" * 500,)
        values = ids[:1] if part == "digest" else values
        number = 2**63 - 1 if part in CHANNEL_PARTS else None
        change = changed(subject=part, before=values, after=values[::-1], channel_id=number)
        assert message_length("\n".join(row(change, language))) <= ROOM
    for action in get_args(ChangeAction)[:-1]:
        change = changed(action, "*_`~" * 500, paragraph=10**9)
        assert message_length("\n".join(row(change, language))) <= ROOM
