"""A server's own texts on the disk: taken in, replaced, removed; nothing is lost on the way."""

import os
import shutil
import time

import pytest

from bot.config.settings import Settings
from bot.discord_app.texts.server_corpus import ServerCorpus
from bot.errors import TextRefusedError
from bot.indexing.build import BuildProgress, BuildStoppedError, Step
from index import IndexWriteError, Searcher

MILL = b"# The mill\n\nThe mill belonged to the Thorne family."
FAIR = b"The fair of Arden is held in August."


@pytest.fixture
def own(tmp_path):
    """The folder of a server without texts."""
    return ServerCorpus(tmp_path / "servers" / "7", Settings(max_file_mb=1))


def add(own, name, content, progress=None):
    """Take in a file, as an upload."""
    with own.incoming() as folder:
        (folder / name).write_bytes(content)
        return own.add(folder / name, progress or BuildProgress())


def sources(own):
    """Return what the index in force has."""
    return [info.source for info in Searcher.open(own.index_dir).sources()]


def test_text_is_added_replaced_and_removed(own):
    """The reports say what happened, and the index has what the folder has."""
    assert own.names() == []
    assert add(own, "mill.md", MILL).added == ["mill.md"]
    assert add(own, "fair.txt", FAIR).added == ["fair.txt"]
    assert add(own, "mill.md", MILL + b" It burned.").changed == ["mill.md"]
    assert own.names() == sources(own) == ["fair.txt", "mill.md"]
    removed = own.remove("mill.md", BuildProgress())
    assert removed is not None
    assert removed.removed == ["mill.md"]
    assert own.remove("fair.txt", BuildProgress()) is None
    assert own.names() == []
    assert sorted(path.name for path in own.folder.iterdir()) == ["removed", "texts"]


def test_removed_text_is_restored(own):
    """It answers again, with the bytes that it had, and cannot be restored twice."""
    add(own, "mill.md", MILL)
    own.remove("mill.md", BuildProgress())
    (removed,) = own.removed.all(own.now())
    assert own.restore(removed, "mill.md", BuildProgress()).added == ["mill.md"]
    assert sources(own) == ["mill.md"]
    assert (own.texts_dir / "mill.md").read_bytes() == MILL
    assert own.removed.all(own.now()) == []
    assert sorted(path.name for path in own.folder.iterdir()) == ["index", "texts"]


def test_replaced_text_is_restored_and_the_later_one_is_kept(own):
    """Restoring swaps the two, again and again."""
    add(own, "mill.md", MILL)
    add(own, "mill.md", FAIR)
    for content, other in ((MILL, FAIR), (FAIR, MILL)):
        (removed,) = own.removed.all(own.now())
        assert removed.path.read_bytes() == content
        assert own.restore(removed, "mill.md", BuildProgress()).changed == ["mill.md"]
        assert (own.texts_dir / "mill.md").read_bytes() == content
        assert [text.path.read_bytes() for text in own.removed.all(own.now())] == [other]


def test_restoring_that_fails_keeps_the_removed_text(own, monkeypatch):
    """Neither the collection nor what is kept aside changes."""
    add(own, "mill.md", MILL)
    own.remove("mill.md", BuildProgress())
    before = own.removed.all(own.now())

    def fail(*_arguments, **_more):
        raise IndexWriteError(own.index_dir, "no space left")

    monkeypatch.setattr("bot.discord_app.texts.server_corpus.build", fail)
    with pytest.raises(IndexWriteError):
        own.restore(before[0], "mill.md", BuildProgress())
    assert own.names() == []
    assert own.removed.all(own.now()) == before
    assert before[0].path.read_bytes() == MILL


def test_removed_texts_take_no_room_from_the_others_and_have_as_much(own):
    """The oldest make way for the newest; a server that is full can still replace its texts."""
    for n in range(6):
        add(own, "mill.md", MILL + b" word" * 200_000 + str(n).encode())
    own.check_room("other.md", 2**20)
    kept = own.removed.all(own.now())
    assert [text.path.read_bytes()[-1:] for text in kept] == [b"4", b"3", b"2", b"1"]


def test_content_of_a_text_is_what_was_uploaded(own):
    """Byte for byte, or as much as asked for and one byte more; None for what is no text."""
    content = b"\xef\xbb\xbfThe mill.\r\n\r\nIt burned.\r"
    add(own, "mill.md", content)
    assert own.content("mill.md", 1000) == content
    assert own.content("mill.md", 3) == content[:4]
    assert own.content("../texts/mill.md", 1000) is None


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"---\ntitle: Mill\n---\n"])
def test_unreadable_text_leaves_everything_as_it_was(own, content):
    """Neither a new name nor the text of that name is touched."""
    add(own, "mill.md", MILL)
    for name in ("mill.md", "other.md"):
        with pytest.raises(TextRefusedError, match="I can't read"):
            add(own, name, content)
    assert own.names() == sources(own) == ["mill.md"]
    assert (own.texts_dir / "mill.md").read_bytes() == MILL
    assert list(own.folder.glob("incoming-*")) == []


