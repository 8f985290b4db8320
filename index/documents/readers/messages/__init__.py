"""Read messages: exports of Discord channels, and mail."""

from index.documents.readers.messages.discord_html import is_exported_page, read_exported_page
from index.documents.readers.messages.discord_json import read_exported_json
from index.documents.readers.messages.mail import read_mail, read_mailbox

__all__ = [
    "is_exported_page",
    "read_exported_json",
    "read_exported_page",
    "read_mail",
    "read_mailbox",
]
