"""Tests of `index/documents/readers/docx`."""
