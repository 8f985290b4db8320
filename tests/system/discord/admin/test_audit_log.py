"""`/pullquote changes`: who changed what in a server, shown to those who administer it only."""

import asyncio
import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta

from bot.database import Change, Pseudonyms, ServerSettings, open_database
from bot.rendering import notices
from tests.support.scenes import running_world

MILL = b"# The mill\n\nThe mill of Arden belonged to the Thorne family for two hundred years.\n"
QUESTION = "what does the ferryman drink in the evening?"


def changes(scene, user=None, **options):
    """Return what a person is shown of the changes."""
    return scene.use("pullquote changes", user or scene.admin, **options)


def finish(scene, used):
    """Wait until a change of texts is reported, and return the report."""
    report = used.wait_for_response()
    busy = ("Fetching", "Looking", "Reading", "Sorting", "Computing")
    scene.discord.wait_until(lambda: not report.seen.startswith(busy), 20, "the report")
    return report


def add(scene, name="mill.md", content=MILL, user=None):
    """Upload a text, and return the report."""
    file = scene.discord.attachment(name, content)
    used = scene.discord.slash(scene.channel, user or scene.admin, "pullquote add", file=file)
    return finish(scene, used)


def remove(scene, name="mill.md"):
    """Remove a text, and return the report."""
    used = scene.discord.slash(scene.channel, scene.admin, "pullquote remove", source=name)
    return finish(scene, used)


def entries(message):
    """Return the entries of a list, without its title."""
    (box,) = message.components
    texts = [part["content"] for part in box["components"] if part["type"] == 10]
    return texts[1:]


def test_changes_of_texts_name_the_person_and_the_time(scene):
    """Added, replaced and removed, newest first; pings nobody."""
    add(scene)
    add(scene, content=MILL + b"\nIt burned.\n", user=scene.guild.owner)
    remove(scene)
    removed, replaced, added = entries(changes(scene))
    assert removed.startswith("**Text removed: mill.md**\n-# ")
    assert f"<@{scene.admin.id}> \u00b7 <t:" in removed
    assert replaced.startswith("**Text replaced: mill.md**")
    assert f"<@{scene.guild.owner.id}>" in replaced
    assert added.startswith("**Text added: mill.md**")
    assert scene.discord.pings == []


def test_change_that_is_refused_is_not_recorded(scene):
    """Neither a text that cannot be read nor a choice that changes nothing is one."""
    add(scene, "empty.txt", b"")
    scene.set_up("mode", "addressed")
    assert changes(scene).seen == "Nothing was changed here in the last 90 days."


def test_changes_of_settings_say_from_what_to_what(scene):
    """Those of a channel name it; roles and channels are shown by name, and nobody is pinged."""
    scene.set_up("mode", "every")
    scene.set_up("ask", scene.teachers)
    scene.set_up("digest", scene.channel)
    scene.set_up("plain")
    plain, digest, ask, mode = entries(changes(scene))
    assert plain.startswith("**Plain text instead of cards: on**\n-#")
    assert digest.startswith(
        "**Weekly digest of open questions (Mondays, 8:00 UTC)**\n"
        f"Before: Off \u00b7 now: <#{scene.channel.id}>\n"
    )
    assert f"Before: Everybody \u00b7 now: <@&{scene.teachers.id}>" in ask
    assert mode.startswith(
        f"**What I answer there** \u00b7 <#{scene.channel.id}>\n"
        "Before: What is addressed to me \u00b7 now: Every question\n"
    )
    assert scene.discord.pings == []


def test_taught_and_removed_lessons_name_their_paragraph_and_not_the_question(scene):
    """Who taught is named to the admins, also if the teacher may not administer."""
    discord = scene.discord
    scene.set_server(ServerSettings(trusted_roles=frozenset({scene.teachers.id})))
    question = discord.say(scene.channel, scene.alice, QUESTION)
    form = discord.context_menu(question, scene.teacher, "Teach")
    form.wait_for_modal()
    shown = form.submit(paragraph="4").wait_for_response()
    discord.press(shown, shown.buttons[0]["custom_id"], scene.teacher)
    discord.wait_until(lambda: "Taught" in shown.seen, 10, "the confirmation")
    listed = scene.use("pullquote taught", scene.admin)
    scene.press(listed, "Remove", scene.admin)
    discord.wait_until(lambda: "Nothing has been taught" in listed.seen, 10, "the removal")
    shown = changes(scene)
    removed, taught = entries(shown)
    assert taught.startswith("**Lesson taught: harbour.txt, paragraph 4**")
    assert f"<@{scene.teacher.id}>" in taught
    assert removed.startswith("**Lesson removed: harbour.txt, paragraph 4**")
    assert f"<@{scene.admin.id}>" in removed
    assert "ferryman" not in shown.seen


