"""Tests of teaching on Discord."""
