"""Cut texts into the pieces of the static model, each different word only once."""

from collections.abc import Callable
from itertools import chain

# Some 60 MB of words and their pieces.
_MAX_WORDS = 2**18
_MAX_CHARS = 40


class WordPieces(dict[str, tuple[int, ...]]):
    """Remembers the pieces of words; the keys are words in the way of the tokenizer.

    The tokenizer puts "\u2581" before a text and for each space, and no piece of its vocabulary
    holds one behind another character. So the pieces of a text are those of its words, unless
    spaces stand at its edges or side by side, or it holds one of the tokenizer's signs.
    """

    def __init__(self, tokenize: Callable[[str], list[int]], special_tokens: list[str]) -> None:
        """Remember nothing yet.

        Args:
            tokenize: Returns the numbers of a text's pieces; the tokenizer.
            special_tokens: Those of the tokenizer.
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
        """Return whether the pieces of a text are those of what stands between its spaces."""
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
