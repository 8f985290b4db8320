"""The conversations that the README shows: questions to the text that comes along."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from discord import ui

from bot.answering import Answer, answer_question
from bot.discord_app.cards import card
from bot.languages import ENGLISH, Catalogue, catalogue
from bot.rendering.discord_message import answer_message
from bot.rendering.wording import IN_CONTEXT, MORE, PRIVATE_COPY
from index import Searcher, build_index
from tests.conftest import REPOSITORY
from tests.pictures.chat import Json

_BOT = {"username": "Pullquote", "bot": True, "id": "1"}
_PERSON = {"username": "maya", "bot": False, "id": "2"}


def scenes() -> Iterator[tuple[str, list[Json]]]:
    """Yield the name and the messages of each picture."""
    with tempfile.TemporaryDirectory() as folder:
        build_index(REPOSITORY / "corpus", Path(folder))
        searcher = Searcher.open(Path(folder))
        answer = answer_question("who is ron dermer", [], searcher)
        nothing = answer_question("how do I bake bread", [], searcher)
    yield "answer", [_asked(answer), _card(answer)]
    yield "answer-he", [_asked(answer), _card(answer, catalogue("he"))]
    yield "plain", [_asked(answer), {"author": _BOT, "content": answer_message(answer).plain}]
    yield "nothing-found", [_asked(nothing), _card(nothing)]


def _asked(answer: Answer) -> Json:
    return {"author": _PERSON, "content": f"<@1> {answer.question}", "mentions": [_BOT]}


def _card(answer: Answer, say: Catalogue = ENGLISH) -> Json:
    buttons: list[ui.Item[Any]] = [
        ui.Button(label=say(label), custom_id=label) for label in (MORE, IN_CONTEXT, PRIVATE_COPY)
    ]
    buttons += [
        ui.Button(emoji=emoji, custom_id=emoji)
        for emoji in ("\U0001f44d", "\U0001f44e", "\U0001f5d1")
    ]
    view = card(answer_message(answer, say), buttons if answer.answered else [])
    return {"author": _BOT, "components": view.to_components()}
