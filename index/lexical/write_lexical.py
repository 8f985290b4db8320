"""Write the words of passages: first as lists of numbers in files, then sorted into postings."""

import json
from collections.abc import Generator
from contextlib import ExitStack, closing
from itertools import starmap
from pathlib import Path

import numpy as np

from index.files import write_file
from index.lexical.bm25 import build_postings
from index.lexical.fields import (
    COLLECTED,
    FIELDS,
    LANGUAGES_NAME,
    RANKED,
    Field,
    LexicalIndex,
    word_keys,
)
from index.lexical.forward_index import ForwardFile
from index.lexical.vocabulary import Vocabulary
from index.lexical.word_lists import WordNumbers
from index.passages.split_text import SplitText, WordLists
from index.progress import Progress

_SCRATCH = "scratch"


def write_lexical(
    folder: Path, texts: Generator[SplitText, None, None], progress: Progress
) -> LexicalIndex:
    """Write the words of texts.

    Args:
        folder: The folder of the build.
        texts: In the order of their passages. They are read to the end, one at a time.
        progress: Shows how far the sorting is.

    Returns:
        The index that was written, opened.

    Raises:
        OSError: A file cannot be written.
    """
    scratch = folder / _SCRATCH
    scratch.mkdir()
    numbers = WordNumbers()
    passages_by_language: dict[str, int] = {}
    with closing(texts), ExitStack() as open_files:
        collected = {
            field.name: open_files.enter_context(ForwardFile(scratch / field.name))
            for field in COLLECTED
        }
        for text in texts:
            _collect(text.words, text.language, numbers, collected)
            n_passages = len(text.passages.lines)
            passages_by_language.setdefault(text.language, 0)
            passages_by_language[text.language] += n_passages
        for forward in collected.values():
            forward.finish()
    keys = list(zip(*starmap(word_keys, numbers), strict=True)) or [()] * len(word_keys(""))
    for field in progress(list(FIELDS), "Sorting words"):
        forward = collected[field.collected_in]
        _write_field(folder / field.name, field, keys[field.key], forward)
    for forward in collected.values():
        forward.remove()
    scratch.rmdir()
    write_file(folder / LANGUAGES_NAME, [json.dumps(passages_by_language).encode()])
    return LexicalIndex.open(folder)


def _collect(
    lists: WordLists, language: str, numbers: WordNumbers, collected: dict[str, ForwardFile]
) -> None:
    """Add the words of a text, by their numbers among the words of all texts."""
    of_words = numbers.of(lists.words, language)
    global_numbers = np.fromiter(of_words, np.int32, len(lists.words))
    for name, forward in collected.items():
        listed = lists.fields[name]
        forward.add(global_numbers[np.frombuffer(listed.numbers, np.int32)], listed.lengths)


def _write_field(folder: Path, field: Field, keys: tuple[str, ...], forward: ForwardFile) -> None:
    """Write the vocabulary and postings of a field, each word under its key for the field."""
    numbers = forward.numbers()
    terms = sorted({keys[number] for number in numbers})
    ids = {term: term_id for term_id, term in enumerate(terms)}
    key_ids = np.full(len(keys), -1, dtype=np.int32)
    key_ids[numbers] = [ids[keys[number]] for number in numbers]
    folder.mkdir()
    Vocabulary.from_terms(terms).write(folder)
    build_postings(
        lambda: forward.chunks(key_ids), len(terms), folder=folder, ranked=field in RANKED
    )
