"""An export of a channel as JSON becomes one passage for each message."""

import json

import pytest

from index.documents import Limits
from tests.support.data.document_files import read_bytes, reason_against

GUILD, CHANNEL = "1000000000000000001", "1000000000000000002"
FIRST = 1335180000000000001


def message(number, name, content, *, is_bot=False, **more):
    """Return a message as the exporter writes it; `number` counts from 0."""
    person = {"id": f"9{name}", "name": name, "nickname": name.title(), "isBot": is_bot}
    return {
        "id": str(FIRST + number),
        "type": "Default",
        "timestamp": "2025-02-01T10:00:00+01:00",
        "author": person,
        "content": content,
        **more,
    }


def export(*messages, **channel):
    """Return an export of messages as bytes."""
    held = {
        "guild": {"id": GUILD, "name": "Harbour"},
        "channel": {"id": CHANNEL, "name": "help", **channel},
        "messages": messages,
    }
    return json.dumps(held).encode()


ASKED = message(0, "ann", "Which port does the map server use?")
ANSWERED = message(
    1,
    "ben",
    "It listens on 8123, @Ann.",
    type="Reply",
    reference={"messageId": str(FIRST)},
    mentions=[{"id": "9ann", "name": "ann", "nickname": "Ann"}],
)


@pytest.mark.parametrize(
    ("names", "author", "text"),
    [
        (False, "Author 2", "It listens on 8123, @Author 1."),
        (True, "Ben", "It listens on 8123, @Ann."),
    ],
)
def test_message_has_its_author_day_address_and_what_it_answers(names, author, text):
    """Authors are numbered, in mentions too, unless the owner turns names on."""
    read = read_bytes("chat.json", export(ASKED, ANSWERED), Limits(names_authors=names))
    assert read.title == "#help \u00b7 Harbour"
    _, answer = read.paragraphs
    assert (answer.section, answer.text, answer.date) == (author, text, "2025-02-01")
    assert answer.url == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{FIRST + 1}"
    assert answer.lead_in == "Which port does the map server use?"


def test_message_is_one_passage_whatever_stands_in_it():
    """Code and lists belong to their message, and a short message is not joined to the next."""
    code = message(1, "ann", "Type:\n```sh\nring\n```\n# Then\n- wait\n- listen")
    read = read_bytes("chat.json", export(ASKED, code, message(2, "ann", "Thanks:"), ASKED))
    assert [(one.kind, one.stands_alone, one.continues) for one in read.paragraphs] == [
        ("text", True, False),
        ("text", True, False),
        ("code", False, True),
        ("text", False, True),
        ("list", False, True),
        ("text", True, False),
        ("text", True, False),
    ]


def test_messages_of_machines_are_read_if_they_say_something():
    """Notices and replies to commands are left out; what a webhook embeds is its text."""
    embed = {
        "title": "Fair",
        "description": "In May.",
        "fields": [{"name": "Where", "value": "Pier"}],
    }
    messages = [
        message(0, "ann", "joined", type="GuildMemberJoin"),
        message(1, "bot", "**quote**", type="20", is_bot=True),
        message(2, "bot", "", is_bot=True, embeds=[embed]),
        message(3, "ann", "https://a.example", embeds=[embed]),
        message(4, "ann", ""),
    ]
    read = read_bytes("chat.json", export(*messages, topic="Ask here"))
    assert [one.text for one in read.paragraphs] == [
        *("Ask here", "Fair", "In May.", "Where:", "Pier", "https://a.example"),
    ]


def test_people_who_are_mentioned_by_their_id_are_called_as_authors_are():
    """An export may keep the ids of Discord."""
    thanks = message(1, "ben", "Ask <@9ann> or <@!42>.".replace("9ann", "91"))
    ann = {**ASKED, "author": {**ASKED["author"], "id": "91"}}
    read = read_bytes("chat.json", export(ann, thanks))
    assert [one.text for one in read.paragraphs][1] == "Ask @Author 1 or @Author 3."


def test_attachments_are_counted():
    """They are files, which the owner can put beside the export."""
    files = message(1, "ann", "See this.", attachments=[{"id": "1"}, {"id": "2"}])
    read = read_bytes("chat.json", export(ASKED, files))
    assert (read.remark or "").startswith("attachments left out: 2; save those that ")
    assert read_bytes("chat.json", export(ASKED)).remark is None


def test_long_message_is_cut_above_its_answer():
    """What is answered is shown, but not all of a long text."""
    read = read_bytes("chat.json", export({**ASKED, "content": "word " * 200}, ANSWERED))
    lead_in = read.paragraphs[1].lead_in
    assert lead_in is not None
    assert (len(lead_in) < 310, lead_in.endswith("word \u2026")) == (True, True)


@pytest.mark.parametrize("data", [b"{}", b"[1]", b"garbage", b'{"messages": [], "channel": {}}'])
def test_other_json_is_refused(data):
    """Only exports of channels are texts."""
    reason = "it is no channel that DiscordChatExporter exported; other JSON is not read"
    assert reason_against("a.json", data).startswith(reason)


def test_message_is_quoted_below_what_it_answers(first_quote):
    """Its words are found by those of the question before it."""
    quote, shown = first_quote(
        "chat.json",
        export(message(2, "ann", "Low."), ASKED, ANSWERED),
        "on which port does the map server listen?",
    )
    assert (quote["text"], quote["date"]) == ("It listens on 8123, @Author 1.", "2025-02-01")
    assert quote["context"] == "Which port does the map server use?"
    assert "chat.json \u203a Author 2, paragraph 3, as of February 1, 2025" in shown
