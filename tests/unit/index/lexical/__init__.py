"""Tests of `index/lexical`."""
