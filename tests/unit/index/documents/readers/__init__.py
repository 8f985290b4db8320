"""Tests of `index/documents/readers`."""
