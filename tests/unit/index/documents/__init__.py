"""Tests of `index/documents`."""
