"""Made-up words, each of which belongs to one server, and the texts of servers that hold them."""

import hashlib
import random
import re
from collections.abc import Mapping

from bot.database import Database, FolderChangedError, StoredFile

_SYLLABLES = tuple(first + second for first in "bdfgklmnprstvz" for second in "aeiou")
_LENGTH = 4
_WORD = re.compile("[a-z]+")

# What each server's own text answers, with another word in each server.
FERRY_QUESTION = "what is the ferry of this town called?"

# The second paragraph of each server's own text, which a lesson may bind to any question.
_LESSON = "In June the singers of {word} perform on the pier."


class Words:
    """Gives out words, and tells whose they are."""

    def __init__(self) -> None:
        self._owners: dict[str, int] = {}
        self._random = random.Random(23)  # the same words each time

    def take(self, owner: int) -> str:
        """Return a new word of a server."""
        while True:
            word = "".join(self._random.choices(_SYLLABLES, k=_LENGTH))
            if word not in self._owners:
                self._owners[word] = owner
                return word

    def owners(self, text: str) -> set[int]:
        """Return the servers whose words a text holds."""
        found = _WORD.findall(text.lower())
        return {self._owners[word] for word in found if word in self._owners}


def almanac(word: str) -> str:
    """Return a server's own text."""
    ferry = f"The ferry of this town is called {word.capitalize()}. It leaves at dawn."
    return f"{ferry}\n\n{lesson_paragraph(word)}\n"


def lesson_paragraph(word: str) -> str:
    """Return the second paragraph of a server's own text."""
    return _LESSON.format(word=word.capitalize())


async def store_texts(database: Database, guild_id: int, texts: Mapping[str, str]) -> None:
    """Replace a server's own texts in the database, as another process does."""
    contents = {f"texts/{name}": text.encode() for name, text in texts.items()}
    files = {
        path: StoredFile(hashlib.sha256(content).hexdigest(), len(content))
        for path, content in contents.items()
    }
    while True:
        former = await database.files.folder(guild_id)
        version = former.version if former else None
        try:
            await database.files.replace(
                guild_id, version, files, lambda path: iter([contents[path]])
            )
        except FolderChangedError:
            continue
        return
