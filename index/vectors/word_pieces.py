"""Split texts into the word pieces of the static model; each distinct word is split once."""

from collections.abc import Callable
from itertools import chain

# Some 60 MB of words and their pieces.
_MAX_WORDS = 2**18
_MAX_CHARS = 40


class WordPieces(dict[str, tuple[int, ...]]):
    """A cache from words to the numbers of their pieces.

    The tokenizer puts "\u2581" before a text and for each space, and in no piece of its vocabulary
    does "\u2581" follow another character. So the pieces of a text are those of its words, unless
    the text begins or ends with a space, has two spaces in a row, or holds a special token.
    """

    def __init__(self, tokenize: Callable[[str], list[int]], special_tokens: list[str]) -> None:
        """Begin with an empty cache.

        Args:
            tokenize: The tokenizer: returns the numbers of a text's pieces.
            special_tokens: The special tokens of the tokenizer.
        """
        super().__init__()
        self._tokenize = tokenize
        self._inseparable = *special_tokens, "\u2581", "  "

    def of(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, in order."""
        if not self.are_pieces_of_words(text):
            return self._tokenize(text)
        return list(chain.from_iterable(map(self.__getitem__, text.split(" "))))

    def are_pieces_of_words(self, text: str) -> bool:
        """Return whether the pieces of a text are those of its space-separated words, in order."""
        if text.startswith(" ") or text.endswith(" "):
            return False
        return not any(map(text.__contains__, self._inseparable))

    def __missing__(self, word: str) -> tuple[int, ...]:
        pieces = tuple(self._tokenize(word))
        if len(word) <= _MAX_CHARS:
            if len(self) >= _MAX_WORDS:
                self.clear()
            self[word] = pieces
        return pieces
