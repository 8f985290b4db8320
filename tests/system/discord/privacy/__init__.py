"""Tests of privacy on Discord."""
