"""The table of open questions that admins download."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.teaching.unanswered_rows import open_questions_csv
from tests.support.data.questions import open_group
from tests.support.data.strategies import typed_text

# What a spreadsheet may run as a formula.
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    '"=1',
    "\t=1",
    "\r=1",
    "\n=1",
    "|calc",
    "\uff1d1",
]


@given(st.lists(st.one_of(st.sampled_from(FORMULAS), typed_text), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_table_is_read_as_it_was_written_and_runs_nothing(questions):
    """Each group is one row, and no cell begins as a formula does, whatever was asked."""
    table = open_questions_csv([open_group(*questions)], 1, {2**63 - 1: "=talk"})
    header, row = csv.reader(io.StringIO(table.decode("utf-8-sig"), newline=""))
    assert header[0] == "question"
    assert len(row) == len(header)
    for cell in row:
        assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "|", "%", "\uff1d"))
        assert not set("\t\r\n\0") & set(cell)
    assert row[4] == "'=talk"
    assert row[5] == f"https://discord.com/channels/1/{2**63 - 1}/{2**63 - 1}"


def test_ordinary_question_stands_in_the_table_as_it_was_asked():
    """Umlauts, commas and quotes come through; where a command asked there is no link."""
    table = open_questions_csv(
        [open_group('Wo, "bitte", ist Köln?', "Köln?", message_id=None)], 1, {}
    )
    _, row = csv.reader(io.StringIO(table.decode("utf-8-sig")))
    assert row == [
        'Wo, "bitte", ist Köln?', "Köln?", "12345", "2026-11-22T12:00:00+00:00", "", ""
    ]  # fmt: skip
