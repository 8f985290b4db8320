"""The conversations that the pages show: questions to the text that comes along."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import discord
from discord import ui

from bot.answering.answer import Answer, answer_question
from bot.database import ChannelSettings, ServerSettings, UnansweredGroup
from bot.discord_app.admin.setup.setup_panel import Panel, panel_view
from bot.discord_app.commands import help_strings
from bot.discord_app.messages.cards import card
from bot.discord_app.questions.buttons.version_items import version_items
from bot.discord_app.teaching.digest.content import DigestEntry
from bot.discord_app.teaching.digest.message import digest_message
from bot.languages import ENGLISH, Catalogue, catalogue
from bot.rendering.discord_message import answer_message
from bot.rendering.wording import IN_CONTEXT, MORE, PRIVATE_COPY
from index import EncoderChoice, Searcher, build_index
from tests.pictures.drawing.chat import Json
from tests.support.checkout import REPOSITORY

# Made up for the pictures: code, a table, questions and their answers.
_HANDBOOK = Path(__file__).parent / "data"

# Of the versions of a manual, how a berth is reserved.
_WAYS = {
    "1.x": "Write a letter to the harbour master to reserve a berth. The answer takes two weeks.",
    "2.0": "Call the harbour office before noon to reserve a berth. It is yours until ten.",
    "3.0rc1": "Fill in the form on the web to reserve a berth.",
}

_BOT = {"username": "Pullquote", "bot": True, "id": "1"}
_PERSON = {"username": "maya", "bot": False, "id": "2"}


def scenes() -> Iterator[tuple[str, list[Json]]]:
    """Yield the name and the messages of each picture."""
    answer, nothing = _answers(REPOSITORY / "corpus", "who is ron dermer", "how do I bake bread")
    yield "answer", [_asked(answer), _card(answer)]
    yield "answer-he", [_asked(answer), _card(answer, catalogue("he"))]
    yield "plain", [_asked(answer), {"author": _BOT, "content": answer_message(answer).plain}]
    yield "nothing-found", [_asked(nothing), _card(nothing)]
    asked = "how do I switch night mode on?", "what does G4 cost?", "can I bring my own boat?"
    for name, found in zip(("code", "table", "faq"), _answers(_HANDBOOK, *asked), strict=True):
        yield name, [_asked(found), _card(found)]
    with tempfile.TemporaryDirectory() as folder:
        (versioned,) = _answers(_manual(Path(folder)), "how do I reserve a berth?")
    yield "versions", [_asked(versioned), _card(versioned)]
    yield (
        "help",
        [
            {
                "author": _BOT,
                "components": card(help_strings.guide("server", 30, ENGLISH)).to_components(),
            }
        ],
    )
    yield "admin/setup", [{"author": _BOT, "components": _panel(ENGLISH)}]
    yield "admin/digest", [{"author": _BOT, "components": _digest(ENGLISH)}]


def _answers(corpus: Path, *questions: str) -> list[Answer]:
    """Return the answers of a folder of texts."""
    with tempfile.TemporaryDirectory() as folder:
        encoder = EncoderChoice("", Path(folder))
        build_index(corpus, Path(folder), encoder=encoder, within_s=None)
        searcher = Searcher.open(Path(folder))
        return [answer_question(one, [], searcher, joins=True) for one in questions]


def _manual(folder: Path) -> Path:
    """Write a page in three versions to a folder, and return the folder."""
    for version, way in _WAYS.items():
        page = folder / version / "berths.md"
        page.parent.mkdir()
        page.write_text(f"# Berths\n\n## Reserve a berth\n\n{way}\n", encoding="utf-8")
    return folder


def _asked(answer: Answer) -> Json:
    return {"author": _PERSON, "content": f"<@1> {answer.question}", "mentions": [_BOT]}


def _card(answer: Answer, say: Catalogue = ENGLISH) -> Json:
    buttons: list[ui.Item[Any]] = [
        ui.Button(label=say(label), custom_id=label) for label in (MORE, IN_CONTEXT, PRIVATE_COPY)
    ]
    if answer.answered:
        buttons += version_items(answer.quotes[0].other_versions, 1, 1, say)
    buttons += [
        ui.Button(emoji=emoji, custom_id=emoji)
        for emoji in ("\U0001f44d", "\U0001f44e", "\U0001f5d1")
    ]
    view = card(answer_message(answer, say), buttons if answer.answered else [])
    return {"author": _BOT, "components": view.to_components()}


def _digest(say: Catalogue) -> list[Json]:
    """Return the digest of a week in which visitors of a harbour asked."""
    asked: list[tuple[tuple[str, ...], int, str | None]] = [
        (("can I bring my dog on the ferry?", "are dogs allowed on the ferry"), 5, None),
        (("is there a market on sundays?",), 2, None),
        (("where can I rent a kayak?",), 1, None),
        (("when does the last ferry leave?",), 1, "timetable.md \u203a Winter, paragraph 3"),
    ]
    group = UnansweredGroup(0, (), (), 1, datetime(2026, 11, 28, tzinfo=UTC), 3, None, frozenset())
    entries = [
        DigestEntry(replace(group, id=n, questions=questions, count=times), quoted)
        for n, (questions, times, quoted) in enumerate(asked)
    ]
    view = digest_message(entries, say, plain=False).card
    assert view is not None
    shown = json.dumps(view.to_components()).replace("<#3>", "#harbour")
    components: list[Json] = json.loads(re.sub(r"<t:\d+:R>", "2 days ago", shown))
    return components


def _panel(say: Catalogue) -> list[Json]:
    """Return the panel of a channel where every question gets a thread that the bot cannot open."""
    channel = _channel(discord.Permissions(view_channel=True, send_messages=True))
    chosen = ChannelSettings("every", threads=True)
    panel = Panel(channel, chosen, ServerSettings(), reads_all=True, appoints=True)
    shown = json.dumps(panel_view(panel, say).to_components())
    components: list[Json] = json.loads(shown.replace(channel.mention, f"#{channel.name}"))
    return components


def _channel(may: discord.Permissions) -> discord.TextChannel:
    """Return a channel as discord.py makes it of what the gateway says."""
    state: Any = SimpleNamespace(
        self_id=1,
        user=SimpleNamespace(id=1),
        shard_count=None,
        cache_guild_expressions=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
        store_user=lambda data: SimpleNamespace(**data | {"id": int(data["id"])}),
    )
    member: Json = {"user": _BOT, "roles": [], "joined_at": None, "flags": 0, "deaf": False}
    everyone = {"id": "2", "name": "@everyone", "permissions": str(may.value), "position": 0}
    channel = {"id": "3", "type": 0, "name": "harbour", "position": 0}
    data: Any = {
        "id": "2",
        "name": "Lowmere",
        "roles": [everyone],
        "channels": [channel | {"permission_overwrites": []}],
        "members": [member | {"mute": False}],
    }
    made = discord.Guild(data=data, state=state).get_channel(3)
    assert isinstance(made, discord.TextChannel)
    return made
