"""Tests of questions on Discord."""