@pytest.mark.parametrize("error", [IndexWriteError, BuildStoppedError])
def test_build_that_fails_puts_the_files_back(own, monkeypatch, error):
    """The collection and the index stay the ones that belong together."""
    add(own, "mill.md", MILL)

    def fail(*_arguments, **_more):
        raise error(own.index_dir, "no space left") if error is IndexWriteError else error

    monkeypatch.setattr("bot.discord_app.texts.server_corpus.build", fail)
    with pytest.raises(error):
        add(own, "mill.md", FAIR)
    with pytest.raises(error):
        add(own, "fair.txt", FAIR)
    with pytest.raises(error):
        own.remove("mill.md", BuildProgress())
    assert (own.texts_dir / "mill.md").read_bytes() == MILL
    assert own.names() == sources(own) == ["mill.md"]
    assert own.removed.all(own.now()) == []


def test_build_that_is_stopped_ends_and_keeps_the_index(own):
    """A stop asked for from outside ends the build at its next step."""
    add(own, "mill.md", MILL)
    progress = BuildProgress()
    progress.stop()
    with pytest.raises(BuildStoppedError):
        add(own, "fair.txt", FAIR, progress)
    assert own.names() == sources(own) == ["mill.md"]


def test_progress_says_how_far_a_build_is(own):
    """Its last step is done."""
    progress = BuildProgress()
    assert progress.step is None
    things = progress(["a", "b", "c"], "Reading texts")
    assert [next(things), next(things)] == ["a", "b"]
    assert progress.step == Step("Reading texts", 1, 3)
    add(own, "mill.md", MILL, progress)
    assert progress.step is not None
    assert progress.step.done == progress.step.total


@pytest.mark.parametrize("name", ["../7/texts/mill.md", "/mill.md", ".", "", "MILL.md", ".hidden"])
def test_only_a_text_of_the_folder_is_removed(own, name):
    """Names are compared with what is there, never followed."""
    add(own, "mill.md", MILL)
    (own.texts_dir / ".hidden").write_bytes(FAIR)
    with pytest.raises(TextRefusedError, match="no text of its own"):
        own.remove(name, BuildProgress())
    assert (own.texts_dir / "mill.md").exists()
    assert (own.texts_dir / ".hidden").exists()


def test_room_is_bounded(own, monkeypatch):
    """The size of a file, of all files and their number; a replaced text does not count."""
    megabyte = 2**20
    own.check_room("a.txt", megabyte)
    with pytest.raises(TextRefusedError, match="files of up to 1 MiB"):
        own.check_room("a.txt", megabyte + 1)
    own.texts_dir.mkdir(parents=True)
    for name in "abcd":
        (own.texts_dir / f"{name}.txt").write_bytes(b"x" * megabyte)
    own.check_room("a.txt", megabyte)
    with pytest.raises(TextRefusedError, match="larger than 4 MiB in total"):
        own.check_room("e.txt", 1)
    monkeypatch.setattr("bot.discord_app.texts.server_corpus._MAX_FILES", 4)
    own.check_room("a.txt", 1)
    with pytest.raises(TextRefusedError, match="4 texts of its own"):
        own.check_room("e.txt", 0)


def test_rebuild_takes_the_index_away_with_the_last_readable_text(own):
    """An index of texts that are gone would quote what nobody can look up."""
    add(own, "mill.md", MILL)
    (own.texts_dir / "mill.md").write_bytes(b"")
    assert own.rebuild(BuildProgress()) is None
    assert not own.index_dir.exists()
    assert own.rebuild(BuildProgress()) is None


def test_catching_up_builds_what_a_crash_left_undone(own):
    """A text without its index gets one; what was on its way long ago goes, the rest stays."""
    add(own, "mill.md", MILL)
    (own.texts_dir / "fair.txt").write_bytes(FAIR)
    old, new = own.folder / "incoming-old", own.folder / "incoming-new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    own.catch_up(BuildProgress())
    assert sources(own) == ["fair.txt", "mill.md"]
    assert not old.exists()
    assert new.exists()
    shutil.rmtree(own.index_dir)
    own.catch_up(BuildProgress())
    assert sources(own) == ["fair.txt", "mill.md"]


def test_own_index_is_built_for_the_tier_of_the_settings(tmp_path):
    """Where an encoder is wanted and missing, the texts are indexed without it."""
    own = ServerCorpus(tmp_path / "7", Settings(neural_model="no/model"))
    assert add(own, "mill.md", MILL).encoder_problem
