"""Tests of `index/vectors`."""
