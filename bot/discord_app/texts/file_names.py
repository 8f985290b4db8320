"""Check the names under which people upload texts."""

import re
import unicodedata
from collections.abc import Collection

from bot.discord_app.texts import strings
from bot.errors import TextRefusedError
from index import readable_suffixes

# Discord takes suggestions of up to 100 characters: longer names could not be picked from a list.
MAX_NAME_CHARS = 100

# Most file systems take names of 255 bytes.
_MAX_NAME_BYTES = 255

# Characters that separate folders, or that a file's name may not have on some systems.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')

# Names that the corpus does not read as texts.
_RESERVED = re.compile(r"synonyms\.txt|readme\..*", re.IGNORECASE)


def text_name(filename: str, own: Collection[str], shared: Collection[str]) -> str:
    """Return the name under which an uploaded text is kept.

    Args:
        filename: As it was uploaded; never trusted.
        own: The names of the server's own texts.
        shared: The names of the texts that all servers share.

    Returns:
        A name of one component. It is that of an own text if the two differ at most in case,
        so that the text is replaced.

    Raises:
        TextRefusedError: No text can have that name.
    """
    name = unicodedata.normalize("NFC", filename)
    if not _is_plain(name):
        raise TextRefusedError(strings.BAD_NAME)
    suffix = re.search(r"\.[^.]*$", name)
    if suffix is None or suffix[0].lower() not in readable_suffixes():
        raise TextRefusedError(strings.BAD_ENDING, endings=", ".join(readable_suffixes()))
    if _RESERVED.fullmatch(name):
        raise TextRefusedError(strings.RESERVED_NAME, name=name)
    if _folded(name) in map(_folded, shared):
        raise TextRefusedError(strings.SHARED_NAME, name=name)
    return next((known for known in own if _folded(known) == _folded(name)), name)


def _is_plain(name: str) -> bool:
    """Return whether a name is shown unchanged, and names a file inside its folder."""
    return (
        0 < len(name) <= MAX_NAME_CHARS
        and not name.startswith(".")
        and name == name.strip()
        and not _FORBIDDEN.search(name)
        and not any(unicodedata.category(sign)[0] in "CZ" and sign != " " for sign in name)
        and len(name.encode("utf-8", "surrogatepass")) <= _MAX_NAME_BYTES
    )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())
