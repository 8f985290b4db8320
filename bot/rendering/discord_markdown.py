"""Discord's Markdown: escaping, links, and the length of messages."""

import re
from urllib.parse import quote, urlsplit

# Discord's limit for a message. Its documentation does not say which characters it counts, so
# this counts UTF-16 code units, never fewer than any other way.
MESSAGE_LIMIT = 2000

# Discord's limit for the address of a button; a longer one would leave no room for the quote.
_ADDRESS_LIMIT = 512

# Signs of markup; the colon of an address and the first one of an emoji's name (":fire:"); the
# dot of an invite, which acts without a scheme ("discord.gg/...").
_SPECIAL = re.compile(
    r"[\\*_~|`<>\[\]()#@]|(?<=[A-Za-z]):(?=//)|:(?=[\w+\-]+:)"
    r"|(?:(?<=discord)|(?<=discordapp))\.(?=\w)",
    re.IGNORECASE,
)
_LINE_START = re.compile(r"^([^\S\n]*)([-+]|\d+(?=[.)]))", re.MULTILINE)

# Discord refuses a message with one of these: NUL, and half of a surrogate pair.
_UNSENDABLE = re.compile("[\0\ud800-\udfff]")

# What an address is made of (RFC 3986), without the signs that end a link or the bold around it.
_ADDRESS_SIGNS = "%/:?#[]@!$&'+,;=~"


def message_length(content: str) -> int:
    """Return the length of a message as the limit counts it, in UTF-16 code units."""
    return len(content.encode("utf-16-le", "surrogatepass")) // 2


def sendable(text: str) -> str:
    """Return `text` with the replacement character for what Discord refuses."""
    return _UNSENDABLE.sub("\ufffd", text)


def escape(text: str) -> str:
    """Return Markdown that Discord shows as exactly `text`, with nothing in it active.

    Styles, quotes, lists, headings, spoilers, code, links, invites, emoji and mentions are all
    shown as typed.
    Discord never shows a backslash before a character that is not a letter, digit or white space.
    Characters that cannot be sent become the replacement character.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", sendable(text))
    return _LINE_START.sub(_escape_line_start, escaped)


def address_of(url: str | None) -> str | None:
    """Return the address that a link to `url` leads to; None if it is not linked, as in `link`."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:  # such as half an IPv6 address
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    address = quote(url.strip(), safe=_ADDRESS_SIGNS, errors="replace")
    return address if len(address) <= _ADDRESS_LIMIT else None


def link(label: str, url: str | None) -> str:
    """Return a masked link without preview, or the label alone if there is nothing to link.

    Args:
        label: Markdown on one line, such as `escape` returns.
        url: The address. Only http and https of up to 512 characters are linked, with every
            character that could end the link percent-encoded.
    """
    address = address_of(url) if label else None
    return f"[{label}](<{address}>)" if address else label


def shorten(text: str, room: int) -> str:
    """Return `text` on one line and at most `room` characters long."""
    line = " ".join(text.split())
    return line if len(line) <= room else line[: room - 1].rstrip() + "\u2026"


def _escape_line_start(match: re.Match[str]) -> str:
    indent, mark = match.groups()
    return f"{indent}{mark}\\" if mark.isdigit() else f"{indent}\\{mark}"
