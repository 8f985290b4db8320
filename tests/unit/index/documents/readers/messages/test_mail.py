"""Letters become paragraphs below their subjects."""

import pytest

from index.documents import Limits
from tests.support.data.document_files import places, read_bytes, reason_against, texts

ASKED = """From: Ann Lee <ann@a.example>
Subject: Opening hours
Date: Sat, 3 Jan 2026 01:05:34 +0000

When does the
kiosk open?

--\x20
Ann, Harbour Road 1
"""

ANSWERED = """From: =?utf-8?q?Ben_K=C3=B6nig?= <ben@a.example>
Subject: Re: Opening hours
Date: Sun, 4 Jan 2026 01:05:34 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8

On 3 Jan 2026, Ann Lee
<ann@a.example> wrote:
> When does the kiosk open?

At nine.

--x
Content-Type: application/pdf; name=a.pdf
Content-Disposition: attachment

aaa
--x--
"""


def _mailbox(*letters):
    return "".join(f"From a@b Sat Jan  3 01:05:34 2026\n{one}\n" for one in letters).encode()


@pytest.mark.parametrize(
    ("names", "authors"), [(False, ("Author 1", "Author 2")), (True, ("Ann Lee", "Ben K\u00f6nig"))]
)
def test_mailbox_has_a_section_for_each_subject_and_author(names, authors):
    """What a letter quotes and its signature are left out; attachments are counted."""
    read = read_bytes("a.mbox", _mailbox(ASKED, ANSWERED), Limits(names_authors=names))
    assert texts(read) == ["When does the kiosk open?", "At nine."]
    assert [section for _, section, _ in places(read)] == [
        f"Opening hours \u203a {author}" for author in authors
    ]
    assert [one.date for one in read.paragraphs] == ["2026-01-03", "2026-01-04"]
    assert read.remark == (
        "attachments left out: 1; save those that are to be read as files of their own"
    )


def test_letter_has_its_subject_as_title():
    """A single letter needs no section."""
    read = read_bytes("a.eml", ASKED.encode())
    assert (read.title, read.date) == ("Opening hours", "2026-01-03")
    assert (texts(read), places(read)) == (["When does the kiosk open?"], [(1, None, None)])


def test_letter_of_html_is_read_like_a_page():
    """The plain part is taken if there is one."""
    letter = (
        "Subject: A\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>At <b>nine</b>.<ul><li>a<li>b"
    )
    assert texts(read_bytes("a.eml", letter.encode())) == ["At nine.", "a\nb"]


def test_letter_of_nothing_but_quotes_keeps_them():
    """Else nothing would be left of what is passed on."""
    assert texts(read_bytes("a.eml", b"Subject: A\n\n> At nine.\n")) == ["> At nine."]


def test_letter_that_is_passed_on_is_read():
    """Attached letters are sections of the one that they are attached to."""
    letter = (
        "Subject: See below\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
        f"Content-Type: text/plain\n\nLook.\n--x\nContent-Type: message/rfc822\n\n{ASKED}--x--\n"
    )
    read = read_bytes("a.eml", letter.encode())
    assert texts(read)[:2] == ["Look.", "When does the kiosk open?"]
    assert read.paragraphs[1].section == "Opening hours \u203a Author 2"


@pytest.mark.parametrize("name", ["a.eml", "a.mbox"])
def test_file_that_is_no_mail_says_so(name):
    """Other texts have no headers."""
    reason = "it is damaged or of another format than its name says"
    assert reason_against(name, b"The tide is low.\n\nIt rises.\n").startswith(reason)
