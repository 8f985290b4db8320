"""Tests of `index/documents/readers/pdf`."""
