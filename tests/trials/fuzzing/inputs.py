"""Targets for inputs: questions, rendering, buttons, batch lines, question sets, settings."""

import io
import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.answering.answer import Answer, answer_question
from bot.answering.conversation import Turn
from bot.answering.explain import explain
from bot.answering.question_detection import reads_like_a_question
from bot.answering.quote import Quote
from bot.config.env_file import read_dotenv
from bot.config.settings import Settings
from bot.database.connection.url import DatabaseAddress
from bot.discord_app.admin.setup.cooldown_form import form_channel_id
from bot.discord_app.messages.cards import card
from bot.discord_app.messages.persistent_items import parse_number
from bot.discord_app.questions.addressing import words_in
from bot.discord_app.questions.buttons.answer_buttons import answer_buttons
from bot.discord_app.texts.file_names import text_name
from bot.errors import QuestionSetError, SettingsError, TextRefusedError
from bot.evaluation.question_sets import load_question_set
from bot.languages import ENGLISH
from bot.rendering.answer_json import answer_to_json
from bot.rendering.discord_markdown import MESSAGE_LIMIT, message_length
from bot.rendering.discord_message import answer_message, passages_message
from bot.rendering.terminal import print_answer
from bot.terminal.batch import answer_lines
from index import Searcher, Tier, build_index
from tests.standin.model.markdown import parse
from tests.standin.rules.message_rules import message_problems
from tests.standin.rules.rules import V2_FLAG
from tests.support.data.harbour import HARBOUR
from tests.support.item_classes import templates
from tests.trials.fuzzing.texts import Target

# What a message may do: the bot's own small print, and links to where a source can be read.
_MAY_ACT = {"subtext", "masked link"}

_CONTROLS = {*map(chr, range(32)), "\x7f", "\x9b", "\u202e"} - {"\n", "\t"}


@cache
def _folder() -> Path:
    """Return a folder of this process alone."""
    return Path(tempfile.mkdtemp(prefix="pullquote-fuzz-"))


@cache
def _searcher() -> Searcher:
    """Return an index of one text, made for this process."""
    folder = _folder()
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    build_index(folder / "corpus", folder / "index")
    return Searcher.open(folder / "index", Tier.LEXICAL)


def _text(data: bytes) -> str:
    """Decode text; invalid bytes become halves of surrogate pairs, as JSON can hold them."""
    return data.decode("utf-8", "surrogateescape")


def check_answer(answer: Answer) -> None:
    """Check an answer on each surface: within the limits, inert, text that can be sent."""
    message = answer_message(answer, show_question=True, words=("eel",), headings=("Boats",))
    messages = [message, *([passages_message(answer.quotes)] if answer.quotes else [])]
    for one in messages:
        one.plain.encode()
        assert 0 < message_length(one.plain) <= MESSAGE_LIMIT
        assert parse(one.plain).kinds <= _MAY_ACT, one.plain
        below = answer_buttons(answer, 1, 2**63, ENGLISH)
        sent: dict[str, Any] = {"flags": V2_FLAG, "components": card(one, below).to_components()}
        assert message_problems(sent) == []
        assert parse("\n".join(one.parts)).kinds <= _MAY_ACT
    stream = io.StringIO()
    print_answer(Console(file=stream, width=80, highlight=False), answer)
    assert not _CONTROLS.intersection(stream.getvalue())
    line = json.dumps(answer_to_json(answer), allow_nan=False)
    assert "\n" not in line


def question(data: bytes) -> None:
    """Ask any question, also after another, and explain it."""
    first, _, second = words_in(_text(data)).partition("\n")
    reads_like_a_question(first)
    answer = answer_question(first, [Turn(second)] if second else [], _searcher())
    assert all(quote.text in HARBOUR for quote in answer.quotes)
    check_answer(answer)
    list(explain(first, [], _searcher()))


def rendering(data: bytes) -> None:
    """Show any quote under any title, section, address and name of a file."""
    fields = [part or "a" for part in _text(data).split("\x00")]
    text, title, section, url, source = (*fields, *("boats",) * 5)[:5]
    ends = [place + 1 for place, sign in enumerate(text) if sign in ".!?"] or [len(text)]
    spans = tuple(zip([0, *ends], ends, strict=False))
    quotes = tuple(
        Quote(text, source, title, section, n, 1.0, spans[-1], spans, None, f"https://{url}")
        for n in (1, 2, 3)
    )
    check_answer(Answer(title, quotes, None, 1.0, len(text) % 2 == 1))


