"""Tests of `index/documents/readers/markup`."""
