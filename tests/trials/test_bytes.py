"""The trial of damaged bytes, in small: `python -m tests.trials.bytes` does all files."""

import pytest

from tests.trials.bytes import make_corpus, run

# One of each kind; the postings are those in which numbers lead to places.
FILES = ("stems/rows.npy", "stems/offsets.npy", "first-sentences.npy", "passages.jsonl")


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_damaged_file_is_found_and_never_quoted_wrongly(tmp_path, large):
    """Opening, a question or a rebuild finds each damage, and the index is built again."""
    make_corpus(tmp_path / "corpus")
    found, wrong = run(FILES, tmp_path / "corpus", large=large, seed=1)
    assert wrong == []
    assert found.total() > 20 * len(FILES)