def test_changes_can_be_limited_to_a_kind_and_are_paged(scene):
    """The pages of a kind have only that kind."""
    for _ in range(3):
        scene.set_up("plain")
        scene.set_up("mode", "off")
        scene.set_up("mode", "addressed")
    add(scene)
    assert len(entries(changes(scene))) == 5
    assert changes(scene).seen.startswith("Changes in this server (10)")
    (text,) = entries(changes(scene, what="text"))
    assert "Text added" in text
    settings = changes(scene, what="setting")
    assert settings.seen.startswith("Changes in this server (9)")
    scene.press(settings, "Older", scene.admin)
    scene.discord.wait_until(lambda: len(entries(settings)) == 4, 10, "the second page")
    assert "Text added" not in settings.seen
    assert changes(scene, what="lesson").seen.startswith("Nothing was changed")


def test_members_and_other_servers_see_no_change(scene, world):
    """A member, a teacher, who lost the right and an admin of another server get nothing."""
    add(scene)
    for _ in range(6):
        scene.set_up("plain")
    shown = changes(scene)
    other = world.settle("Hightor")
    add(other, "theirs.md")
    scene.set_server(ServerSettings(trusted_roles=frozenset({scene.teachers.id})))
    for member in (scene.alice, scene.teacher):
        assert changes(scene, member).seen == notices.MAY_NOT
    theirs = changes(other)
    assert "theirs.md" in theirs.seen
    assert "mill.md" not in theirs.seen
    assert "theirs.md" not in changes(scene, what="text").seen
    scene.discord.set_roles(scene.guild, scene.admin)
    refused = scene.press(shown, "Older", scene.admin).wait_for_response()
    assert refused.seen == notices.MAY_NOT


def test_who_changed_something_sees_it_and_is_forgotten_on_request(scene):
    """`/privacy show` has it in a file; after `/privacy delete` the change stays without a name."""
    add(scene)
    shown = scene.use("privacy show", scene.admin)
    assert "that you changed in the last 90 days: 1." in shown.seen
    assert b'"subject": "mill.md"' in shown.files["changes.json"]
    assert str(scene.admin.id).encode() not in shown.files["changes.json"]
    asking = scene.use("privacy delete", scene.admin)
    scene.discord.press(asking, asking.buttons[0]["custom_id"], scene.admin)
    scene.discord.wait_until(lambda: not asking.buttons, 10, "the deletion")
    assert "Changes that no longer show who made them: 1." in asking.seen
    (entry,) = entries(changes(scene))
    assert entry.startswith("**Text added: mill.md**\n-# Somebody whose name I no longer have")
    assert "I keep nothing about you" in scene.use("privacy show", scene.admin).seen


def test_database_alone_does_not_tell_who_changed_something(scene):
    """Neither the file nor its rows hold the id; the key is needed to read it."""
    add(scene)
    with contextlib.closing(sqlite3.connect(scene.data / "pullquote.db")) as database:
        rows = list(database.execute("SELECT * FROM audit_log"))
    assert rows
    number = scene.admin.id
    assert not [row for row in rows if {number, str(number), f"{number:016x}"} & set(row)]


def test_changes_older_than_90_days_are_deleted_at_the_start(discord, tmp_path):
    """Later ones stay, also if questions are kept for a shorter time."""
    guild = discord.add_guild("Lowmere")
    channel = discord.add_channel(guild, "harbour")
    key = Pseudonyms.load(tmp_path / "data")

    async def record(age, name):
        moment = datetime.now(UTC) - timedelta(days=age)
        file = tmp_path / "data" / "pullquote.db"
        database = await open_database(f"sqlite:///{file}", lambda: moment)
        hashed, sealed = key.hashed(guild.owner.id), key.sealed(guild.owner.id)
        change = Change(guild.id, "text_added", name)
        await database.audit_log.add(change, person=hashed, sealed=sealed)
        await database.close()

    asyncio.run(record(91, "old.md"))
    asyncio.run(record(89, "recent.md"))
    with running_world(discord, tmp_path, RETENTION_DAYS="1") as world:
        world.bot.wait_for_log("Deleted 0 questions")
        used = discord.slash(channel, guild.owner, "pullquote changes")
        (entry,) = entries(used.wait_for_response())
    assert "recent.md" in entry
    assert f"<@{guild.owner.id}>" in entry
