"""Tests of texts on Discord."""
