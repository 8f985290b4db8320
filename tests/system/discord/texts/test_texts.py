"""Texts on Discord: admins bring them, people list, read and complete them, each server its own."""

import asyncio
import re
from types import SimpleNamespace

import pytest
from filelock import FileLock

from bot.database import ChannelSettings, ServerSettings, open_database
from tests.standin import DiscordStandIn
from tests.support.bot_process import FastBotProcess
from tests.support.command import SETTINGS
from tests.support.data.harbour import HARBOUR

# One bot serves all of these tests, each in a server of its own.
pytestmark = pytest.mark.xdist_group("discord_texts")

CAPTAIN = "The harbour was dug in 1802 by Captain Ada Finch. It took four years."

THORNE = "The mill belonged to the Thorne family for two hundred years."

MILL = f"""\
# The mill of Arden

## Its owners

{THORNE}

## Its end

It burned down in 1911, and nobody built it up again.
"""

FORGED = ["../../2/texts/x.txt", "..\\x.txt", "/etc/passwd.txt", ".hidden.txt", "..", "a\0b.txt"]


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """A bot over the harbour corpus, in one server that has a text without an index."""
    folder = tmp_path_factory.mktemp("texts")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, DiscordStandIn() as discord:
        patch.chdir(folder)
        for variable in SETTINGS:
            patch.delenv(variable, raising=False)
        early = discord.add_guild("Early")
        texts = folder / "data" / "servers" / str(early.id) / "texts"
        texts.mkdir(parents=True)
        (texts / "mill.md").write_text(MILL, encoding="utf-8")
        with FastBotProcess(discord, corpus, folder / "data", MAX_FILE_MB="1") as bot:
            discord.wait_ready()
            discord.wait_for_commands("pullquote")
            yield SimpleNamespace(
                discord=discord,
                bot=bot,
                early=early,
                corpus=corpus,
                servers=folder / "data" / "servers",
                database=f"sqlite:///{folder / 'data' / 'pullquote.db'}",
            )


class Place:
    """A server with its owner and a member, and what they do there."""

    def __init__(self, stage, guild=None):
        self.stage, self.discord = stage, stage.discord
        self.guild = guild or self.discord.add_guild("Arden")
        self.channel = self.discord.add_channel(self.guild, "general")
        self.owner = self.guild.owner
        self.member = self.discord.add_user("alice", self.guild)
        self.folder = stage.servers / str(self.guild.id)

    def admin(self, command, user=None, **options):
        """Let the owner, or another, use a command of the group, and return what comes of it."""
        used = self.discord.slash(
            self.channel, user or self.owner, f"pullquote {command}", **options
        )
        used.wait_for_response()
        busy = ("Fetching the file", "Looking at the texts", "Reading texts", "Sorting words")
        self.discord.wait_until(
            lambda: not used.response.seen.startswith((*busy, "Computing vectors"))
        )
        assert used.response.ephemeral
        return used.response.seen

    def add(self, name, content, **said):
        """Let the owner upload a file."""
        file = self.discord.attachment(name, content, **said)
        return self.admin("add", file=file)

    def see(self, command, channel=None, **options):
        """Let the member use a command, and return the answer."""
        used = self.discord.slash(channel or self.channel, self.member, command, **options)
        return used.wait_for_response()

    def choices(self, command, focused, channel=None, user=None, **options):
        """Let the member, or another, type into an option, and return what is suggested."""
        place, user = channel or self.channel, user or self.member
        typing = self.discord.autocomplete(place, user, command, focused=focused, **options)
        return typing.wait_for_choices()

    def texts(self):
        """Return the names of the files that the server has."""
        return sorted(path.name for path in self.folder.glob("texts/*"))


@pytest.fixture
def here(stage):
    """A new server."""
    return Place(stage)


@pytest.fixture
def there(stage):
    """Another new server."""
    return Place(stage)


def test_added_text_is_reported_and_answers_at_once(here):
    """The report names what was added; the next question is answered from it, and cites it."""
    told = here.add("mill.md", MILL.encode())
    assert "Added: mill.md" in told
    assert re.search(r"^1 text \u00b7 \d+\.\d s$", told, re.MULTILINE)
    answer = here.see("ask", question="who owned the mill?").seen
    assert THORNE in answer
    assert "mill.md \u203a Its owners, paragraph 1" in answer
    assert CAPTAIN in here.see("ask", question="who dug the harbour?").seen
    assert list(here.folder.glob("incoming-*")) == []


