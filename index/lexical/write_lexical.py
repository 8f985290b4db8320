"""Write the words of passages: first as lists of numbers in files, then sorted into postings.

The postings of passages that are copied from a former index are copied, too, and merged with those
of the others.
"""

import json
from array import array
from collections import Counter
from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path

import numpy as np

from index.arrays import Rows
from index.errors import IndexUnusableError
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
from index.lexical.kept_postings import FormerPostings, KeptPostings
from index.lexical.vocabulary import Vocabulary
from index.lexical.word_lists import WordNumbers
from index.passages.split_text import CopiedText, SplitText, WordLists
from index.progress import Progress

_SCRATCH = "scratch"
_ADDED = "added"


@dataclass(frozen=True, slots=True)
class _CopiedRows:
    """The passages whose postings are copied.

    Attributes:
        fields: The vocabulary and the postings of each field that they are copied from.
        new_rows: By its row in that build, the row of a passage now; -1 if it is not copied.
        added_rows: The rows of the passages that are not copied.
        scratch: An empty folder.
    """

    fields: dict[str, tuple[Vocabulary, FormerPostings]]
    new_rows: Rows
    added_rows: Rows
    scratch: Path


def write_lexical(
    folder: Path,
    texts: Generator[SplitText | CopiedText, None, None],
    progress: Progress,
    former: Path | None = None,
) -> LexicalIndex:
    """Write the words of texts.

    Args:
        folder: The folder of the build.
        texts: In the order of their passages. They are read to the end, one at a time.
        progress: Shows how far the sorting is.
        former: The folder of the build that texts are copied from, in its order; None if none is.

    Returns:
        The index that was written, opened.

    Raises:
        OSError: A file cannot be written.
        IndexUnusableError: A file of the former build cannot be read.
    """
    scratch = folder / _SCRATCH
    scratch.mkdir()
    numbers = WordNumbers()
    passages_by_language: Counter[str] = Counter()
    former_rows = array("i")
    with closing(texts), ExitStack() as open_files:
        collected = {
            field.name: open_files.enter_context(ForwardFile(scratch / field.name))
            for field in COLLECTED
        }
        for text in texts:
            passages_by_language[text.language] += len(text)
            if isinstance(text, CopiedText):
                former_rows.extend(text.rows)
            else:
                former_rows.extend([-1] * len(text))
                _collect(text.words, text.language, numbers, collected)
        for forward in collected.values():
            forward.finish()
    copied = _copied_rows(former, np.array(former_rows, dtype=np.int32), scratch / _ADDED)
    keys = list(zip(*starmap(word_keys, numbers), strict=True)) or [()] * len(word_keys(""))
    for field in progress(list(FIELDS), "Sorting words"):
        forward = collected[field.collected_in]
        _write_field(folder / field.name, field, keys[field.key], forward, copied)
    if copied:
        copied.scratch.rmdir()
    for forward in collected.values():
        forward.remove()
    scratch.rmdir()
    write_file(folder / LANGUAGES_NAME, [json.dumps(passages_by_language).encode()])
    return LexicalIndex.open(folder)


def _copied_rows(former: Path | None, former_rows: Rows, scratch: Path) -> _CopiedRows | None:
    """Return which rows are copied, given the former row of each, or -1; None if no row is."""
    is_copied = former_rows >= 0
    if former is None or not is_copied.any():
        return None
    folders = {field.name: former / field.name for field in FIELDS}
    try:
        fields = {
            name: (Vocabulary.open(folder), FormerPostings.open(folder))
            for name, folder in folders.items()
        }
    except (OSError, ValueError) as error:
        reason = f"a file of it cannot be read: {error}"
        raise IndexUnusableError(former.parent, reason) from error
    _, postings = fields[FIELDS[0].name]
    new_rows = np.full(len(postings.lengths), -1, dtype=np.int32)
    new_rows[former_rows[is_copied]] = np.flatnonzero(is_copied)
    scratch.mkdir()
    return _CopiedRows(fields, new_rows, np.flatnonzero(~is_copied).astype(np.int32), scratch)


def _collect(
    lists: WordLists, language: str, numbers: WordNumbers, collected: dict[str, ForwardFile]
) -> None:
    """Add the words of a text, by their numbers among the words of all texts."""
    words = lists.words.split()
    global_numbers = np.fromiter(numbers.of(words, language), np.int32, len(words))
    for name, forward in collected.items():
        listed = lists.fields[name]
        forward.add(global_numbers[listed.numbers], listed.lengths)


def _write_field(
    folder: Path,
    field: Field,
    keys: tuple[str, ...],
    forward: ForwardFile,
    copied: _CopiedRows | None,
) -> None:
    """Write the vocabulary and postings of a field, each word under its key for the field."""
    numbers = forward.numbers()
    terms = sorted({keys[number] for number in numbers})
    folder.mkdir()
    vocabulary, added_ids, kept = _vocabulary(folder.name, terms, copied)
    vocabulary.write(folder)
    ids = dict(zip(terms, added_ids, strict=True))
    key_ids = np.full(len(keys), -1, dtype=np.int32)
    key_ids[numbers] = [ids[keys[number]] for number in numbers]
    build_postings(
        lambda: forward.chunks(key_ids),
        len(vocabulary),
        folder=folder,
        ranked=field in RANKED,
        kept=kept,
    )


def _vocabulary(
    field: str, terms: list[str], copied: _CopiedRows | None
) -> tuple[Vocabulary, list[int], KeptPostings | None]:
    """Return the vocabulary of a field, the ids of the added terms, and the copied postings."""
    if copied is None:
        return Vocabulary.from_terms(terms), list(range(len(terms))), None
    vocabulary, postings = copied.fields[field]
    former_df = postings.kept_df(copied.new_rows)
    merged = vocabulary.merge(former_df > 0, terms)
    df = np.zeros(len(merged.vocabulary), dtype=np.int64)
    held = np.flatnonzero(former_df)
    df[merged.own_ids[held]] = former_df[held]
    kept = KeptPostings(
        postings, df, merged.own_ids, copied.new_rows, copied.added_rows, copied.scratch
    )
    return merged.vocabulary, merged.added_ids.tolist(), kept
