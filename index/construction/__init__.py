"""Build an index from a corpus and publish it."""