def test_own_texts_stay_in_their_server(here, there):
    """No command of another server, a direct message or a user install shows a server's text."""
    here.add("mill.md", MILL.encode())
    dm = here.discord.open_dm(here.member)
    elsewhere = {"as_user_install": True}
    for place, more in ((there.channel, {}), (dm, {}), (here.channel, elsewhere)):
        here.discord.join(there.guild, here.member)
        asked = here.see("ask", place, question="who owned the mill?", **more).seen
        assert "Thorne" not in asked
        assert "mill.md" not in here.see("sources", place, **more).seen
        assert "harbour.txt" in here.see("sources", place, **more).seen
        for name in ("mill.md", f"../../{here.guild.id}/texts/mill.md", "The mill of Arden"):
            read = here.see("read", place, source=name, paragraph=1, **more).seen
            assert "Thorne" not in read
            assert "no text named" in read
            paragraphs = here.choices("read", "paragraph", place, source=name, paragraph="", **more)
            assert paragraphs == []
        assert here.choices("read", "source", place, source="mill", **more) == []
        assert here.choices("ask", "question", place, question="the mill", **more) == []
    assert there.choices("pullquote remove", "source", user=there.owner, source="") == []
    for name in ("mill.md", f"../../{here.guild.id}/texts/mill.md"):
        assert "no text of its own" in there.admin("remove", source=name)
    assert here.texts() == ["mill.md"]


def test_own_text_is_listed_and_read(here):
    """The list marks it, with paragraphs and date; a place of it is quoted by number."""
    here.add("mill.md", MILL.encode())
    listed = here.see("sources")
    assert listed.ephemeral
    assert "The mill of Arden\nmill.md \u00b7 2 paragraphs \u00b7 <t:" in listed.seen
    assert listed.seen.count("only in this server") == 1
    read = here.see("read", source="mill.md", paragraph=2)
    assert not read.ephemeral
    assert "It burned down in 1911, and nobody built it up again." in read.seen
    assert "mill.md \u203a Its end, paragraph 2" in read.seen
    assert here.see("read", source="the MILL of arden", paragraph=1, private=True).ephemeral


def test_paragraph_that_is_not_there_is_told(here):
    """The number of paragraphs helps on."""
    assert (
        "harbour.txt has 5 paragraphs" in here.see("read", source="harbour.txt", paragraph=6).seen
    )


def test_reading_works_in_direct_messages_and_as_user_install(here):
    """The shared texts are read everywhere; in the reader's language."""
    dm = here.discord.open_dm(here.member)
    assert CAPTAIN in here.see("read", dm, source="harbour.txt", paragraph=1).seen
    group = here.discord.open_group(here.member, here.owner)
    more = {"as_user_install": True, "locale": "de"}
    read = here.see("read", group, source="harbour.txt", paragraph=1, **more).seen
    assert CAPTAIN in read
    assert "harbour.txt, Absatz 1" in read
    assert "Die Texte, aus denen ich zitiere" in here.see("sources", group, **more).seen


def test_read_suggests_texts_sections_and_paragraphs(here):
    """Texts by title and name, sections by their words, paragraphs by their number."""
    here.add("mill.md", MILL.encode())
    mill = [("The mill of Arden \u00b7 mill.md", "mill.md")]
    for typed in ("mill", "THE MILL", "arden", "mil of"):
        assert here.choices("read", "source", source=typed) == mill
    assert len(here.choices("read", "source", source="")) == 2
    sections = here.choices("read", "paragraph", source="mill.md", paragraph="")
    assert [value for _, value in sections] == [1, 2]
    assert sections[1][0].startswith("2 \u00b7 Its end: It burned down")
    end = here.choices("read", "paragraph", source="mill.md", paragraph="end")
    assert [value for _, value in end] == [2]
    assert here.choices("read", "paragraph", source="mill.md", paragraph="2") == end
    assert here.choices("read", "paragraph", source="mill.md", paragraph="9") == []
    assert here.choices("read", "paragraph", source="nothing", paragraph="") == []


