"""What one server has is never seen or changed from another, by any command or component."""

import asyncio
import contextlib
import json
import re
import sqlite3
import zlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from bot.config.settings import Settings
from bot.database import Change, Pseudonyms, ServerSettings, open_database
from bot.discord_app.admin.setup.setup_values import MenuPart, SwitchPart
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.indexing.build import BuildProgress
from index import PassageRef, fingerprint
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.data.harbour import HARBOUR
from tests.support.item_classes import templates

pytestmark = pytest.mark.xdist_group("isolation")

KRAKEN = "A kraken sleeps below the seventh pier, and nobody wakes it."
BOATS = "Herring boats leave before dawn and return with the evening tide."

# Each of these words stands in something that only one server has.
PRIVATE = ("kraken", "axolotl", "zorilla", "quagga")

TEXT = {"who": "who sleeps below the seventh pier?", "lesson": "what does the axolotl do?"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two servers; the first has a text, a lesson, an open question, votes, roles and settings."""
    folder = tmp_path_factory.mktemp("isolation")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with DiscordStandIn() as discord:
        first, second = (_server(discord, name) for name in ("Lowmere", "Hightor"))
        texts = folder / "data" / "servers" / str(first.guild.id) / "texts"
        texts.mkdir(parents=True)
        (texts / "kraken.txt").write_text(f"The kraken\n\n{KRAKEN}\n", encoding="utf-8")
        own = ServerCorpus(texts.parent, Settings())
        (texts / "zorilla.txt").write_text("The zorilla is fed at nine.\n", encoding="utf-8")
        own.remove("zorilla.txt", BuildProgress())
        (removed,) = own.removed.all(own.now())

        async def teach():
            database = await open_database(f"sqlite:///{folder}/data/pullquote.db")
            roles = frozenset({first.role.id})
            often = ServerSettings(cooldown_questions=500)
            closed = replace(often, trusted_roles=roles, ask_roles=roles, plain=True)
            await database.settings.set_server(first.guild.id, closed)
            await database.settings.set_server(second.guild.id, often)
            number = await database.taught.add(
                first.guild.id,
                TEXT["lesson"],
                PassageRef("harbour.txt", 2, fingerprint(BOATS)),
                taught_by="0" * 32,
            )
            change = Change(first.guild.id, "setting_changed", "texts", after=("axolotl/*",))
            for _ in range(6):
                await database.audit_log.add(change, person="0" * 32, sealed="")
            await database.close()
            return number

        Pseudonyms.load(folder / "data")
        lesson = asyncio.run(teach())
        with FastBotProcess(discord, folder / "corpus", folder / "data") as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote", "privacy")
            here = SimpleNamespace(
                discord=discord,
                bot=bot,
                folder=folder,
                first=first,
                second=second,
                lesson=lesson,
                removed=removed.key,
            )
            _fill(here)
            yield here
            assert discord.pings == []
            assert "Traceback" not in bot.log, bot.log


def _server(discord, name):
    guild = discord.add_guild(name)
    managers = discord.add_role(guild, "managers", "MANAGE_GUILD")
    role = discord.add_role(guild, "quagga" if name == "Lowmere" else "readers")
    return SimpleNamespace(
        guild=guild,
        role=role,
        channel=discord.add_channel(guild, "talk"),
        admin=discord.add_user(f"ada-{name}", guild, roles=[managers]),
        other_admin=discord.add_user(f"eve-{name}", guild, roles=[managers]),
        member=discord.add_user(f"bob-{name}", guild),
    )


def _fill(here):
    """Ask in the first server what its text answers, what was taught, and what nothing answers."""
    discord, first = here.discord, here.first

    def asked(text):
        question = discord.say(first.channel, first.admin, f"{discord.mention} {text}")
        return discord.wait_for_answer(question, 20)

    here.quoted = asked(TEXT["who"])
    assert "kraken sleeps" in here.quoted.seen
    asked("who feeds the zorilla every morning in winter?")

    def are_recorded():
        return [bool(row["answer_id"]) for row in rows(here, "questions")] == [True, True]

    discord.wait_until(are_recorded, 10, "both questions with their answers")
    here.questions = rows(here, "questions")


def rows(here, table):
    """Return what is in a table."""
    with contextlib.closing(sqlite3.connect(here.folder / "data" / "pullquote.db")) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]


def kept_of_first(here):
    """Return all that is kept of the first server."""
    guild_id = here.first.guild.id
    of_first = {
        table: [row for row in rows(here, table) if row["guild_id"] == guild_id]
        for table in ("questions", "taught", "audit_log", "servers", "channels")
    }
    numbers = {row["id"] for row in of_first["questions"]}
    votes = [row for row in rows(here, "votes") if row["question_id"] in numbers]
    facts = [row for row in rows(here, "facts") if str(guild_id) in row["key"]]
    folder = here.folder / "data" / "servers" / str(guild_id)
    files = sorted([*folder.glob("texts/*"), *folder.glob("removed/*/*")])
    texts = [path.read_bytes() for path in files]
    return of_first | {"votes": votes, "facts": facts, "texts": texts}


def returned(invocation):
    """Return all answers to an interaction, as one text."""
    invocation.wait_for_acknowledgement()
    invocation._stage.wait_until(
        lambda: (
            invocation.response or invocation.interaction.modal or invocation.interaction.choices
        ),
        15,
        "something to see",
    )
    messages = [invocation.response, *invocation.followups]
    files = [data for one in messages if one for data in one.files.values()]
    seen = [one.seen + json.dumps(one.components) for one in messages if one]
    return "\n".join(
        [
            *seen,
            json.dumps([invocation.interaction.modal, invocation.interaction.choices]),
            *(data.decode("utf-8", "replace") for data in files),
        ]
    )


def nothing_private(text):
    """Return whether a text has nothing of the first server but the words of the questions."""
    shown = text.lower()
    for asked in (*TEXT.values(), "kraken.txt", "zorilla.txt"):
        shown = shown.replace(asked.lower(), "")
    return [word for word in PRIVATE if word in shown] == []


# The commands: each with what is filled in, so that a new one without a case fails


COMMANDS: dict[str, dict[str, Any] | None] = {
    "ask": {"question": TEXT["who"]},
    "sources": {},
    "read": {"source": "kraken.txt", "paragraph": 1},
    "help": {},
    "pullquote add": None,  # takes a file of its own, see below
    "pullquote remove": {"source": "kraken.txt"},
    "pullquote get": {"source": "kraken.txt"},
    "pullquote restore": {"source": "zorilla.txt"},
    "pullquote changes": {},
    "pullquote rebuild": {},
    "pullquote setup": {},
    "pullquote diagnose": {},
    "pullquote sync": {},
    "pullquote unanswered": {},
    "pullquote taught": {},
    "pullquote stats": {},
    "privacy show": {},
    "privacy delete": {},
    "Find this in the texts": None,  # menus of messages
    "Teach": None,
}
FOR_ADMINS = [name for name in COMMANDS if name.startswith("pullquote ")]


def leaves(command):
    """Return the names under which a registered command is used."""
    inner = [one for one in command.get("options", []) if one["type"] in (1, 2)]
    return [f"{command['name']} {one}" for part in inner for one in leaves(part)] or [
        command["name"]
    ]


def test_every_command_has_a_case(world):
    """A command that is added is tried here, too."""
    assert {name for one in world.discord.commands for name in leaves(one)} == set(COMMANDS)


def use(world, name, place, user):
    """Use a command with the words of the first server."""
    discord, options = world.discord, COMMANDS[name]
    if name == "pullquote add":
        file = discord.attachment("../kraken.txt", b"Nothing.")
        return discord.slash(place, user, name, file=file)
    if options is None:
        message = discord.say(place, user, TEXT["lesson"])
        return discord.context_menu(message, user, name)
    return discord.slash(place, user, name, **options)


@pytest.mark.parametrize("in_thread", [False, True])
@pytest.mark.parametrize("name", COMMANDS)
def test_command_shows_and_changes_nothing_of_another_server(world, name, in_thread):
    """An admin of one server gets nothing of another by any command, in a channel or a thread."""
    before, second = kept_of_first(world), world.second
    place = second.channel
    if in_thread:
        place = world.discord.start_thread(place, second.admin, "boats")
    assert nothing_private(returned(use(world, name, place, second.admin)))
    assert kept_of_first(world) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_command_in_a_direct_message_shows_nothing_of_a_server(world, name):
    """An admin sees nothing of their server in a DM, and server commands cannot be used there."""
    admin = world.first.other_admin  # has asked nothing, so has no data of their own
    place = world.discord.open_dm(admin)
    if name in (*FOR_ADMINS, "Teach"):
        with pytest.raises(LookupError):
            use(world, name, place, admin)
    else:
        assert nothing_private(returned(use(world, name, place, admin)))


@pytest.mark.parametrize(
    ("command", "focused", "options"),
    [
        ("ask", "question", {"question": "kra"}),
        ("ask", "question", {"question": "axol"}),
        ("ask", "in", {"question": "x", "in": ""}),
        ("ask", "in", {"question": "x", "in": "kra"}),
        ("read", "source", {"source": "kra", "paragraph": 1}),
        ("read", "paragraph", {"source": "kraken.txt", "paragraph": 1}),
        ("pullquote remove", "source", {"source": "kra"}),
        ("pullquote get", "source", {"source": "kra"}),
        ("pullquote restore", "source", {"source": ""}),
    ],
)
def test_typing_suggests_nothing_of_another_server(world, command, focused, options):
    """Texts, questions and lessons of one server are suggested in no other."""
    second = world.second
    typing = world.discord.autocomplete(
        second.channel, second.admin, command, focused=focused, **options
    )
    assert nothing_private(json.dumps(typing.wait_for_choices()))


@pytest.mark.parametrize("name", [*FOR_ADMINS, "Teach"])
def test_command_for_admins_is_refused_to_members(world, name):
    """A member without the permission or a trusted role sees and changes nothing."""
    before = kept_of_first(world)
    first = world.first
    told = returned(use(world, name, first.channel, first.member))
    assert "another role" in told or "owner" in told, told
    assert nothing_private(told)
    assert kept_of_first(world) == before


@pytest.mark.parametrize("name", ["ask", "read", "sources", "Find this in the texts"])
def test_command_is_refused_to_members_without_the_role(world, name):
    """If only a role may ask, other members get no quote."""
    first = world.first
    assert nothing_private(returned(use(world, name, first.channel, first.member)))


# Components: forged ids, and ids of another server, person or version


def forged(world, custom_id, place, user, *, menu=None):
    """Press a button with an id that the bot never put below this message of its own."""
    answer = world.discord.slash(place, user, "help").wait_for_response()
    kind = {"type": 2, "style": 2, "label": "x"} if menu is None else menu
    answer.components.append({"type": 1, "components": [kind | {"custom_id": custom_id}]})
    return world.discord.press(answer, custom_id, user)


def ids(world):
    """Return ids of each action that name what the first server has, or nothing at all."""
    quoted = world.questions[0]
    state = f"{zlib.crc32(b'kraken.txt')}:1:{fingerprint(KRAKEN)}"
    number, lesson = quoted["id"], world.lesson
    huge = 2**64
    return {
        "more": [f"{number}:0:1", f"{number}:1:{huge // 2}", "1", "0:0:0:0", f"{huge}:1:1", ""],
        "others": [f"{number}:1", f"{number}:{huge // 2}", "1", "0:0:0", f"{huge}:1", ""],
        "version": [f"{number}:1:2_0", f"{number}:1", f"{number}:1:x", f"{huge}:1:1_x", "1", ""],
        "versions": [f"{number}:1", f"{number}:{huge // 2}", "1", "0:0:0", f"{huge}:1", ""],
        "context": [state, "1", "1:2", f"{state}:4", f"{huge}:{huge}:{huge}", ""],
        "copy": ["", "1"],
        "up": [f"{number}:{state}", "1", f"{number}:1:2", ""],
        "down": [f"{number}:{state}", "1:2", f"{huge}:{state}", ""],
        "delete": ["1", "", f"{huge}", "1:2"],
        "sources": ["0", "9", "999999", "", "1:2", "-1", f"{huge}"],
        "unanswered": ["0", "-1", "99999999999999999999", "", "a", "1:2"],
        "csv": ["", "1"],
        "teach": [f"{number}", f"{huge}", "-1", "", "a", "1:2"],
        "digest": [f"{number}", f"{huge}", "-1", "", "a", "1:2"],
        "dismiss": [f"{number}:0", f"{number}", "a:b", f"{huge}:0", "-1:-1", ""],
        "bind": ["word:0", "word", "word:9", "word:a", ""],
        "taught": ["0", "-1", "99999999999999999999", "", "a"],
        "privacy": ["delete", "delete:1", ""],
        "changes": ["all:0", "setting:0", "setting:1", f"all:{huge}", "gone:0", "all", ""],
        "undo": [f"{world.removed}", f"{huge}", "-1", "", "a", "1:2"],
        "forget": [f"{lesson}:0", f"{lesson}", "a:b", f"{huge}:0", ""],
    }


ACTIONS = [
    *(template.split(":")[1] for template in templates() if template.startswith("pq:")),
]


def test_every_action_of_a_button_has_a_case(world):
    """A button that is added is tried here, too."""
    assert set(ACTIONS) == set(ids(world))


@pytest.mark.parametrize("action", ACTIONS)
def test_forged_button_shows_and_changes_nothing_of_another_server(world, action):
    """A forged id is answered and shows nothing of another server."""
    before, second = kept_of_first(world), world.second
    user = second.member if action == "delete" else second.admin  # who may delete anything
    for state in ids(world)[action]:
        custom_id = f"pq:{action}:{state}".rstrip(":")
        used = forged(world, custom_id, second.channel, user)
        assert nothing_private(returned(used)), custom_id
    assert kept_of_first(world) == before


@pytest.mark.parametrize("part", [*get_args(MenuPart), *get_args(SwitchPart), "cooldown", "texts"])
def test_forged_choice_of_the_panel_changes_nothing_of_another_server(world, part):
    """A panel with another server's channel, or an unknown one, changes nothing."""
    ending = ":on" if part in get_args(SwitchPart) else ""
    assert any(re.fullmatch(template, f"pqs:{part}:1{ending}") for template in templates())
    before, second = kept_of_first(world), world.second
    for number in (world.first.channel.id, 0, 2**64):
        used = forged(world, f"pqs:{part}:{number}{ending}", second.channel, second.admin)
        assert nothing_private(returned(used))
    assert kept_of_first(world) == before


@pytest.mark.parametrize("action", ["more", "context", "up", "down"])
def test_button_below_an_answer_is_refused_without_the_role(world, action):
    """If only a role may ask, other members get no quote and no vote by an answer's buttons."""
    first = world.first
    shown = next(one for one in world.quoted.buttons if one["custom_id"].startswith(f"pq:{action}"))
    before = kept_of_first(world)
    told = returned(world.discord.press(world.quoted, shown["custom_id"], first.member))
    assert nothing_private(told)
    assert kept_of_first(world) == before


def test_answer_of_another_person_is_not_deleted(world):
    """Only the asker and moderators can delete an answer."""
    first = world.first
    bin_ = next(one for one in world.quoted.buttons if one["custom_id"].startswith("pq:delete"))
    world.discord.press(world.quoted, bin_["custom_id"], first.member).wait_for_response()
    assert not world.quoted.deleted


@pytest.mark.parametrize("custom_id", ["pq:older:1:2", "pq:more", "pqs:gone:1", "pq", "pqs:1"])
def test_button_of_another_version_says_so(world, custom_id):
    """An id of an older version is answered instead of a failed interaction."""
    second = world.second
    assert "no longer works" in returned(forged(world, custom_id, second.channel, second.admin))


# Last, because it asks in the first server


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("ask", "kraken sleeps"),
        ("read", "kraken sleeps"),
        ("sources", "the kraken"),
        ("pullquote unanswered", "zorilla"),
        ("pullquote taught", "axolotl"),
        ("pullquote changes", "axolotl"),
        ("pullquote get", "kraken sleeps"),
        ("Find this in the texts", "herring boats"),
    ],
)
def test_private_words_are_seen_in_their_own_server(world, name, word):
    """The words that the other tests look for are visible in their own server."""
    first = world.first
    assert word in returned(use(world, name, first.channel, first.admin)).lower()
