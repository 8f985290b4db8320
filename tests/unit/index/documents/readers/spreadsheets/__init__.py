"""Tests of `index/documents/readers/spreadsheets`."""