def test_ask_suggests_titles_sections_and_what_was_answered_in_public(here, there):
    """Only questions of this server's public channels are suggested, and only there."""
    here.add("mill.md", MILL.encode())
    hidden = here.discord.add_channel(here.guild, "hidden")
    here.discord.overwrite(hidden, here.guild, deny=["VIEW_CHANNEL"])
    here.discord.overwrite(hidden, here.member, allow=["VIEW_CHANNEL"])
    public = "who dug the harbour in 1802?"
    here.see("ask", question=public)
    here.see("ask", question="who dug the harbour by the lighthouse?", private=True)
    here.see("ask", hidden, question="who dug the harbour of Lowmere?")
    assert here.choices("ask", "question", question="who dug") == [(public, public)]
    assert there.choices("ask", "question", question="who dug") == []
    titles = ["The mill of Arden", "The harbour of Lowmere"]
    found = [name for name, _ in here.choices("ask", "question", question="the")]
    assert found == [*titles, public]
    assert here.choices("ask", "question", question="its e")[0] == ("Its end", "Its end")
    assert (public, public) in here.choices("ask", "question", question="")
    for typed in ("\0", "x" * 1000, "\u202e*_`", "%", "\ud83d"):
        assert isinstance(here.choices("ask", "question", question=typed), list)


@pytest.mark.parametrize("name", FORGED)
def test_forged_names_are_refused(here, name):
    """Neither a path nor a hidden file comes about, here or anywhere else."""
    before = sorted(here.stage.servers.glob("**/texts/*"))
    assert "I can't keep a file with that name" in here.add(name, b"A paragraph.")
    assert sorted(here.stage.servers.glob("**/texts/*")) == before
    assert not here.folder.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.exe", b"MZ", "I can only read files that end in .txt, .md"),
        ("synonyms.txt", b"a, b", "The name synonyms.txt is reserved"),
        ("README.md", b"# Read me", "The name README.md is reserved"),
        (
            "Harbour.TXT",
            b"Another harbour.",
            "The name Harbour.TXT belongs to a text that all servers",
        ),
        ("empty.txt", b"", "it is empty: it holds no paragraph"),
        ("noise.txt", bytes(range(256)) * 8, "I can't read noise.txt"),
        ("book.epub", b"no archive", "it is damaged or of another format than its name says"),
        ("large.txt", b"x" * (2**20 + 1), "I read files of up to 1 MiB"),
    ],
)
def test_what_cannot_be_a_text_is_refused_with_the_reason(here, name, content, said):
    """Nothing of it is kept."""
    assert said in here.add(name, content)
    assert here.texts() == []
    assert list(here.folder.glob("*")) == []


def test_size_is_bounded_whatever_discord_says(here):
    """A file that turns out larger than announced is given up while it comes in."""
    assert "I read files of up to 1 MiB" in here.add("large.txt", b"x" * 2**21, size=10)
    assert list(here.folder.glob("*")) == []


def test_texts_of_a_server_are_bounded_together(here):
    """The fifth file of the largest size does not fit any more."""
    (here.folder / "texts").mkdir(parents=True)
    for n in range(4):
        (here.folder / "texts" / f"{n}.txt").write_bytes(b"x" * 2**20)
    assert "larger than 4 MiB in total" in here.add("one.txt", b"A paragraph.")


def test_download_that_fails_is_told(here):
    """Nothing is kept of it."""
    here.discord.fail_next("GET", "/attachments/", status=503)
    assert "I could not fetch that file" in here.add("mill.md", MILL.encode())
    assert here.texts() == []


def test_text_is_replaced_and_keeps_its_place_where_the_new_one_cannot_be_read(here):
    """A readable one of the same name replaces it, which is said; an unreadable one does not."""
    here.add("mill.md", MILL.encode())
    assert "I can't read mill.md" in here.add("mill.md", b"")
    assert THORNE in here.see("read", source="mill.md", paragraph=1).seen
    told = here.add("Mill.md", MILL.replace("Thorne", "Hawley").encode())
    assert "There already was a text named mill.md" in told
    assert "Changed: mill.md" in told
    assert "Hawley" in here.see("read", source="mill.md", paragraph=1).seen
    assert here.texts() == ["mill.md"]


