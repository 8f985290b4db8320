"""Buttons below answers: their ids, their places, and the work of each."""
