"""Log records as lines of JSON: always whole, whatever they hold."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.logs.json_formatter import JsonLines

ANY_TEXT = st.text(st.characters(), max_size=200) | st.text('\ud800\udfff\n\r\u2028\0"\\{}%s')


class Unshowable:
    """Something that fails when it is shown."""

    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def record(message, *args, error=None):
    """Return a log record; `error` is an exception that was raised."""
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.x", logging.WARNING, "x.py", 1, message, args, info)


def written(of):
    """Return the object that a record is written as, after making sure that it is one line."""
    line = JsonLines().format(of)
    assert line.isascii()
    assert line.isprintable()
    fields = json.loads(line)
    json.dumps(fields, ensure_ascii=False).encode()  # no half of a surrogate pair is left
    return fields


@given(message=ANY_TEXT, argument=ANY_TEXT | st.binary() | st.floats() | st.none())
def test_any_record_is_one_line_of_json(message, argument):
    """Line ends, quotes, control characters, halves of surrogates, signs of formats."""
    assert written(record("%s", message)).get("message", "") == message.encode(
        "utf-16-le", "surrogatepass"
    ).decode("utf-16-le", "replace")
    assert written(record(message, argument))["level"] == "WARNING"


@given(text=ANY_TEXT)
def test_any_exception_is_one_field(text):
    """A traceback has many lines, and stands in one with them."""

    def fail():
        raise ValueError(text)

    with pytest.raises(ValueError) as caught:  # noqa: PT011  # any text
        fail()
    fields = written(record("It failed", error=caught.value))
    assert fields["exception"].startswith("Traceback (most recent call last):\n")


@pytest.mark.parametrize(
    "args", [("too", "many"), (Unshowable(),)], ids=["arguments", "an argument"]
)
def test_wrong_arguments_cost_no_line(args):
    """The message says that they do not fit."""
    assert written(record("%s", *args))["message"] == "%s (its arguments do not fit)"


def test_line_says_when_where_and_how_bad():
    """The time is in UTC; fields without a value are left out."""
    of = record("All %s", "well")
    of.created = 1_000_000_000.1239
    assert written(of) == {
        "time": "2001-09-09T01:46:40.123Z",
        "level": "WARNING",
        "logger": "bot.x",
        "message": "All well",
    }
