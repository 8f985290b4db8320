"""Tests of `index/analysis`."""
