"""Tests of rest on Discord."""
