"""An export of a channel as a page becomes the same as one as JSON."""

from index.documents import Limits
from tests.support.data.document_files import read_bytes

FIRST = 1335180000000000001

PAGE = f"""<!DOCTYPE html><html><head><title>Harbour - help</title></head><body>
<div class=preamble><div class=preamble__entry>Harbour</div>
<div class=preamble__entry>Text / help</div><div class=preamble__entry>Ask here</div></div>
<div class=chatlog><div class=chatlog__message-group>
<div class=chatlog__message-container data-message-id={FIRST}><div class=chatlog__header>
<span class=chatlog__author title=ann>Ann</span> <span class=chatlog__timestamp>1/2/25</span></div>
<div class="chatlog__content chatlog__markdown"><span class=chatlog__markdown-preserve>Which port
does the <strong>map</strong> server use?</span>
<span class=chatlog__edited-timestamp>(edited)</span>
</div></div>
<div class=chatlog__message-container data-message-id={FIRST + 1}><div class=chatlog__content>
<span>Anyone?</span></div></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id={FIRST + 2}>
<span class=chatlog__system-notification-content>pinned a message</span></div></div>
<div class=chatlog__message-group><div class=chatlog__message-container data-message-id={FIRST + 3}>
<div class=chatlog__reply><div class=chatlog__reply-author>Ann</div><span class=chatlog__reply-link
onclick="scrollToMessage(event, '{FIRST}')">Which port does the map server use?</span></div>
<div class=chatlog__header><span class=chatlog__author title=ben>Ben</span></div>
<div class=chatlog__content><span>It is 8123, <span class=chatlog__markdown-mention
title=ann>@Ann</span>.<code class="chatlog__markdown-pre chatlog__markdown-pre--multiline">ss -l
ring</code></span></div></div></div></div></body></html>"""


def test_exported_page_becomes_messages():
    """Each has its author, its day by its id, and what it answers."""
    read = read_bytes("chat.html", PAGE.encode())
    assert read.title == "#help \u00b7 Harbour"
    assert [(one.section, one.text, one.date) for one in read.paragraphs] == [
        (None, "Ask here", None),
        ("Author 1", "Which port does the map server use?", "2025-02-01"),
        ("Author 1", "Anyone?", "2025-02-01"),
        ("Author 2", "It is 8123, @Author 1.", "2025-02-01"),
        ("Author 2", "ss -l\nring", "2025-02-01"),
    ]
    assert read.paragraphs[3].lead_in == "Which port does the map server use?"
    assert (read.paragraphs[4].kind, read.paragraphs[4].continues) == ("code", True)


def _container(number, author, inner, *, is_bot=False):
    tag = "<span class=chatlog__author-tag>BOT</span>" if is_bot else ""
    return (
        f"<div class=chatlog__message-group><div class=chatlog__message-container data-message-id="
        f"{FIRST + number}><span class=chatlog__author title={author.lower()}>{author}</span>{tag}"
        f"{inner}</div></div>"
    )


def test_exported_page_shows_what_is_forwarded_and_what_machines_embed():
    """As JSON does; replies to commands and previews of links are left out, files are counted."""
    embed = (
        "<div class=chatlog__embed><div class=chatlog__embed-title>Fair</div><div class="
        "chatlog__embed-description>In May.</div><div class=chatlog__embed-field><div class="
        "chatlog__embed-field-name>Where</div><div class=chatlog__embed-field-value>Pier</div>"
        "</div></div>"
    )
    page = (
        _container(
            0,
            "Ann",
            "<div class=chatlog__forwarded><em>Forwarded</em><div class="
            "chatlog__forwarded-content>Low tide.</div><div>Originally sent: 1/2/25</div></div>",
        )
        + _container(1, "News", embed, is_bot=True)
        + _container(2, "Ann", f"<div class=chatlog__content>Look</div>{embed}")
        + _container(
            3,
            "Quiz",
            "<div class=chatlog__reply><div class=chatlog__reply-content> used"
            " /quote</div></div><div class=chatlog__content>Quote.</div>",
            is_bot=True,
        )
        + _container(4, "Ann", "<div class=chatlog__attachment><img></div>")
        + _container(
            5,
            "Ben",
            "<div class=chatlog__reply><span class=chatlog__reply-link><em>Click to "
            "see attachment</em></span></div><div class=chatlog__content>Nice, <span class="
            "chatlog__markdown-mention title=ann>@Annie</span></div>",
        )
    )
    read = read_bytes("chat.html", page.encode())
    assert [one.text for one in read.paragraphs] == [
        *("Low tide.", "Fair", "In May.", "Where:", "Pier", "Look", "Nice, @Author 1"),
    ]
    assert read.paragraphs[-1].lead_in is None
    assert (read.remark or "").startswith("attachments left out: 1; ")


def test_exported_page_names_authors_if_the_owner_turns_that_on():
    """In mentions as well."""
    read = read_bytes("chat.html", PAGE.encode(), Limits(names_authors=True))
    assert (read.paragraphs[3].section, read.paragraphs[3].text) == ("Ben", "It is 8123, @Ann.")


def test_page_about_the_exporter_is_a_page():
    """Only both classes together make an export."""
    page = "<main><h1>Styles</h1><p>The class chatlog__message-group holds messages.</p></main>"
    assert read_bytes("a.html", page.encode()).title == "Styles"
