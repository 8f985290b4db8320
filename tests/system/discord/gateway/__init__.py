"""Tests of gateway on Discord."""