def test_removed_text_answers_no_more_and_the_last_takes_the_index_along(here):
    """What is left still answers; in the end only the shared texts do."""
    here.add("mill.md", MILL.encode())
    here.add("fair.txt", b"The fair of Arden is held in August.")
    suggested = here.choices("pullquote remove", "source", user=here.owner, source="")
    assert suggested == [("fair.txt", "fair.txt"), ("mill.md", "mill.md")]
    assert "Removed: mill.md" in here.admin("remove", source="mill.md")
    assert "Thorne" not in here.see("ask", question="who owned the mill?").seen
    assert "August" in here.see("ask", question="when is the fair held?").seen
    assert "no texts of its own any more" in here.admin("remove", source="fair.txt")
    assert not (here.folder / "index").exists()
    assert "August" not in here.see("ask", question="when is the fair held?").seen
    assert "only in this server" not in here.see("sources").seen


@pytest.mark.parametrize("name", ["harbour.txt", "../texts/mill.md", "", "MILL.MD", *FORGED[:5]])
def test_only_own_texts_are_removed(here, name):
    """Neither a shared text nor what a forged name leads to."""
    here.add("mill.md", MILL.encode())
    assert "This server has no text of its own named" in here.admin("remove", source=name)
    assert here.texts() == ["mill.md"]
    assert (here.stage.corpus / "harbour.txt").exists()


def test_rebuild_reports_what_changed_in_the_folder(here):
    """What the owner of the machine put there is taken in, and what cannot be read is named."""
    assert "This server has no texts of its own" in here.admin("rebuild")
    texts = here.folder / "texts"
    texts.mkdir(parents=True)
    (texts / "mill.md").write_text(MILL, encoding="utf-8")
    (texts / "scan.pdf").write_bytes(b"%PDF")
    told = here.admin("rebuild")
    assert "Added: mill.md" in told
    assert "Skipped scan.pdf: " in told
    assert "The texts have not changed" in here.admin("rebuild")


def test_shared_texts_are_rebuilt_by_the_owner_of_the_bot_only(here, there):
    """The owner of a server may not; after it, every server has the new text."""
    new = here.stage.corpus / "ferry.txt"
    new.write_text("The ferry to Lowmere sails twice a day.", encoding="utf-8")
    assert "Only the owner of this application" in here.admin("rebuild", shared=True)
    here.discord.join(here.guild, here.discord.owner)
    told = here.admin("rebuild", here.discord.owner, shared=True)
    assert "Added: ferry.txt" in told
    assert "twice a day" in there.see("read", source="ferry.txt", paragraph=1).seen
    new.unlink()
    assert "Removed: ferry.txt" in here.admin("rebuild", here.discord.owner, shared=True)


def test_who_left_the_team_rebuilds_shared_texts_no_more(here):
    """Whom the application belongs to is looked up each time, for teams change."""
    discord = here.discord
    mate = discord.add_user("mate", here.guild)
    try:
        discord.set_team(mate)
        assert "The texts have not changed" in here.admin("rebuild", mate, shared=True)
    finally:
        discord.world.team.clear()
    assert "Only the owner of this application" in here.admin("rebuild", mate, shared=True)


def test_start_brings_indexes_of_servers_up_to_date(stage):
    """A text whose index is missing, as after a crash, is searched soon after the start."""
    place = Place(stage, stage.early)
    stage.discord.wait_until(lambda: "mill.md" in place.see("sources").seen)
    assert THORNE in place.see("ask", question="who owned the mill?").seen


def test_who_may_not_ask_sees_no_texts_either(here):
    """Roles that may ask hold for lists, places and suggestions, too."""
    role = here.discord.add_role(here.guild, "readers")
    store(
        here,
        lambda of: of.set_server(here.guild.id, ServerSettings(ask_roles=frozenset({role.id}))),
    )
    for answer in (here.see("sources"), here.see("read", source="harbour.txt", paragraph=1)):
        assert answer.seen == "Only members with certain roles may ask me here."
        assert answer.ephemeral
    assert here.choices("read", "source", source="") == []
    assert here.choices("ask", "question", question="the") == []
    here.discord.set_roles(here.guild, here.member, role)
    assert CAPTAIN in here.see("read", source="harbour.txt", paragraph=1).seen


def test_nothing_is_read_where_the_bot_is_turned_off(here):
    """A channel that an admin turned off stays quiet."""
    off = ChannelSettings(mode="off")
    store(here, lambda of: of.set_channel(here.guild.id, here.channel.id, off))
    answer = here.see("read", source="harbour.txt", paragraph=1)
    assert "turned off in this channel" in answer.seen
    assert answer.ephemeral


