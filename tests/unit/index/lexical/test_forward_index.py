"""Words of passages as numbers in a file: whatever fits into memory at a time, the same lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import forward_index
from index.lexical.forward_index import ForwardFile
from index.lexical.word_lists import WordNumbers

quick = settings(max_examples=60, deadline=None, derandomize=True)


def test_words_are_numbered_in_the_order_in_which_they_come():
    """A word keeps its number; the words come back in that order."""
    numbers = WordNumbers()
    assert list(numbers.of(["sea", "eel", "sea"])) == [0, 1, 0]
    assert list(numbers.of(["fox", "eel"])) == [2, 1]
    assert list(numbers) == [("sea", "en"), ("eel", "en"), ("fox", "en")]
    assert list(numbers.of(["eel", "aal"], "de")) == [3, 4]
    assert list(numbers)[3:] == [("eel", "de"), ("aal", "de")]
    assert len(numbers) == 5


@given(lists=st.lists(st.lists(st.integers(0, 9), max_size=7), max_size=12), room=st.integers(1, 9))
@quick
def test_lists_come_back_whole_and_in_order(tmp_path_factory, lists, room):
    """Chunks joined are what was added, by their keys, and so again when they are read twice."""
    path = tmp_path_factory.mktemp("forward") / "words"
    keys = np.arange(10, dtype=np.int32)[::-1] * 3
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(forward_index, "_CHUNK_TOKENS", room)
        file = ForwardFile(path)
        for numbers in lists:
            file.add(np.array(numbers, dtype=np.int32), np.array([len(numbers)], dtype=np.int32))
        file.finish()
        for chunks in (list(file.chunks(keys)), list(file.chunks(keys))):
            ids = [number for chunk, _ in chunks for number in chunk.tolist()]
            lengths = [length for _, part in chunks for length in part.tolist()]
            assert ids == [int(keys[number]) for numbers in lists for number in numbers]
            assert lengths == [len(numbers) for numbers in lists]
            assert all(len(chunk) <= room or len(part) == 1 for chunk, part in chunks)
            assert all(len(chunk) == part.sum() for chunk, part in chunks)
    file.remove()
    assert not path.exists()


def test_forward_file_is_never_written_over_another(tmp_path):
    """A file that is there already is not touched."""
    (tmp_path / "words").write_bytes(b"kept")
    with pytest.raises(FileExistsError):
        ForwardFile(tmp_path / "words")
    assert (tmp_path / "words").read_bytes() == b"kept"
