"""The table of places says of each passage what the passage itself says."""

import pytest

from index.cluster.documents.passage_places import PassagePlaces, write_places
from index.passages.lookup import FIRST_ROWS_NAME
from index.passages.passage_file import PassageLines
from index.storage.manifest import read_manifest

ATTRIBUTES = "source title section paragraph paragraph_end url language".split()


def test_places_are_those_of_the_passages(harbour_index, tmp_path):
    """They are the same after they were written and opened."""
    folder = harbour_index / read_manifest(harbour_index).build
    write_places(tmp_path, folder)
    (tmp_path / FIRST_ROWS_NAME).write_bytes((folder / FIRST_ROWS_NAME).read_bytes())
    places = PassagePlaces.open(tmp_path)
    passages, _ = PassageLines.open(folder)
    for row, passage in enumerate(passages):
        place = places[row]
        for name in ATTRIBUTES:
            assert getattr(place, name) == getattr(passage, name)
    with pytest.raises(IndexError):
        places[len(passages)]
