"""Own texts come back: as a file, by a button, by a command; for seven days, in their server."""

import pytest

from bot.rendering import notices
from tests.support.scenes import running_world

THORNE = "The mill of Arden belonged to the Thorne family for two hundred years."
MILL = f"\ufeff# The mill\r\n\r\n{THORNE}\r\n\r\nIt burned down in 1911.\r".encode()
ASKED = "who owned the mill of Arden?"
DAY_S = 86_400

NO_MORE = "That text can no longer be restored."


def finish(scene, used):
    """Wait until a change of texts is reported, and return the report."""
    report = used.wait_for_response()
    assert report.ephemeral
    busy = ("Fetching", "Looking", "Reading", "Sorting", "Computing")
    scene.discord.wait_until(lambda: not report.seen.startswith(busy), 20, "the report")
    return report


def do(scene, command, user=None, **options):
    """Let the admin, or another, use a command, and return its result."""
    used = scene.discord.slash(
        scene.channel, user or scene.admin, f"pullquote {command}", **options
    )
    return finish(scene, used)


def add(scene, content=MILL, name="mill.md"):
    """Upload a text, and return the report."""
    return do(scene, "add", file=scene.discord.attachment(name, content))


def undo(scene, report, user=None):
    """Press the button below a report, and return what is said then."""
    return finish(scene, scene.press(report, "Undo", user or scene.admin))


def answer(scene):
    """Return the answer to the question about the mill."""
    return scene.slash(ASKED, private=True).wait_for_response().seen


def choices(scene, command, user=None, typed=""):
    """Return what is suggested for the option of a command."""
    typing = scene.discord.autocomplete(
        scene.channel,
        user or scene.admin,
        f"pullquote {command}",
        focused="source",
        source=typed,
    )
    return typing.wait_for_choices()


def folder(scene):
    """Return the folder of the server."""
    return scene.data / "servers" / str(scene.guild.id)


def removed(scene):
    """Return the removed files of the server."""
    return sorted(folder(scene).glob("removed/*/*"))


def test_own_text_is_got_as_it_was_uploaded(scene):
    """Byte for byte, privately, under its name."""
    add(scene)
    assert choices(scene, "get") == [("mill.md", "mill.md")]
    got = do(scene, "get", source="mill.md")
    assert got.files == {"mill.md": MILL}
    assert got.is_visible_to(scene.admin)
    assert not got.is_visible_to(scene.alice)


@pytest.mark.parametrize("name", ["harbour.txt", "../texts/mill.md", "MILL.md", "x"])
def test_only_own_texts_are_got(scene, name):
    """Neither a shared text nor what a forged name leads to."""
    add(scene)
    got = do(scene, "get", source=name)
    assert "This server has no text of its own named" in got.seen
    assert got.files == {}


def test_text_that_discord_does_not_take_is_said_in_a_line(scene):
    """What was put into the folder by hand may be larger than an upload."""
    texts = folder(scene) / "texts"
    texts.mkdir(parents=True)
    (texts / "large_one.txt").write_bytes(b"x" * (10 * 2**20 + 1))
    got = do(scene, "get", source="large_one.txt")
    assert got.seen == (
        "large_one.txt is too large for Discord, which takes files of up to 10 MiB from me."
    )
    assert got.files == {}


def test_removal_is_undone_once(scene):
    """The text answers again with the same bytes; a second press says that nothing is left."""
    add(scene)
    report = do(scene, "remove", source="mill.md")
    assert THORNE not in answer(scene)
    assert "Added: mill.md" in undo(scene, report).seen
    assert THORNE in answer(scene)
    assert do(scene, "get", source="mill.md").files == {"mill.md": MILL}
    assert undo(scene, report).seen == NO_MORE
    assert removed(scene) == []
    restored = scene.use("pullquote changes", scene.admin)
    assert "Text restored: mill.md" in restored.seen


def test_replacement_is_undone_and_done_again(scene):
    """Either upload can be brought back, for the other one is kept."""
    add(scene)
    report = add(scene, MILL.replace(b"Thorne", b"Hawley"))
    assert "Hawley" in answer(scene)
    back = undo(scene, report)
    assert THORNE in answer(scene)
    undo(scene, back)
    assert "Hawley" in answer(scene)