def custom_ids(data: bytes) -> None:
    """Read any id of a button, menu or form: whole, or not at all."""
    custom_id = _text(data)
    all_templates = list(templates())
    matches = [one for one in all_templates if re.fullmatch(one, custom_id)]
    assert len(matches) <= 1
    if form_channel_id(custom_id) is not None:  # the form has the id of the button that opens it
        assert len(matches) == 1
    for part in custom_id.split(":"):
        try:
            assert 0 <= parse_number(part) < 2**63
        except ValueError:
            continue


def batch(data: bytes) -> None:
    """Answer any lines: one JSON line for each."""
    answers = list(answer_lines(io.BytesIO(data), _searcher(), top_k=2))
    assert len(answers) == len(data.removesuffix(b"\n").split(b"\n")) * bool(data)
    for answer in answers:
        json.loads(json.dumps(answer, allow_nan=False))


def _in_file(data: bytes) -> Path:
    path = _folder() / "input"
    path.write_bytes(data)
    return path


def question_set(data: bytes) -> None:
    """Read any file as a question set."""
    try:
        conversations = load_question_set(_in_file(data), _searcher())
    except QuestionSetError:
        return
    assert all(turn.text is not None for turns in conversations for turn in turns)


def settings(data: bytes) -> None:
    """Read any `.env`, and any values in the environment."""
    pieces = _text(data).split("\x00")
    values = dict(zip(Settings.__dataclass_fields__, pieces, strict=False))
    for given in ({name.upper(): value for name, value in values.items()}, None):
        try:
            read = Settings.from_mapping(read_dotenv(_in_file(data)) if given is None else given)
        except SettingsError:
            continue
        assert "discord_token" not in repr(read)
        assert "database_url" not in repr(read)


def database_url(data: bytes) -> None:
    """Read any address of a database; what is shown of it never holds the password."""
    try:
        address = DatabaseAddress.parse(_text(data))
    except SettingsError as error:
        shown = str(error)
    else:
        shown = "" if address.is_sqlite else address.shown
    assert "SECRET" not in shown


def names(data: bytes) -> None:
    """Upload any name: it stays in its folder."""
    name = _text(data)
    try:
        kept = text_name(name, ["a.txt"], ["harbour.txt"])
    except TextRefusedError:
        return
    folder = Path("/nowhere/texts")
    assert (folder / kept).parent == folder
    assert not kept.startswith(".")
    kept.encode()


_LINE = b'{"id": "q1", "conversation": "c1", "question": "who dug the harbour?"}\n'
_SET = (
    b'[{"id": 1, "kind": "a", "question": "who?", "gold": [1], "answer": "It"}, '
    b'{"id": 2, "kind": "b", "turns": [{"question": "when?", "gold": []}]}]'
)
_ENV = b"DISCORD_TOKEN=abcdef\nMAX_FILE_MB=3\nexport RETRIEVAL='lexical' # x\nA=${B}\n"
_VALUES = b"abcdef\0http://127.0.0.1:1\0corpus\0~\0sqlite:///a\x0030\x001\x002\0lexical\0a\0INFO"


def input_targets() -> dict[str, tuple[Target, list[bytes]]]:
    """Return each target with the inputs that it begins with."""
    return {
        "question": (
            question,
            [
                b"Who dug the harbour in 1802?\nand the second one?",
                b"hi there!",
                b"<@1> the 2nd quote <:a:1> https://a.example/b",
                b"what comes after that, mr. finch's 40k boats?",
            ],
        ),
        "rendering": (
            rendering,
            [
                b"The *bell* rang. @everyone\n# ```x``` <@1>!\0[a](b)\0> c\0d.example/)e\0f.txt",
                b"\xed\xa0\x80||a||\x1b[31m\0b",
            ],
        ),
        "ids": (
            custom_ids,
            [b"pq:more:1:2:3", b"pq:context:1:2:3", b"pq:teach:1:2", b"pqs:3", b"pqs:mode:1:on"],
        ),
        "batch": (batch, [_LINE * 2, b'{"id": 1, "question": 2}\n[]\n\n{"question": "when?"}']),
        "question-set": (question_set, [_SET]),
        "settings": (settings, [_ENV, _VALUES]),
        "database-url": (
            database_url,
            [
                b"sqlite:///a.db",
                b"postgresql://me:SECRET@h:5/d?sslmode=require",
                b"postgres://u:SECRET@[::1]/x",
            ],
        ),
        "names": (names, [b"boats.txt", b"../a.md", b"CON.txt", "b\u00f6\u202etxt.md".encode()]),
    }
