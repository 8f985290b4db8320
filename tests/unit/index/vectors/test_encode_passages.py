"""Encoding a corpus: in order, within its time, and nothing finished is lost."""

import os
import threading
import time

import numpy as np
import pytest

from index import EncoderUnavailableError
from index.progress import silently
from index.vectors import encode_passages
from index.vectors.encode_passages import encode_all, encode_passage, make_basis
from index.vectors.token_basis import ENOUGH_TOKENS
from index.vectors.vector_files import EncoderRecord, PassageText
from index.vectors.vector_parts import VectorParts
from tests.support.in_memory import WordEncoder, as_encoder

RECORD = EncoderRecord("", "0" * 64, has_lines=True, has_tokens=True, basis_tokens=200)
PLAIN = EncoderRecord("", "0" * 64, has_lines=False, has_tokens=False, basis_tokens=0)

N_PASSAGES = 40


def _text_of(row):
    """Return a passage of a line above and two sentences."""
    text = f"Of boat {row}\nBoat {row} left the pier. Nobody saw boat {row} again."
    sentence = text.index(" Nobody")
    return PassageText(
        text, ((0, text.index("\n")), (text.index("\n") + 1, sentence), (sentence + 1, len(text)))
    )


@pytest.fixture
def encoder():
    """An encoder that is made up."""
    return WordEncoder()


@pytest.fixture
def parts(tmp_path):
    """The parts of an index."""
    return VectorParts(tmp_path)


@pytest.fixture
def encode(encoder, parts):
    """Encode rows as a build does."""
    basis, _ = make_basis(as_encoder(encoder), N_PASSAGES, _text_of, 64)
    encoder.read.clear()

    def run(rows=range(N_PASSAGES), **options):
        options = {"progress": silently} | options
        return encode_all(as_encoder(encoder), RECORD, basis, rows, _text_of, parts, **options)

    return run


def _keys(rows):
    return [_text_of(row).key for row in rows]


def _held(parts):
    return [key for files in parts.all() for key in files.keys.tolist()]


def _fail_at(encoder, monkeypatch, row, error):
    """Let the encoder fail at a passage."""
    original = encoder.encode_passage

    def failing(text):
        if f"boat {row} " in f"{text} ":
            raise error
        return original(text)

    monkeypatch.setattr(encoder, "encode_passage", failing)


def test_passages_are_encoded_in_order_on_all_cores(encode, encoder):
    """Rows come out as they were named, each text is read once, each line too."""
    rows = [7, 3, 39, *range(8, 30), 0]
    (made,) = encode(rows)
    assert made.keys.tolist() == _keys(rows)
    assert made.record == RECORD
    assert len(encoder.read) == 4 * len(rows)
    assert made.first_line.tolist() == [3 * n for n in range(len(rows) + 1)]
    for row, vector in zip(rows, made.passages, strict=True):
        expected = encoder.encode_question(_text_of(row).text).vector
        assert vector.tolist() == expected.tolist()


def test_progress_is_shown_behind_the_sample(encode):
    """What is shown are the passages that are left after the time was guessed."""
    seen = []

    def progress(things, what):
        seen.append((what, list(things)))
        return things

    encode(progress=progress)
    assert seen == [("Vectors", list(range(encode_passages._SAMPLE, N_PASSAGES)))]


def test_no_rows_are_no_vectors(encode, parts):
    """Nothing to encode leaves no part."""
    assert encode([]) == []
    assert parts.all() == []


SPREAD = list(range(0, N_PASSAGES, 2))[: encode_passages._SAMPLE]


def test_encoding_that_takes_too_long_keeps_its_sample(encode, encoder, parts, monkeypatch):
    """Passages from all over tell that there is no time; their vectors are used later."""
    clock = iter(range(0, 10_000, 16))  # the sample takes 16 s: one second each
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert encode(within_s=N_PASSAGES - 1) is None
    assert _held(parts) == _keys(SPREAD)
    assert len(encoder.read) == 4 * encode_passages._SAMPLE  # each with its three lines


def test_encoding_that_is_quick_enough_goes_on(encode, monkeypatch):
    """With just enough time all passages are encoded."""
    clock = iter([0, 16, *[17] * N_PASSAGES])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    (made,) = encode(within_s=N_PASSAGES)
    assert sorted(made.keys.tolist()) == sorted(_keys(range(N_PASSAGES)))


def test_encoding_that_takes_longer_than_guessed_ends_in_time(encode, parts, monkeypatch):
    """The passages of the sample may be shorter than the rest; what is encoded is kept."""
    clock = iter([0, 16, *range(36, 1000, 10)])  # each passage behind the sample takes 10 s
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    assert encode(within_s=N_PASSAGES) is None
    assert len(_held(parts)) == encode_passages._SAMPLE + 2


