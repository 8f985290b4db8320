"""The files of a built index, and its manifest."""
