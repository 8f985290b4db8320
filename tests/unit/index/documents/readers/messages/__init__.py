"""Tests of `index/documents/readers/messages`."""
