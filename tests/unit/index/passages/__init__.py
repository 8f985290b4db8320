"""Tests of `index/passages`."""
