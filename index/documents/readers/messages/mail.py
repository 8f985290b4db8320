"""Read mail: the text of each letter, without what it quotes."""

import mailbox
import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from index.documents.limits import Limits
from index.documents.model import Content
from index.documents.readers.composer import Composer
from index.documents.readers.html import read_page
from index.documents.readers.messages.attachments import attachments_left_out
from index.documents.readers.messages.authors import Authors
from index.documents.readers.messages.quoted import own_page, own_text
from index.documents.readers.plain_text import read_plain_text
from index.documents.reasons import DAMAGED

_REPLY = re.compile(r"(?:\s*(?:re|fwd?|aw|wg|sv|tr)\s*(?:\[\d+\])?:)+\s*", re.IGNORECASE)

_MAX_NESTED = 5


def read_mail(data: bytes, limits: Limits) -> Content:
    """Return the text of a letter; its subject is the title.

    Raises:
        ValueError: It is no letter.
    """
    letter = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(letter, EmailMessage) or not (letter.keys() and _has_sender(letter)):
        raise ValueError(DAMAGED)
    reader = _LetterReader(limits)
    title, date = reader.add(letter, is_only=True), _day(letter)
    return Content(*reader.composer.reading(title), date=date, remark=reader.remark())


def read_mailbox(data: bytes, limits: Limits) -> Content:
    """Return the letters of a mailbox; their subjects are sections.

    Raises:
        ValueError: It holds no letter.
    """
    reader = _LetterReader(limits)
    with TemporaryDirectory() as folder:
        path = Path(folder, "mbox")
        path.write_bytes(data)
        box = mailbox.mbox(path, factory=None, create=False)
        n_letters = 0
        for letter in _letters(box):
            reader.add_one_of_many(letter)
            n_letters += 1
        box.close()
    if not n_letters:
        raise ValueError(DAMAGED)
    return Content(*reader.composer.reading(), remark=reader.remark())


def _letters(box: mailbox.mbox) -> Iterator[EmailMessage]:
    parser = BytesParser(policy=policy.default)
    for key in box.iterkeys():
        letter = parser.parsebytes(box.get_bytes(key))
        if isinstance(letter, EmailMessage):
            yield letter


class _LetterReader:
    def __init__(self, limits: Limits) -> None:
        self.composer = Composer(title_on_top=False)
        self._authors = Authors(limits.names_authors)
        self._n_attachments = 0
        self._n_damaged = 0

    def remark(self) -> str | None:
        """Return how many attachments and letters were left out, or None."""
        n_damaged = self._n_damaged
        damaged = f"damaged letters left out: {n_damaged:,}" if n_damaged else None
        remarks = damaged, attachments_left_out(self._n_attachments)
        return ", ".join(filter(None, remarks)) or None

    def add_one_of_many(self, letter: EmailMessage) -> None:
        """Add a letter of a mailbox, unless it is so damaged that the library fails."""
        try:
            self.add(letter, is_only=False)
        except (AttributeError, LookupError, TypeError, ValueError):
            self._n_damaged += 1

    def add(self, letter: EmailMessage, *, is_only: bool, depth: int = 0) -> str | None:
        """Add a letter and those that are attached to it; return its subject or None."""
        subject = _header(letter, "subject")
        name, address = parseaddr(_header(letter, "from"))
        author = self._authors.label(address or name, name or address)
        if not is_only:
            self.composer.add_heading(1, _REPLY.sub("", subject, count=1) or subject)
            self.composer.add_heading(2, author)
        self._add_body(letter, None if is_only else _day(letter))
        for part in letter.iter_attachments():
            inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" else None
            if isinstance(inner, EmailMessage) and depth < _MAX_NESTED:
                self.add(inner, is_only=False, depth=depth + 1)
            else:
                self._n_attachments += 1
        return subject or None

    def _add_body(self, letter: EmailMessage, date: str | None) -> None:
        body = letter.get_body(("plain", "html"))
        if body is None:
            return
        try:
            text = str(body.get_content())
        except (LookupError, UnicodeError, MessageError):
            payload = body.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
        text = text.replace("\r\n", "\n").replace("\0", "")
        if body.get_content_subtype() == "html":
            read_page(own_page(text), self.composer)
            return
        _, paragraphs = read_plain_text(f"\n\n{own_text(text)}")
        for one in paragraphs:
            self.composer.add_paragraph(one.text, date=date)


def _has_sender(letter: EmailMessage) -> bool:
    return any(name in letter for name in ("from", "subject", "date", "received"))


def _header(letter: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(letter.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError):  # the parser of headers has gaps
        return ""


def _day(letter: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(letter, "date")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None
