"""What the published index says of itself and of the corpus, without a build."""

import pytest

from index import IndexUnusableError, build_index, inspect_index


def test_index_of_these_texts_is_up_to_date(harbour_corpus, harbour_index):
    """Its manifest says what it holds."""
    found = inspect_index(harbour_corpus, harbour_index)
    assert found.is_up_to_date
    assert (found.skipped, found.corpus_problem) == ([], None)
    assert found.manifest is not None
    assert (found.manifest.documents, found.manifest.passages) == (1, 5)


def test_missing_index_is_none_and_is_not_built(harbour_corpus, tmp_path):
    """The folder is not made."""
    found = inspect_index(harbour_corpus, tmp_path / "index")
    assert (found.manifest, found.is_up_to_date, found.corpus_problem) == (None, False, None)
    assert not (tmp_path / "index").exists()


def test_texts_that_are_gone_are_told(harbour_corpus, harbour_index):
    """The index is told nevertheless."""
    (harbour_corpus / "harbour.txt").unlink()
    found = inspect_index(harbour_corpus, harbour_index)
    assert "there is no text in it" in (found.corpus_problem or "")
    assert found.manifest is not None


def test_other_settings_of_reading_make_it_outdated(harbour_corpus, harbour_index):
    """As a build with them would read the texts again."""
    assert not inspect_index(harbour_corpus, harbour_index, max_file_mb=1).is_up_to_date


def test_setting_of_the_current_version_is_compared(harbour_corpus, tmp_path):
    """An index that was built with it is up to date with it, and without it is not."""
    build_index(harbour_corpus, tmp_path / "index", current_version="2.1")
    found = inspect_index(harbour_corpus, tmp_path / "index", current_version="2.1")
    assert found.is_up_to_date
    assert not inspect_index(harbour_corpus, tmp_path / "index").is_up_to_date


def test_skipped_files_are_told_before_and_after_a_build(harbour_corpus, harbour_index):
    """One that cannot be read is known after the build only."""
    (harbour_corpus / "broken.pdf").write_bytes(b"no page")
    build_index(harbour_corpus, harbour_index)
    (skipped,) = inspect_index(harbour_corpus, harbour_index).skipped
    assert skipped.source == "broken.pdf"


def test_damaged_index_is_refused(harbour_corpus, harbour_index):
    """A manifest that was cut off says nothing."""
    (harbour_index / "manifest.json").write_text("{")
    with pytest.raises(IndexUnusableError, match="corrupt"):
        inspect_index(harbour_corpus, harbour_index)