def test_removed_text_is_restored_by_the_command(scene):
    """What can be restored is suggested with its time, the newest first; a name does, too."""
    add(scene)
    do(scene, "remove", source="mill.md")
    add(scene, b"The fair of Arden is held in August.", "fair.txt")
    do(scene, "remove", source="fair.txt")
    (fair, fair_key), (mill, mill_key) = choices(scene, "restore")
    assert (fair[:11], mill[:10]) == ("fair.txt \u00b7 ", "mill.md \u00b7 ")
    assert fair.endswith(" UTC")
    assert choices(scene, "restore", typed="mil") == [(mill, mill_key)]
    assert "Added: mill.md" in do(scene, "restore", source=mill_key).seen
    assert do(scene, "restore", source=mill_key).seen == NO_MORE
    assert "Added: fair.txt" in do(scene, "restore", source="fair.txt").seen
    assert fair_key not in dict(choices(scene, "restore")).values()
    for name in ("../../x", "", "nothing.md", "9" * 30):
        assert do(scene, "restore", source=name).seen == NO_MORE


def test_restoring_is_for_admins_of_that_server(scene, world):
    """Others get neither suggestions nor texts, nor does a button from elsewhere do anything."""
    add(scene)
    report = do(scene, "remove", source="mill.md")
    other = world.settle("Hightor")
    (key,) = [path.parent.name for path in removed(scene)]
    assert choices(other, "restore") == []
    assert choices(other, "get") == []
    for name in (key, "mill.md"):
        assert do(other, "restore", source=name).seen == NO_MORE
    add(other, b"The fair of Arden is held in August.", "fair.txt")
    theirs = do(other, "remove", source="fair.txt")
    button = next(one for one in theirs.buttons if one["custom_id"].startswith("pq:undo"))
    button["custom_id"] = f"pq:undo:{key}"
    pressed = scene.discord.press(theirs, button["custom_id"], other.admin)
    assert finish(other, pressed).seen == NO_MORE
    for command in ("restore", "get"):
        assert choices(scene, command, scene.alice) == []
        told = do(scene, command, scene.alice, source="mill.md")
        assert told.seen == notices.MAY_NOT
        assert told.files == {}
    scene.discord.set_roles(scene.guild, scene.admin)
    assert undo(scene, report).seen == notices.MAY_NOT
    assert len(removed(scene)) == 1


def test_name_that_a_shared_text_took_is_not_restored(scene):
    """Two texts of one name would be one source of quotes."""
    add(scene)
    do(scene, "remove", source="mill.md")
    shared = scene.corpus / "mill.md"
    shared.write_bytes(MILL)
    try:
        scene.discord.join(scene.guild, scene.discord.owner)
        do(scene, "rebuild", scene.discord.owner, shared=True)
        told = do(scene, "restore", source="mill.md").seen
        assert "The name mill.md belongs to a text that all servers share" in told
        assert len(removed(scene)) == 1
    finally:
        shared.unlink()
        do(scene, "rebuild", scene.discord.owner, shared=True)


def age(scene, days):
    """Let the removed files of a server have been removed some days earlier."""
    for path in removed(scene):
        earlier = int(path.parent.name) - days * DAY_S * 1000
        path.parent.rename(path.parent.with_name(str(earlier)))


def test_removed_text_comes_back_after_a_restart_and_is_deleted_after_seven_days(discord, tmp_path):
    """The button of before the restart works; what is older is deleted at the start."""
    with running_world(discord, tmp_path) as world:
        scene = world.settle()
        add(scene)
        report = do(scene, "remove", source="mill.md")
        add(scene, b"The fair of Arden is held in August.", "fair.txt")
    discord.expect_restart()
    with running_world(discord, tmp_path):
        assert "Added: mill.md" in undo(scene, report).seen
        assert THORNE in answer(scene)
        do(scene, "remove", source="mill.md")
        age(scene, 6)
        assert len(choices(scene, "restore")) == 1
    discord.expect_restart()
    with running_world(discord, tmp_path):
        assert len(choices(scene, "restore")) == 1
        age(scene, 2)
        assert choices(scene, "restore") == []
        assert do(scene, "restore", source="mill.md").seen == NO_MORE
    discord.expect_restart()
    with running_world(discord, tmp_path):
        discord.wait_until(lambda: removed(scene) == [], 10, "the deletion")
        assert (folder(scene) / "texts" / "fair.txt").exists()
        assert not (folder(scene) / "removed").exists()


def test_removed_texts_are_deleted_with_their_server(discord, tmp_path):
    """Nothing of a server is left that was left long ago."""
    with running_world(discord, tmp_path) as world:
        scene = world.settle()
        add(scene)
        do(scene, "remove", source="mill.md")
        assert len(removed(scene)) == 1
        discord.remove_guild(scene.guild)
        world.bot.wait_for_log(f"Removed from server {scene.guild.id}")
        long_ago = "2026-01-01T00:00:00+00:00"
        key = f"left server {scene.guild.id}"
        world.on_database(lambda of: of.key_values.put(key, long_ago))
    discord.expect_restart()
    with running_world(discord, tmp_path):
        discord.wait_until(lambda: not folder(scene).exists(), 10, "the deletion")
