"""Tests of admin on Discord."""