@pytest.mark.parametrize("error", [EncoderUnavailableError("m", "broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("row", [0, 5, 16, 30])
def test_finished_passages_survive_an_error(encode, encoder, parts, monkeypatch, row, error):
    """Whatever ends the encoding, in the sample or behind it, what came before is kept."""
    _fail_at(encoder, monkeypatch, row, error)
    with pytest.raises(type(error)):
        encode()
    assert _held(parts) == _keys(range(row))


def test_interruption_between_two_passages_loses_neither(encode, parts):
    """Ctrl-C comes to the main thread, which waits for the next passage."""

    def interrupted(rows, _):
        for n, row in enumerate(rows):
            if n == 5:
                raise KeyboardInterrupt
            yield row

    with pytest.raises(KeyboardInterrupt):
        encode(progress=interrupted)
    assert _held(parts) == _keys(range(encode_passages._SAMPLE + 5))


def test_parts_are_kept_from_time_to_time_and_joined(encode, parts, monkeypatch):
    """A crash costs little: vectors are on the disk soon; many parts become one."""
    monkeypatch.setattr(encode_passages, "_KEPT_EVERY_S", -1)
    monkeypatch.setattr(encode_passages, "MAX_PARTS", 4)
    counts = []

    def progress(rows, _):
        for row in rows:
            counts.append(sum(len(files) for files in parts.all()))
            yield row

    made = encode(progress=progress)
    assert counts[1:] == list(range(17, N_PASSAGES))
    assert 1 < len(made) <= 4
    assert [key for files in made for key in files.keys.tolist()] == _keys(range(N_PASSAGES))
    assert sorted(_held(parts)) == sorted(_keys(range(N_PASSAGES)))


def test_full_disk_is_an_error_of_the_system(encode, parts, monkeypatch):
    """A part that cannot be written ends the encoding."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(parts, "add", full)
    with pytest.raises(OSError, match="No space left"):
        encode()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="threads have no priority here")
def test_background_has_one_thread_of_the_lowest_priority(encode, encoder, monkeypatch):
    """Answers and other programs come first, and the thread that asked keeps its own priority."""
    threads, original = {}, encoder.encode_passage
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def noting(text):
        native = threading.get_native_id()
        threads[native] = os.getpriority(os.PRIO_PROCESS, native)
        return original(text)

    monkeypatch.setattr(encoder, "encode_passage", noting)
    encode(in_background=True)
    assert list(threads.values()) == [19]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == mine


def test_several_threads_encode_at_once(encode, encoder, monkeypatch):
    """As many passages are read at a time as the process has cores: these wait for each other."""
    monkeypatch.setattr(encode_passages, "n_cores", lambda: 3)
    together, original = threading.Barrier(3), encoder.encode_passage

    def meeting(text):
        if text.startswith(("Of boat 0\n", "Of boat 1\n", "Of boat 2\n")):
            together.wait(20)  # breaks, and ends the encoding with an error, if too few come
        return original(text)

    monkeypatch.setattr(encoder, "encode_passage", meeting)
    assert len(encode()[0]) == N_PASSAGES


# One passage


def test_tokens_of_a_line_are_those_that_begin_in_it(encoder):
    """The line above and each sentence have the tokens of their own words, in order."""
    basis, _ = make_basis(as_encoder(encoder), N_PASSAGES, _text_of, 64)
    passage = _text_of(3)
    encoded = encode_passage(as_encoder(encoder), RECORD, basis, passage)
    assert encoded.line_ends.tolist() == [3, 8, 13]
    starts = [0, *encoded.line_ends[:-1]]
    for (start, end), first, last, vector in zip(
        passage.lines, starts, encoded.line_ends, encoded.lines, strict=True
    ):
        alone = encoder.encode_question(passage.text[start:end])
        assert encoded.pieces[first:last].tolist() == alone.pieces.tolist()
        assert encoded.tokens[first:last].tolist() == basis.to_bytes(alone.tokens).tolist()
        assert vector.tolist() == alone.vector.tolist()


def test_only_sentence_is_not_read_twice(encoder):
    """A passage of one sentence without a line above has the vector of that sentence."""
    passage = PassageText("Eels swam.", ((0, 10),))
    encoded = encode_passage(as_encoder(encoder), RECORD, None, passage)
    assert encoder.read == ["Eels swam."]
    assert encoded.lines.tolist() == [encoded.vector.tolist()]


def test_without_lines_and_tokens_only_the_passage_is_read(encoder):
    """Lines still have their places, so that all files fit together."""
    encoded = encode_passage(as_encoder(encoder), PLAIN, None, _text_of(1))
    assert encoder.read == [_text_of(1).text]
    assert (len(encoded.lines), len(encoded.tokens), len(encoded.pieces)) == (0, 0, 0)
    assert encoded.line_ends.tolist() == [0, 0, 0]


def test_passage_without_sentences_has_no_lines(encoder):
    """Nothing is stacked out of nothing."""
    encoded = encode_passage(as_encoder(encoder), RECORD, None, PassageText("* * *", ()))
    assert (encoded.lines.shape, len(encoded.line_ends)) == ((0, 96), 0)


@pytest.mark.parametrize(("n_passages", "least"), [(1, 1), (40, 40), (1000, 64)])
def test_basis_is_made_of_passages_that_are_spread_over_all(encoder, n_passages, least):
    """Large corpora are sampled from begin to end, small ones are read whole."""
    rows = []

    def text_of(row):
        rows.append(row)
        return _text_of(row)

    basis, n_tokens = make_basis(as_encoder(encoder), n_passages, text_of, 64)
    assert len(rows) == len(set(rows)) >= least
    assert max(rows) >= 0.9 * (n_passages - 1)
    assert n_tokens == min(ENOUGH_TOKENS, 13 * len(rows))
    assert np.isfinite(basis.directions).all()
