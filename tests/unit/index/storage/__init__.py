"""Tests of `index/storage`."""
