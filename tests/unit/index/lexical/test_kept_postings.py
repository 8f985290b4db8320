"""An index that is brought up to date is byte for byte one that is built at once."""

import random
import shutil

import pytest

from index import build_index
from index.lexical import inversion
from index.storage.manifest import read_manifest
from tests.unit.index.analysis.languages.texts import TEXTS

NAMES = [f"{folder}/{number}.txt" for folder in "abc" for number in range(6)]
STEMS = "harbour gate storm keep zeta wharf the of".split()
WORDS = [stem + ending for stem in STEMS for ending in ("", "s", "ing", "X", "\u05d0", "\u00e9")]


def _build_folder(index_dir):
    return index_dir / read_manifest(index_dir).build


def _files(index_dir):
    folder = _build_folder(index_dir)
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _text(rng):
    """Return a text of a language, one that is too short to tell, or words without a language."""
    kind = rng.random()
    if kind < 0.3:
        return TEXTS[rng.choice(["en", "es", "fr", "ru"])]
    if kind < 0.5:
        return f"Lowmere {rng.randint(1, 99)}"
    paragraphs = (rng.choices(WORDS, k=rng.randint(1, 30)) for _ in range(rng.randint(1, 4)))
    return "\n\n".join(f"{' '.join(words)}." for words in paragraphs)


def _change(rng, corpus):
    """Write, change and remove some files."""
    for name in rng.sample(NAMES, rng.randint(1, 6)):
        path = corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and rng.random() < 0.4 and len(list(corpus.rglob("*.txt"))) > 1:
            path.unlink()
        else:
            path.write_text(_text(rng), encoding="utf-8")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("has_memory", [True, False])
def test_every_file_is_the_same_whatever_was_copied(tmp_path, monkeypatch, seed, has_memory):
    """Texts come, change, go, and get another language by their neighbours."""
    if not has_memory:  # for one token at a time
        monkeypatch.setattr(inversion, "_BYTES_PER_TOKEN", 2**40)
        monkeypatch.setattr(inversion, "_HELD_PART", 2**40)
    rng = random.Random(seed)
    corpus, grown, fresh = (tmp_path / name for name in ("corpus", "grown", "fresh"))
    for _ in range(6):
        _change(rng, corpus)
        build_index(corpus, grown)
        shutil.rmtree(fresh, ignore_errors=True)
        build_index(corpus, fresh)
        expected = _files(fresh)
        assert _files(grown).keys() == expected.keys()
        assert [name for name, data in _files(grown).items() if data != expected[name]] == []
