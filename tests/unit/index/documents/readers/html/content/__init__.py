"""Tests of `index/documents/readers/html/content`."""