def store(place, change):
    """Change the settings of a server, as its admins do."""

    async def run():
        database = await open_database(place.stage.database)
        await change(database.settings)
        await database.close()

    asyncio.run(run())


@pytest.mark.parametrize("command", ["add", "remove", "rebuild"])
def test_members_may_not_change_texts(here, command):
    """Who does not administer is told so, and gets no suggestions."""
    here.add("mill.md", MILL.encode())
    options = {
        "add": {"file": here.discord.attachment("fair.txt", b"A fair.")},
        "remove": {"source": "mill.md"},
        "rebuild": {},
    }
    assert "You need another role" in here.admin(command, here.member, **options[command])
    assert here.choices("pullquote remove", "source", source="") == []
    assert here.texts() == ["mill.md"]


def test_one_change_at_a_time_and_the_second_is_told(here):
    """While a build is under way its response lives, and another is asked to wait."""
    here.add("mill.md", MILL.encode())
    lock = FileLock(here.folder / "index" / "build.lock")
    with lock:
        first = here.discord.slash(here.channel, here.owner, "pullquote rebuild")
        here.discord.wait_until(
            lambda: first.response and "Looking at the texts" in first.response.seen
        )
        assert "being indexed now" in here.admin("rebuild")
        assert THORNE in here.see("ask", question="who owned the mill?").seen
    here.discord.wait_until(lambda: "The texts have not changed" in first.response.seen)


def test_long_list_of_texts_has_pages(here):
    """Buttons lead through them; every text stands on one page."""
    texts = here.folder / "texts"
    texts.mkdir(parents=True)
    for n in range(23):
        (texts / f"song{n:02}.txt").write_text(f"Song {n}\n\nIt is about ship {n}.")
    here.admin("rebuild")
    used = here.discord.slash(here.channel, here.member, "sources")
    listed = used.wait_for_response()
    assert "The texts I quote from (1/3)" in listed.seen
    seen = listed.seen
    for page in (2, 3):
        here.discord.press(listed, here.discord.button(listed, "Next page"), here.member)
        here.discord.wait_until(lambda page=page: f"({page}/3)" in listed.seen)
        seen += listed.seen
    assert all(seen.count(f"song{n:02}.txt") == 1 for n in range(23))
    with pytest.raises(LookupError):
        here.discord.button(listed, "Next page")
    here.discord.press(listed, here.discord.button(listed, "Previous page"), here.member)
    here.discord.wait_until(lambda: "(2/3)" in listed.seen)


def test_hostile_names_and_titles_show_as_typed(here):
    """A title with markup, a mention or a link does nothing in a list or a report."""
    hostile = "__@everyone__ [x](discord.gg) `y` ~~z~~.txt"
    told = here.add(hostile, b"# **bold** @everyone <@1>\n\nA paragraph of no harm.")
    assert hostile in told
    assert hostile in here.see("sources").seen
    assert here.discord.pings == []
    assert hostile in dict(here.choices("read", "source", source="everyone")).values()


def test_questions_are_answered_while_a_text_is_taken_in(here, there):
    """A build keeps the bot from nothing: others get their answers meanwhile."""
    text = "\n\n".join(f"Ship {n} sank in the year {1000 + n} off Lowmere." for n in range(8000))
    file = here.discord.attachment("ships.txt", text.encode())
    used = here.discord.slash(here.channel, here.owner, "pullquote add", file=file)
    assert CAPTAIN in there.see("ask", question="who dug the harbour?").seen
    while used.response is None or "Added: ships.txt" not in used.response.seen:
        assert there.choices("ask", "question", question="the harb")
        assert "harbour.txt" in there.see("sources").seen


def test_bot_stops_in_time_while_a_build_is_under_way(here):
    """The last test, as it ends the bot: neither a build nor its progress keeps it."""
    here.add("mill.md", MILL.encode())
    with FileLock(here.folder / "index" / "build.lock"):
        used = here.discord.slash(here.channel, here.owner, "pullquote rebuild")
        used.wait_for_acknowledgement()
        assert here.stage.bot.stop() == 0
    assert "Traceback" not in here.stage.bot.log
