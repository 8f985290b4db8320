"""Tests of `index/construction`."""
